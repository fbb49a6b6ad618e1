// The zoo: images of Debian's packages, started as they are in the wild, each examined, grafted and examined again.
import { join } from "node:path";
import { execa } from "execa";
import { field, listAt, textAt } from "../../cli/src/json.ts";
import { readBuiltImages } from "../built-images.ts";
import type { Engine } from "../engine/engine.ts";
import { root } from "../root.ts";

const REPOSITORY = "localhost/baseimage-ts/zoo";
const MAIN = join(root, "cli", "src", "main.ts");
const BAKE_FILES = [
	"docker-bake.hcl",
	"test/images/docker-bake.hcl",
	"test/cli/zoo/docker-bake.hcl",
];
const RUN_LIMIT_MS = 120_000;

export interface Animal {
	readonly name: string;
	/** How it is started, for the page. */
	readonly says: string;
	/** What it writes when it is stopped, and its last line. */
	readonly file?: string;
	/** Takes long to build: with LONG=1 alone. */
	readonly isLong?: true;
}

const RECORDS = "/tmp/records=end";

export const ZOO: readonly Animal[] = [
	{ name: "nginx", says: '`CMD ["nginx", "-g", "daemon off;"]`' },
	{ name: "redis", says: '`CMD ["redis-server"]`, a health check in shell form' },
	{ name: "postgres", says: '`USER postgres`, `CMD ["postgres"]`' },
	{ name: "npm", says: 'a Node.js server, `CMD ["npm", "start"]`', file: RECORDS, isLong: true },
	{ name: "python-script", says: "a Python server, run by a script without `exec`", file: RECORDS },
	{ name: "cron", says: '`CMD ["cron", "-f"]`' },
	{ name: "shell-form", says: "`CMD check; server`: `sh -c`", file: RECORDS },
	{ name: "distroless", says: "one static program, `FROM scratch`" },
];

/** Images that do everything right, each with the arguments that it is tried with. */
export const HEALTHY: readonly { readonly image: string; readonly args: readonly string[] }[] = [
	...["nginx", "postgres", "tini", "dumb-init", "catatonit", "trap"].map((name) => ({
		...{ image: `${REPOSITORY}:healthy-${name}`, args: [] },
	})),
	...["ubuntu", "debian", "centos", "alpine"].map((name) => ({
		...{ image: `baseimage-ts:${name}`, args: ["sh", "-c", "sleep 1000 & sleep 1000; :"] },
	})),
];

export function imageOf({ name }: Animal): string {
	return `${REPOSITORY}:${name}`;
}

/** Builds the images upon the Debian base that the last build has used. @throws with the end of the build's log. */
export async function buildZoo(engine: Engine, withLong: boolean): Promise<void> {
	const debian = (await readBuiltImages()).find(({ name }) => name === "debian");
	if (debian === undefined) throw new Error("no image debian was built: npm run build");
	await execa(
		engine.dockerPath,
		[
			...["buildx", "bake", ...BAKE_FILES.flatMap((file) => ["--file", file]), "--load", "zoo"],
			...(withLong ? ["zoo-npm"] : []),
		],
		{
			cwd: root,
			stdin: "ignore",
			env: {
				...engine.env,
				// The bases lie in the engine only, where no other builder than its own sees them.
				BUILDX_BUILDER: "default",
				BASE_DEBIAN: debian.base,
				...(debian.standin ? { BUILD_BASE: debian.base } : {}),
			},
		},
	);
}

export interface Answer {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the host command. */
export async function baseimage(
	env: Readonly<Record<string, string | undefined>>,
	...args: readonly string[]
): Promise<Answer> {
	const { exitCode, stdout, stderr, isTerminated, signalDescription } = await execa(
		process.execPath,
		[MAIN, ...args],
		{
			env: { ...env, NO_COLOR: "1" },
			reject: false,
			timeout: RUN_LIMIT_MS,
			stdin: "ignore",
			stripFinalNewline: false,
		},
	);
	if (isTerminated) throw new Error(`baseimage ${args.join(" ")} was ended: ${signalDescription}`);
	return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** What `doctor --run` found, without what depends on the machine's speed. */
export interface Verdict {
	readonly exitCode: number;
	/** Broken rules with their weight, such as `error stop-time`, in the order of the report. */
	readonly broken: readonly string[];
	/** Signal that ended it, or "killed". */
	readonly stop: string;
	readonly files: readonly string[];
}

/** Tries an image for a second. @throws where `doctor` could not do its work. */
export async function tryImage(
	env: Readonly<Record<string, string | undefined>>,
	image: string,
	file?: string,
): Promise<Verdict> {
	const files = file === undefined ? [] : ["--file", file];
	const args = ["doctor", "--run", "--warm-up", "2", "--json", ...files, image];
	const { exitCode, stdout, stderr } = await baseimage(env, ...args);
	if (stdout === "") throw new Error(`doctor of ${image} ended with ${exitCode}: ${stderr}`);
	const [examination] = listAt(JSON.parse(stdout), "examinations");
	const findings = listAt(examination, "findings");
	const broken = findings
		.filter((finding) => textAt(finding, "verdict") === "failed")
		.map((finding) => `${textAt(finding, "severity")} ${textAt(finding, "rule")}`);
	const stop = field(examination, "seen", "stop");
	return {
		exitCode,
		broken,
		stop: listAt(stop, "killed").length > 0 ? "killed" : (textAt(stop, "signal") ?? "?"),
		files: listAt(stop, "files").map((seen) => textAt(seen, "state") ?? "?"),
	};
}
