// node scripts/check-dockerfiles.ts: BuildKit's build checks over every Dockerfile, each base named in one way, nothing
// fetched to read a Dockerfile. test/images/dockerfiles.test.ts runs it. A check that cannot fail is worth nothing, so a bad Dockerfile is checked first.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { ensureBases, officialNames } from "./bases/bases.ts";
import { distributions } from "./bases/distributions.ts";
import { docker } from "./engine/docker.ts";
import { type Engine, ensureEngine } from "./engine/engine.ts";
import { root } from "./root.ts";

const BAD_DOCKERFILE = "FROM scratch as bad\nMAINTAINER nobody\nCMD true\n";
const BAD_RULE = "MaintainerDeprecated";

/** Contexts that bake links to other targets. A check only needs some image under each name. */
const LINKED_CONTEXTS = [
	...["files", "init", "notices", "bundle", "recipe"],
	...["lean", "extras", "actors"],
	// What examples are built upon.
	...["org/baseimage-ts:debian", "org/baseimage-ts:init"],
];

export interface CheckReport {
	/** Why the build checks could not be run; the other checks were. */
	readonly skipped?: string;
	readonly files: readonly { readonly file: string; readonly problems: readonly string[] }[];
}

/** Checks all Dockerfiles of the repository. */
export async function checkDockerfiles(engine: Engine): Promise<CheckReport> {
	const { names } = await ensureBases(engine, "auto", [await ownPlatform(engine)]);
	const image = names.debian;
	const works = await checksWork(engine);
	const official = await officialNames(engine);
	const { stdout } = await execa("git", ["ls-files", "*Dockerfile"], { cwd: root });
	const files = await Promise.all(
		stdout.split("\n").map(async (file) => {
			const text = await readFile(join(root, file), "utf8");
			const distribution = distributions.find((name) => file === `images/${name}/Dockerfile`);
			const base = distribution === undefined ? undefined : official[distribution];
			const warnings = works ? await warningsOf(engine, join(root, dirname(file)), image) : [];
			return { file, problems: [...textProblems(text, base), ...warnings] };
		}),
	);
	if (works) return { files };
	const version = await docker(engine, "buildx", "version");
	return { skipped: `${version} finds nothing wrong with a bad Dockerfile`, files };
}

async function checksWork(engine: Engine): Promise<boolean> {
	const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-check-"));
	try {
		await writeFile(join(folder, "Dockerfile"), BAD_DOCKERFILE);
		const warnings = await warningsOf(engine, folder, "scratch");
		return warnings.some((warning) => warning.includes(BAD_RULE));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** What BuildKit's checks say of the Dockerfile in the folder, where `image` stands for every base and context. */
export async function warningsOf(engine: Engine, folder: string, image: string): Promise<string[]> {
	const contexts = LINKED_CONTEXTS.map((name) => `--build-context=${name}=docker-image://${image}`);
	const bases = [`--build-arg=BASE=${image}`, `--build-arg=BUILD_BASE=${image}`];
	const { exitCode, all } = await execa(
		engine.dockerPath,
		["buildx", "build", "--check", "--progress=quiet", ...contexts, ...bases, folder],
		{ env: { ...engine.env, BUILDX_BUILDER: "default" }, reject: false, all: true },
	);
	return exitCode === 0 ? [] : [all];
}

/** What its text alone shows; `base` is what docker-bake.hcl names for it, if it does. */
export function textProblems(text: string, base: string | undefined): string[] {
	return [...syntaxLine(text), ...baseMismatch(text, base)];
}

function syntaxLine(text: string): string[] {
	return /^#\s*syntax\s*=/m.test(text)
		? ["has a syntax line: every build would fetch a frontend from a registry; remove it"]
		: [];
}

function baseMismatch(text: string, base: string | undefined): string[] {
	const named = /^ARG BASE=(.*)$/m.exec(text)?.[1];
	if (base === undefined || named === base) return [];
	return [`names the base ${named}, docker-bake.hcl names ${base}; make them equal`];
}

async function ownPlatform(engine: Engine): Promise<string> {
	return docker(engine, "version", "--format", "{{.Server.Os}}/{{.Server.Arch}}");
}

if (import.meta.main) {
	try {
		const { skipped, files } = await checkDockerfiles(await ensureEngine());
		if (skipped === undefined) console.log("ok      a bad Dockerfile fails the checks");
		for (const { file, problems } of files) {
			console.log(`${problems.length === 0 ? "ok     " : "PROBLEM"} ${file}`);
			for (const problem of problems) console.log(problem);
		}
		if (skipped !== undefined) console.log(`skipped: BuildKit's checks: ${skipped}`);
		if (files.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
	} catch (error) {
		console.error(`check-dockerfiles: error: ${error instanceof Error ? error.message : error}`);
		process.exitCode = 1;
	}
}
