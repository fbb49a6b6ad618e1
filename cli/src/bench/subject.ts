// One container from its start to its end, measured.
import { readFile } from "node:fs/promises";
import type { Container, ContainerCreateOptions } from "dockerode";
import type { Engine } from "../engine/connect.ts";
import { execute, withContainer } from "../engine/container.ts";
import type { Image } from "../engine/image.ts";
import { type ProcessReader, readerFor } from "../processes/reader.ts";
import { grouped } from "../terminal/figures.ts";
import { abandonOn } from "../waiting.ts";
import { startAndWait, whileRunning } from "./readiness.ts";
import type { Run } from "./result.ts";
import { hasShell, storm } from "./storm.ts";

/** What is done with every image. */
export interface Scenario {
	/** In place of the images' own commands. */
	command: string[] | undefined;
	/** Ready when somebody answers there; undefined: at the first byte on stdout. */
	port: number | undefined;
	orphans: number;
}

export interface Observed extends Run {
	pid1: string;
}

/** Called with a phrase at every step, for a progress display. */
export type Report = (step: string) => void;

/** What `docker stop` gives by default. Always said: Podman's API takes a missing one for 0. */
const STOP_GRACE_S = 10;

/** Runs one container of the image and measures it. It is gone afterwards. */
export async function measure(
	engine: Engine,
	image: Image,
	scenario: Scenario,
	signal: AbortSignal,
	report: Report,
): Promise<Observed> {
	return await withContainer(engine, "bench", optionsFor(image, scenario), async (container) => {
		signal.throwIfAborted();
		report("starting");
		const startMs = await startAndWait(engine, container, scenario.port, signal);
		const { rssKiB, seen, pid1 } = await whileRunning(container, signal, async (within) => {
			const processes = await readerFor(engine, container);
			const canRead = processes.source === "the host's /proc" || (await hasShell(container));
			const rssKiB = canRead ? await rssOfPid1(container, processes) : undefined;

			report(`a storm of ${grouped(scenario.orphans)} orphans`);
			const seen = await storm(container, processes, scenario.orphans, image.platform, within);
			const pid1 = canRead ? await nameOfPid1(processes) : "?";
			return { rssKiB, seen, pid1 };
		});

		report("stopping");
		const begin = performance.now();
		await abandonOn(signal, container.stop({ t: STOP_GRACE_S }));
		const stopMs = performance.now() - begin;
		const { State } = await container.inspect();
		return {
			pid1,
			startMs,
			stopMs,
			exitCode: State.ExitCode,
			...(rssKiB !== undefined && { rssKiB }),
			storm: seen,
		};
	});
}

function optionsFor(image: Image, { command, port }: Scenario): ContainerCreateOptions {
	return {
		Image: image.reference,
		...(command !== undefined && { Cmd: command }),
		...(port !== undefined && { ExposedPorts: { [`${port}/tcp`]: {} } }),
		HostConfig: {
			// Always said: an engine may be set up to put its own init in front of everything.
			Init: false,
			...(port === undefined
				? { NetworkMode: "none" }
				: { PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "" }] } }),
		},
	};
}

async function rssOfPid1(
	container: Container,
	processes: ProcessReader,
): Promise<number | undefined> {
	const status =
		processes.source === "the host's /proc"
			? await readFile(`/proc/${processes.rootPid}/status`, "latin1").catch(() => "")
			: await execute(container, ["/bin/sh", "-c", PRINT_STATUS]);
	const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
	return kib === undefined ? undefined : Number(kib);
}

const PRINT_STATUS = 'while read -r line; do printf "%s\\n" "$line"; done </proc/1/status';

async function nameOfPid1(processes: ProcessReader): Promise<string> {
	const table = await processes.read();
	return table.find(({ pid }) => pid === processes.rootPid)?.name ?? "?";
}
