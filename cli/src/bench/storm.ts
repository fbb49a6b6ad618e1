// A storm of orphans: processes whose parent has ended, so that PID 1 is to wait for them.
import process from "node:process";
import type { Container } from "dockerode";
import { pack } from "tar-stream";
import { binaryFor } from "../binaries.ts";
import { tableAfterEnd } from "../demo/steps.ts";
import { statusCodeOf } from "../engine/answer.ts";
import { errnoOf } from "../failure.ts";
import { hostTable, type ProcessReader } from "../processes/reader.ts";
import { isZombie, type ProcessEntry } from "../processes/table.ts";
import { grouped } from "../terminal/figures.ts";
import { until } from "../waiting.ts";
import type { Run } from "./result.ts";

/**
 * As the demo's batch: its children hold its stdin, and end when that does. The first shell waits for that too, since
 * Podman closes the stdin of what it has started as soon as that ends.
 */
const BATCH = `exec 3<&0
(
	count=0
	while [ "$count" -lt "$1" ]; do
		read -r _ <&3 &
		count=$((count + 1))
	done
)
read -r _ <&3`;

/** Without a shell each orphan takes a request of its own. */
const MOST_WITHOUT_SHELL = 10;
const POLL_MS = 100;
const LIMIT_MS = 30_000;

/** Makes orphans in a running container, has them end, and counts. */
export async function storm(
	container: Container,
	processes: ProcessReader,
	orphans: number,
	platform: string,
	signal: AbortSignal,
): Promise<Run["storm"]> {
	if (await hasShell(container)) return await stormOfShell(container, processes, orphans, signal);
	if (processes.source !== "the host's /proc") {
		return { unmeasured: "the image has no shell, and the engine is on another machine" };
	}
	try {
		const count = Math.min(orphans, MOST_WITHOUT_SHELL);
		return await stormOfBinary(container, processes, count, platform, signal);
	} catch (thrown) {
		if (errnoOf(thrown) !== "EPERM") throw thrown;
		return { unmeasured: "the image has no shell, and it takes root to do without" };
	}
}

export async function hasShell(container: Container): Promise<boolean> {
	try {
		const answer = await container.infoArchive({ path: "/bin/sh" });
		answer.resume();
		return true;
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404) return false;
		throw thrown;
	}
}

async function stormOfShell(
	container: Container,
	processes: ProcessReader,
	orphans: number,
	signal: AbortSignal,
): Promise<Run["storm"]> {
	const before = new Set((await processes.read()).map(({ pid }) => pid));
	const batch = await container.exec({
		Cmd: ["/bin/sh", "-c", BATCH, "sh", String(orphans)],
		User: "0",
		AttachStdin: true,
		AttachStdout: true,
	});
	const held = await batch.start({ hijack: true, stdin: true });
	held.resume();
	held.on("error", () => undefined);
	try {
		const isNew = ({ pid, parentPid }: ProcessEntry) =>
			!before.has(pid) && parentPid === processes.rootPid;
		const adopted = await seenAlive(() => processes.read(), isNew, orphans, signal);
		held.end();
		return await countZombies(processes, adopted, signal);
	} finally {
		held.destroy();
	}
}

/** The proof that there is something to reap. */
async function seenAlive(
	read: () => Promise<ProcessEntry[]>,
	isOrphan: (entry: ProcessEntry) => boolean,
	expected: number,
	signal: AbortSignal,
): Promise<ReadonlySet<number>> {
	let seen = 0;
	return await until(
		async () => {
			const found = (await read()).filter((entry) => isOrphan(entry) && !isZombie(entry));
			seen = found.length;
			return seen === expected ? new Set(found.map(({ pid }) => pid)) : undefined;
		},
		{
			everyMs: POLL_MS,
			limitMs: LIMIT_MS,
			signal,
			describe: () =>
				`${grouped(expected)} orphans and saw ${grouped(seen)}; does a limit of processes (ulimit, pids) stop them? See --orphans`,
		},
	);
}

async function countZombies(
	processes: ProcessReader,
	orphans: ReadonlySet<number>,
	signal: AbortSignal,
): Promise<Run["storm"]> {
	const table = await tableAfterEnd(processes, orphans, signal);
	const zombies = table.filter((entry) => orphans.has(entry.pid) && isZombie(entry)).length;
	return { orphans: orphans.size, zombies };
}

const BINARY = "baseimage-bench-orphan";

/**
 * The init's own binary makes orphans where there is no shell: as one that waits, under one that is killed. Both are known by
 * their numbers on this machine.
 */
async function stormOfBinary(
	container: Container,
	processes: ProcessReader,
	orphans: number,
	platform: string,
	signal: AbortSignal,
): Promise<Run["storm"]> {
	await putBinary(container, platform);
	const parents = await Promise.all(
		Array.from({ length: orphans }, () => startPair(container, signal)),
	);
	// What is brought in from outside is no descendant of PID 1 before its parent has ended.
	const children = await seenAlive(
		hostTable,
		({ parentPid }) => parents.includes(parentPid),
		orphans,
		signal,
	);
	for (const pid of parents) process.kill(pid, "SIGKILL");
	await seenAlive(
		() => processes.read(),
		({ pid, parentPid }) => children.has(pid) && parentPid === processes.rootPid,
		orphans,
		signal,
	);
	for (const pid of children) process.kill(pid, "SIGTERM");
	return await countZombies(processes, children, signal);
}

async function putBinary(container: Container, platform: string): Promise<void> {
	const [os = "", architecture = ""] = platform.split("/");
	const binary = await binaryFor({ os, architecture });
	const archive = pack();
	archive.entry({ name: BINARY, mode: 0o755 }, binary);
	archive.finalize();
	const chunks: Uint8Array[] = [];
	for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
	await container.putArchive(Buffer.concat(chunks), { path: "/" });
}

async function startPair(container: Container, signal: AbortSignal): Promise<number> {
	const path = `/${BINARY}`;
	const pair = await container.exec({
		Cmd: [path, "as", "tini", "--", path, "as", "pause"],
		User: "0",
	});
	// Its answer has nothing in it, but holds its connection until it is read.
	(await pair.start({ Detach: true })).resume();
	return await until(
		async () => {
			const { Pid } = await pair.inspect();
			return Pid > 0 ? Pid : undefined;
		},
		{ everyMs: POLL_MS, limitMs: LIMIT_MS, signal, describe: () => "a process to start" },
	);
}
