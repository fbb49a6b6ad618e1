// Records what `doctor` finds in the zoo before and after `graft`, and a session: test/cli/zoo/recorded.json, for docs/doctor.md,
// and brief.console, for README.
//
//   node scripts/doctor-zoo.ts      then npm run docs
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { baseimage, buildZoo, imageOf, tryImage, ZOO } from "./doctor/zoo.ts";
import { ensureEngine } from "./engine/engine.ts";
import { root } from "./root.ts";

const FOLDER = join(root, "test", "cli", "zoo");
const RESULT = join(FOLDER, "recorded.json");
const BRIEF = join(FOLDER, "brief.console");
/** What the session is about, under a name as users have them. */
const SESSION_IMAGE = "shop";

const engine = await ensureEngine();
const env = { ...process.env, ...engine.env };
await buildZoo(engine, true);
const rows = [];
for (const animal of ZOO) {
	const image = imageOf(animal);
	const before = await tryImage(env, image, animal.file);
	const grafted = await baseimage(env, "graft", image);
	if (grafted.exitCode !== 0) throw new Error(grafted.stderr);
	const after = await tryImage(env, `${image}-my_init`, animal.file);
	await engineRemove(`${image}-my_init`);
	rows.push({ name: animal.name, before, after });
	console.error(
		`${animal.name}: ${before.broken.length} broken before, ${after.broken.length} after`,
	);
}
await writeFile(RESULT, `${JSON.stringify({ rows, session: await session() }, undefined, "\t")}\n`);
await writeFile(BRIEF, `${(await session("--brief")).join("\n")}\n`);
console.error(`wrote ${RESULT} and ${BRIEF}`);
if (engine.startedHere) await engine.stop();

async function session(...options: readonly string[]): Promise<string[]> {
	const { docker } = await import("./engine/docker.ts");
	await docker(engine, "tag", "localhost/baseimage-ts/zoo:python-script", `${SESSION_IMAGE}:1`);
	const lines: string[] = [];
	const doctor = ["doctor", "--run", ...options, "--file", "/tmp/records=end"];
	for (const args of [
		[...doctor, `${SESSION_IMAGE}:1`],
		["graft", `${SESSION_IMAGE}:1`],
		[...doctor, `${SESSION_IMAGE}:1-my_init`],
	]) {
		const { stdout } = await baseimage(env, ...args);
		lines.push(
			`$ baseimage ${args.join(" ")}`,
			...stdout
				.trimEnd()
				.split("\n")
				.map((line) => line.trimEnd()),
			"",
		);
	}
	await engineRemove(`${SESSION_IMAGE}:1-my_init`);
	await engineRemove(`${SESSION_IMAGE}:1`);
	return lines.slice(0, -1);
}

async function engineRemove(image: string): Promise<void> {
	const { docker } = await import("./engine/docker.ts");
	await docker(engine, "rmi", image);
}
