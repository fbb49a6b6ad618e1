// The steps of one container's run. Each waits for what the next one rests on, within a limit.
import type { Container } from "dockerode";
import { outputOf } from "../engine/answer.ts";
import { readFileInside } from "../engine/container.ts";
import type { Image } from "../engine/image.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import type { ProcessReader } from "../processes/reader.ts";
import { isZombie, type ProcessEntry } from "../processes/table.ts";
import { grouped } from "../terminal/figures.ts";
import { pause, until } from "../waiting.ts";
import { HOME, ORPHAN_NAME } from "./application.ts";

const READY_LIMIT_MS = 60_000;
const END_LIMIT_MS = 20_000;
const POLL_MS = 200;
/** What PID 1 gets to wait for the last of them before the zombies are counted. */
const GRACE_MS = 1_000;

/** Starts the container; throws a Failure that names the image. */
export async function startApplication(container: Container, image: Image): Promise<void> {
	try {
		await container.start();
	} catch (cause) {
		const what = `starting the application on ${image.reference} (${image.platform})`;
		throw new Failure(
			ExitCode.system,
			`${what}: ${messageOf(cause)}`,
			"The image must have a POSIX shell as /bin/sh and be made for the engine's processor.",
			{ cause },
		);
	}
}

/** The application never ends by itself: when it did, its last words tell why. */
async function assertRunning(container: Container): Promise<void> {
	const { State, Config } = await container.inspect();
	if (State.Running) return;
	const logs = await container.logs({ stdout: true, stderr: true, tail: 5 });
	throw new Failure(
		ExitCode.system,
		`the application on ${Config.Image} ended early with exit code ${State.ExitCode}: ${outputOf(logs).trim() || "it wrote nothing"}`,
	);
}

/** The proof that there is something to reap: so many distinct processes, adopted by PID 1, alive. */
export async function orphansAlive(
	container: Container,
	processes: ProcessReader,
	expected: number,
	signal: AbortSignal,
): Promise<ReadonlySet<number>> {
	let seen = 0;
	const alive = (entry: ProcessEntry) =>
		entry.name === ORPHAN_NAME && entry.parentPid === processes.rootPid && !isZombie(entry);
	return await until(
		async () => {
			await assertRunning(container);
			const pids = (await processes.read()).filter(alive).map(({ pid }) => pid);
			seen = pids.length;
			return seen === expected ? new Set(pids) : undefined;
		},
		{
			everyMs: POLL_MS,
			limitMs: READY_LIMIT_MS,
			signal,
			describe: () =>
				`${grouped(expected)} orphans and saw ${grouped(seen)}; does a limit of processes (ulimit, pids) stop the application?`,
		},
	);
}

/** Its handler is in place, and its half of the file is written. */
export async function serverReady(container: Container, signal: AbortSignal): Promise<void> {
	await until(() => readFileInside(container, `${HOME}/server.ready`), {
		everyMs: POLL_MS,
		limitMs: END_LIMIT_MS,
		signal,
		describe: () => "the server to be ready",
	});
}

/** The process table when all orphans have ended and PID 1 has had time to wait for them. */
export async function tableAfterEnd(
	processes: ProcessReader,
	orphans: ReadonlySet<number>,
	signal: AbortSignal,
): Promise<ProcessEntry[]> {
	let alive = 0;
	await until(
		async () => {
			const table = await processes.read();
			alive = table.filter((entry) => orphans.has(entry.pid) && !isZombie(entry)).length;
			return alive === 0 ? table : undefined;
		},
		{
			everyMs: POLL_MS,
			limitMs: END_LIMIT_MS,
			signal,
			describe: () => `the orphans to end; ${grouped(alive)} are still alive`,
		},
	);
	await pause(GRACE_MS, signal);
	return await processes.read();
}
