// Every image for every platform, run as users run it: natively, or under an emulator, which the names of the tests say.
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { BINARIES, LAYOUTS } from "../../scripts/release/build.ts";
import { readLayout } from "../../scripts/release/layout.ts";
import { RAN, type Ran } from "../../scripts/release/platforms-page.ts";
import { context, docker, isSigned } from "./support.ts";

const DAEMONS = 20;
/** Ends with 0 where no process is a zombie, else with their number. */
const NO_ZOMBIES = `n=0
	for stat in /proc/[0-9]*/stat; do
		read -r line < "$stat" || continue
		case \${line##*) } in Z*) n=$((n + 1)) ;; esac
	done
	exit $n`;
/** Starts daemons, whose parent ends at once, and waits until they have ended. */
const LEAVE_ORPHANS = `i=0; while [ $i -lt ${DAEMONS} ]; do (sleep 0.05 &); i=$((i + 1)); done; sleep 0.5`;
/** Names of other programs that the binary answers to, and how each says so. */
const NAMES = [
	["tini", "--version", /^tini version/],
	["dumb-init", "--version", /^dumb-init v/],
] as const;

const runs = context.images
	.filter(({ name }) => name !== "extras")
	.flatMap(({ name, digest, platforms }) =>
		platforms.map(({ platform }) => ({
			name,
			platform,
			image: `${context.repository}@${digest}`,
			how: context.emulated.includes(platform) ? "emulated" : "native",
			isAlone: name === "init",
		})),
	);

test("the count of zombies finds those that a PID 1 of another kind leaves", async () => {
	const image =
		runs.find(({ name, how }) => name === "debian" && how === "native")?.image ?? "none";
	const options = ["--detach", "--network=none", "--entrypoint", "sleep"];
	const { stdout: id } = await docker(["run", ...options, image, "300"]);
	try {
		const inside = (script: string) => docker(["exec", id, "sh", "-c", script]);
		await inside(LEAVE_ORPHANS);
		expect((await inside(NO_ZOMBIES)).exitCode).toBe(DAEMONS);
	} finally {
		await docker(["rm", "--force", id]);
	}
});

const passed = new Set<string>();

/** For docs/platforms.md: what was run, and how. */
afterAll(async () => {
	const rows: Ran[] = [];
	for (const { name, platforms } of context.images) {
		const layout = await readLayout(join(LAYOUTS, name));
		for (const { platform, digest } of platforms) {
			if (name !== "extras" && !passed.has(`${name} ${platform}`)) continue;
			const image = layout.platforms.find((candidate) => candidate.digest === digest);
			const binary = join(BINARIES, platform.replaceAll("/", "_"), "my_init");
			rows.push({
				...{ image: name, platform, standin: context.standin },
				how: context.emulated.includes(platform) ? "emulated" : "native",
				bytes: image?.layerBytes.reduce((sum, bytes) => sum + bytes, 0) ?? 0,
				binaryBytes: (await stat(binary)).size,
				signed: await isSigned(digest),
			});
		}
	}
	await writeFile(RAN, JSON.stringify(rows, undefined, "\t"));
});

describe.for(runs)("$name for $platform ($how)", ({ name, platform, image, isAlone }) => {
	const run = (options: readonly string[], ...command: string[]) =>
		docker([
			"run",
			"--rm",
			"--network=none",
			"--platform",
			platform,
			...options,
			image,
			...command,
		]);

	test("says its version, and is what the other names ask for", async () => {
		const init = isAlone ? "/my_init" : "/sbin/my_init";
		const { exitCode, stdout } = await run(["--entrypoint", init], "--version");
		expect(stdout).toMatch(/^my_init version \d+\.\d+\.\d+/);
		expect(exitCode).toBe(0);
		for (const [other, option, expected] of NAMES) {
			const path = isAlone ? `/${other}` : `/usr/bin/${other}`;
			expect((await run(["--entrypoint", path], option)).all).toMatch(expected);
		}
		if (isAlone) passed.add(`${name} ${platform}`);
	});

	test("has the command's exit code, and no zombie of what it leaves", async ({ skip }) => {
		skip(isAlone, "the image has no program beside the init");
		const reaped = await run([], "sh", "-c", `${LEAVE_ORPHANS}; ${NO_ZOMBIES}`);
		// The services of full images write to the log.
		if (!name.endsWith("-full")) expect(reaped.all).toBe("");
		expect(reaped.exitCode, reaped.all).toBe(0);
		expect((await run([], "sh", "-c", "exit 42")).exitCode).toBe(42);
		expect((await run([], "/no/such/program")).exitCode).toBe(127);
	});

	test("tells the command of a stop, and ends with what it makes of it", async ({ skip }) => {
		skip(isAlone, "the image has no program beside the init");
		const script = 'trap "echo stopping; exit 5" TERM; kill -TERM 1; while :; do sleep 0.05; done';
		const { exitCode, stdout } = await run([], "sh", "-c", script);
		expect(stdout.split("\n").filter((line) => !line.startsWith("cron["))).toEqual(["stopping"]);
		expect(exitCode).toBe(5);
		passed.add(`${name} ${platform}`);
	});
});
