// Definitions of a supervisor in two containers: under that supervisor itself, and imported under our init.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Container } from "dockerode";
import { vi } from "vitest";
import { outputOf } from "../../../cli/src/engine/answer.ts";
import type { Engine } from "../../../cli/src/engine/connect.ts";
import { execute, withContainer } from "../../../cli/src/engine/container.ts";
import type { Report } from "../../../cli/src/import/report.ts";

const MAIN = join(import.meta.dirname, "..", "..", "..", "cli", "src", "main.ts");
export const VERB = "test-import";
const POLL = { timeout: 90_000, interval: 100 };

/** Says who it is, in one line, and how it is told to end. Its first start may end with a code. */
const ACTOR = `#!/bin/sh
name=$1
code=\${2-}
umask=$(umask)
umask 0
mkdir -p -m 1777 /tmp/starts
echo "$$" >>"/tmp/starts/$name"
starts=$(wc -l <"/tmp/starts/$name")
echo "$name start $starts: uid=$(id -u) gid=$(id -g) cwd=$(pwd) umask=$umask HOME=\${HOME-} A=\${A-} B=\${B-} arguments=$*"
echo "$name to stderr" >&2
[ -z "$code" ] || [ "$starts" -gt 1 ] || exit "$code"
told=
for signal in TERM QUIT INT HUP USR1; do
	trap "echo '$name got $signal'; told=yes" "$signal"
done
echo "$name ready"
while [ -z "$told" ]; do
	sleep 1000 &
	wait "$!"
done
kill "$!"
echo "$name ends"
`;

/** Files by path; those that begin with #! can be run. */
export type FileTexts = Readonly<Record<string, string>>;

/** A folder with these files and the actor; it goes with `using`. */
export function folderOf(files: FileTexts): Disposable & { path: string } {
	const path = mkdtempSync(join(tmpdir(), "baseimage-import-"));
	for (const [name, text] of Object.entries({ ...files, "opt/actor": ACTOR })) {
		const file = join(path, name);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
		chmodSync(file, text.startsWith("#!") ? 0o755 : 0o644);
	}
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** `baseimage import SOURCE -o FOLDER --json` */
export function importFrom(
	source: string,
	folder: string,
	env: NodeJS.ProcessEnv,
): { status: number | null; stderr: string; report: Report } {
	const args = [MAIN, "import", source, "-o", folder, "--json"];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, {
		env,
		encoding: "utf8",
		timeout: 60_000,
	});
	return { status, stderr, report: JSON.parse(stdout) };
}

/** What a container's processes have said, by the end of it. */
export interface Seen {
	/** The lines of starts, sorted: which processes, and as whom. */
	starts: string[];
	/** Which signals came to whom, sorted. */
	signals: string[];
	/** Who ended of its own accord, in this order. */
	ends: string[];
	stderr: string[];
	output: string;
}

/**
 * Runs an image with the folders' files until each of the names is ready (or a line that is named is there), kills what `kill`
 * names once, waits for its second start, and stops the container.
 */
export async function runImage(
	engine: Engine,
	image: { reference: string; entrypoint: string[]; workingDirectory?: string },
	folders: readonly string[],
	{ ready, kill }: { ready: readonly string[]; kill?: string },
): Promise<Seen> {
	const options = {
		Image: image.reference,
		Entrypoint: image.entrypoint,
		Cmd: [],
		WorkingDir: image.workingDirectory ?? "/",
		Env: ["A=from-the-container"],
		HostConfig: { NetworkMode: "none", Init: false },
	};
	return await withContainer(engine, VERB, options, async (container) => {
		for (const folder of folders) await copyInto(container, folder);
		await container.start();
		const waitFor = async (line: string, times = 1) => {
			const isThere = async () =>
				(await linesOf(container)).filter((found) => found === line).length === times;
			try {
				await vi.waitUntil(isThere, POLL);
			} catch (cause) {
				const said = (await seenIn(container)).output;
				throw new Error(`waited for "${line}" of ${image.entrypoint.join(" ")}:\n${said}`, {
					cause,
				});
			}
		};
		for (const line of ready) await waitFor(line);
		if (kill !== undefined) {
			await execute(container, ["sh", "-c", `kill -KILL "$(tail -n 1 /tmp/starts/${kill})"`]);
			await waitFor(`${kill} ready`, 2);
		}
		await container.stop({ t: 10 });
		return await seenIn(container);
	});
}

async function copyInto(container: Container, folder: string): Promise<void> {
	const names = execFileSync("ls", ["-A", folder], { encoding: "utf8" })
		.split("\n")
		.filter(Boolean);
	const archive = execFileSync("tar", [
		"-C",
		folder,
		"--owner=0",
		"--group=0",
		"-cf",
		"-",
		...names,
	]);
	await container.putArchive(archive, { path: "/" });
}

/** Makes an image of one with a folder's files. */
export async function commit(
	engine: Engine,
	image: string,
	folder: string,
	config: object,
	tag: string,
): Promise<void> {
	await withContainer(engine, VERB, { Image: image, Cmd: ["none"] }, async (container) => {
		await copyInto(container, folder);
		const [repo, name] = tag.split(/:(?=[^:]*$)/);
		await container.commit({ repo, tag: name, ...config });
	});
}

async function logsOf(container: Container, stream: number): Promise<string[]> {
	const logs = await container.logs({ stdout: true, stderr: true });
	return outputOf(logs, [stream]).split("\n").filter(Boolean);
}

async function linesOf(container: Container): Promise<string[]> {
	return await logsOf(container, 1);
}

async function seenIn(container: Container): Promise<Seen> {
	const lines = await linesOf(container);
	const stderr = await logsOf(container, 2);
	return {
		starts: lines.filter((line) => / start \d/.test(line)).sort(),
		signals: lines.filter((line) => / got [A-Z]/.test(line)).sort(),
		ends: lines.filter((line) => / ends$/.test(line)),
		stderr: stderr.filter((line) => / to stderr$/.test(line)).sort(),
		output: [...lines, ...stderr].join("\n"),
	};
}
