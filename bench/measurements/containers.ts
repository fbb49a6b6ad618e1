/** What an init costs a container: through the engine, from outside. */
import { once } from "node:events";
import type { ContainerCreateOptions } from "dockerode";
import { collect } from "../../cli/src/engine/answer.ts";
import { withContainer } from "../../cli/src/engine/container.ts";
import type { BuiltImage } from "../../scripts/build-images.ts";
import { askEngine, baseTitle, findStage, imageIn, type Stage, VERB } from "../engine/engine.ts";
import { nameOfDockerInit, wayOf } from "../engine/ways.ts";
import { Unmeasurable } from "../native/launcher.ts";
import type { Measurement, RowHead } from "./measurement.ts";
import { interleave, rowOf } from "./rounds.ts";

const ROUNDS = 15;
const QUICK_ROUNDS = 2;
/** What the engine gives before it kills, in seconds; more than any of them needs. */
const STOP_LIMIT_S = 10;
const READY_LIMIT_MS = 30_000;
/** The smallest image that has a shell. */
const VARIANT = "alpine";
const TRUE = ["/bin/true"];
/** No child of its own, so that there is nothing to stop besides it. */
const OBEYS_TERM = ["/bin/sh", "-c", "trap 'exit 0' TERM; echo ready; read -r line"];

export const containers: Measurement = {
	name: "containers",
	title: "Containers, as the engine sees them",
	method:
		"One image, three ways: its own ENTRYPOINT, which is the init that it was built with; the engine's own init (docker run --init), in the column of the init that it says to be, whatever that column's file is; and the command as PID 1 itself, in the column floor. The clock of a run goes over the engine's API from the request to create the container to the answer that its command has ended; that of a stop from the request to the answer, with a shell that obeys TERM at once. No network, no log; removing is not counted. One turn for each in each round, in rotating order (15 rounds, quick: 2).",
	async measure({ inits, quick, progress }) {
		const found = await findSubject();
		const dockerInit =
			found instanceof Unmeasurable
				? ""
				: await nameOfDockerInit(found.stage, found.image).catch(() => "");
		const columns = { own: inits.find(({ role }) => role === "ours"), dockerInit };
		const rounds = quick ? QUICK_ROUNDS : ROUNDS;
		const turns = await interleave(inits, rounds, async (init, round) => {
			if (found instanceof Unmeasurable) throw found;
			const way = wayOf(found.image, columns, init);
			progress(`round ${round + 1}, ${init.name}`);
			return await askEngine(async () => ({
				runNs: await timeRun(found.stage, way),
				stopNs: await timeStop(found.stage, way),
			}));
		});
		const where = [
			found instanceof Unmeasurable ? VARIANT : baseTitle(found.image),
			...(dockerInit === "" ? [] : [`${dockerInit}: --init`]),
			"floor: no init",
		].join("; ");
		return [
			rowOf(runHead(where), turns, ({ runNs }) => runNs),
			rowOf(stopHead(where), turns, ({ stopNs }) => stopNs),
		];
	},
};

const SHARED = { unit: "ns", better: "less", headline: false } as const;

function runHead(where: string): RowHead {
	return {
		...SHARED,
		id: "containers.run",
		title: `docker run of a true, ${where}`,
		whenBehind:
			"unknown: by itself ours starts sooner, and the engine takes hundreds of times as long as either, so this needs a look",
	};
}

function stopHead(where: string): RowHead {
	return {
		...SHARED,
		id: "containers.stop",
		title: `docker stop of a command that obeys, ${where}`,
		whenBehind: "it ends with its child, where ours makes sure first that nobody else is left",
	};
}

interface Subject {
	readonly stage: Stage;
	readonly image: BuiltImage;
}

async function findSubject(): Promise<Subject | Unmeasurable> {
	const stage = await findStage();
	if (stage instanceof Unmeasurable) return stage;
	try {
		return { stage, image: await imageIn(stage, VARIANT) };
	} catch (error) {
		if (error instanceof Unmeasurable) return error;
		throw error;
	}
}

async function timeRun({ engine }: Stage, way: ContainerCreateOptions): Promise<number> {
	const startMs = performance.now();
	return await withContainer(engine, VERB, { ...way, Cmd: TRUE }, async (container) => {
		await container.start();
		const ended: unknown = await container.wait();
		const endMs = performance.now();
		demandCode0(ended);
		return (endMs - startMs) * 1e6;
	});
}

async function timeStop({ engine }: Stage, way: ContainerCreateOptions): Promise<number> {
	return await withContainer(engine, VERB, { ...way, Cmd: OBEYS_TERM }, async (container) => {
		const output = await container.attach({ stream: true, stdout: true });
		const ready = once(output, "data", { signal: AbortSignal.timeout(READY_LIMIT_MS) });
		await container.start();
		await ready.catch(() => {
			throw new Unmeasurable("its command does not begin");
		});
		const startMs = performance.now();
		await container.stop({ t: STOP_LIMIT_S });
		const endMs = performance.now();
		demandCode0(await container.wait());
		await collect(output);
		return (endMs - startMs) * 1e6;
	});
}

/** @throws {Unmeasurable} when the command was killed, or failed. */
function demandCode0(ended: unknown): void {
	const hasCode = typeof ended === "object" && ended !== null && "StatusCode" in ended;
	const code = hasCode ? ended.StatusCode : "no code";
	if (code !== 0) throw new Unmeasurable(`its container ended with ${code}`);
}
