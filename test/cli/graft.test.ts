// `baseimage graft` and `ungraft` on a real engine, with images made here.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { binaryFor, type ImagePlatform } from "../../cli/src/binaries.ts";
import { transferImage } from "../../cli/src/engine/transfer.ts";
import { describeGrafted } from "../../cli/src/graft/graft.ts";
import { describeOriginal } from "../../cli/src/graft/ungraft.ts";
import { field, listAt, textAt } from "../../cli/src/json.ts";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { machinePlatform } from "../../scripts/platforms.ts";
import { findTestEngine, type TestEngine } from "./support/engine.ts";

const NAME = "localhost/baseimage-ts/graft-test";
const LIMIT = { timeout: 120_000 };
const { signal } = new AbortController();

let found: Awaited<ReturnType<typeof findTestEngine>> = { reason: "not looked for yet" };
let folder = "";

beforeAll(async () => {
	found = await findTestEngine();
	folder = mkdtempSync(join(tmpdir(), "baseimage-graft-test-"));
	if ("engine" in found) await build("plain", PLAIN);
}, LIMIT.timeout);

afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	if ("reason" in found) return;
	const images = await docker(found.engine, "images", "--format", "{{.Repository}}:{{.Tag}}", NAME);
	for (const image of images.split("\n").filter(Boolean)) await docker(found.engine, "rmi", image);
});

beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function engine(): TestEngine {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

/** Everything that a configuration can have. */
const PLAIN = `FROM baseimage-ts:alpine
ENV GREETING="hello, world" EMPTY=
LABEL a.label="kept" another="also kept"
USER 1000:1000
WORKDIR /tmp
EXPOSE 80/tcp
VOLUME /data
STOPSIGNAL SIGINT
HEALTHCHECK --interval=7s CMD ["true"]
ONBUILD RUN true
ENTRYPOINT ["/bin/sh", "-c", "echo \\"$0\\" \\"$GREETING\\" $(id -u)"]
CMD ["its command"]
`;

async function build(tag: string, text: string, ...options: string[]): Promise<string> {
	const file = join(folder, `${tag}.Dockerfile`);
	writeFileSync(file, text);
	const { env, engine: own } = engine();
	execFileSync(
		own.dockerPath,
		[
			"buildx",
			"build",
			"--quiet",
			"--load",
			"--tag",
			`${NAME}:${tag}`,
			"--file",
			file,
			...options,
			folder,
		],
		{ env: { ...env, BUILDX_BUILDER: "default" }, stdio: "pipe" },
	);
	return `${NAME}:${tag}`;
}

async function inspect(image: string, ...options: string[]): Promise<unknown> {
	const [inspected] = listAt(
		{
			answer: JSON.parse(await docker(engine().engine, "image", "inspect", ...options, image)),
		},
		"answer",
	);
	return inspected;
}

function run(image: string, ...args: string[]): Promise<string> {
	return docker(engine().engine, "run", "--rm", "--network=none", image, ...args);
}

describe("graft", () => {
	test("changes ENTRYPOINT and adds a layer, and keeps everything else", LIMIT, async () => {
		const image = `${NAME}:plain`;
		const { exitCode, stdout } = await baseimage(engine().env, "graft", image, "--json");
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({
			tag: `${image}-my_init`,
			platforms: [machinePlatform().platform],
		});

		const [before, after] = [await inspect(image), await inspect(`${image}-my_init`)];
		const kept = (inspected: unknown) =>
			[
				"Cmd",
				"Env",
				"User",
				"WorkingDir",
				"ExposedPorts",
				"Volumes",
				"StopSignal",
				"Healthcheck",
				"OnBuild",
			].map((key) => [key, field(inspected, "Config", key)]);
		expect(kept(after)).toEqual(kept(before));
		expect(kept(before).map(([, value]) => value)).not.toContain(undefined);
		expect(field(after, "Config", "Labels")).toMatchObject({
			"a.label": "kept",
			another: "also kept",
		});
		expect(field(after, "Config", "Entrypoint")).toEqual([
			...["/baseimage-ts/my_init", "--"],
			...listAt(before, "Config", "Entrypoint"),
		]);
		const layers = listAt(before, "RootFS", "Layers");
		expect(listAt(after, "RootFS", "Layers")).toEqual([
			...layers,
			expect.stringMatching(/^sha256:/),
		]);
	});

	test(
		"runs as before, with the image's command, user and variables, and with others",
		LIMIT,
		async () => {
			const image = `${NAME}:plain`;
			await baseimage(engine().env, "graft", image, "-t", `${NAME}:run`);
			expect(await run(image)).toBe("its command hello, world 1000");
			expect(await run(`${NAME}:run`)).toBe("its command hello, world 1000");
			expect(await run(`${NAME}:run`, "another")).toBe("another hello, world 1000");
		},
	);

	test("takes an ENTRYPOINT of one empty word for none, as engines do", LIMIT, async () => {
		const text = 'FROM baseimage-ts:alpine\nENTRYPOINT [""]\nCMD ["echo", "x"]\n';
		const image = await build("empty", text);
		const { exitCode, stderr } = await baseimage(engine().env, "graft", image);
		expect(exitCode, stderr).toBe(0);
		expect(await run(image)).toBe("x");
		expect(await run(`${image}-my_init`)).toBe("x");
	});

	test("gives the same image each time", LIMIT, async () => {
		for (const tag of ["one", "two"]) {
			await baseimage(engine().env, "graft", `${NAME}:plain`, "-t", `${NAME}:${tag}`);
		}
		expect(textAt(await inspect(`${NAME}:one`), "Id")).toBe(
			textAt(await inspect(`${NAME}:two`), "Id"),
		);
	});

	test.each(["tini", "dumb-init"])(
		"--name %s puts it in front by that name",
		LIMIT,
		async (name) => {
			const answer = await baseimage(engine().env, "graft", `${NAME}:plain`, "--name", name);
			expect(answer.exitCode, answer.stderr).toBe(0);
			expect(await run(`${NAME}:plain-${name}`)).toBe("its command hello, world 1000");
			const entrypoint = ["--entrypoint", `/baseimage-ts/${name}`];
			const comm = [
				"run",
				"--rm",
				...entrypoint,
				`${NAME}:plain-${name}`,
				"--",
				"cat",
				"/proc/1/comm",
			];
			expect(await docker(engine().engine, ...comm)).toBe(name);
		},
	);

	test("--dry-run shows the difference and makes nothing", LIMIT, async () => {
		const { exitCode, stdout } = await baseimage(
			...([engine().env, "graft", "--dry-run", `${NAME}:plain`, "-t", `${NAME}:never`] as const),
		);
		expect(exitCode).toBe(0);
		expect(stdout).toContain('+    "/baseimage-ts/my_init",\n+    "--",\n     "/bin/sh",');
		expect(stdout.split("\n").filter((line) => /^-(?!-)/.test(line))).toEqual([]);
		await expect(inspect(`${NAME}:never`)).rejects.toThrow();
	});

	test.each([
		[["baseimage-ts:alpine"], 2, "has an init in front already: my_init"],
		[[`${NAME}:nonexistent`], 4, "has no image"],
		[
			[`${NAME}:plain`, "--platform", "linux/mips64le"],
			2,
			"is not there for linux/mips64le, but for linux/",
		],
		[[], 2, "an image is missing"],
		[[`${NAME}:plain`, "--name", "s6"], 2, "my_init, tini, dumb-init"],
	])("refuses %j with %i", LIMIT, async (args, code, reason) => {
		const { exitCode, stdout, stderr } = await baseimage(engine().env, "graft", ...args);
		expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
		expect(stderr).toContain(reason);
	});

	test(
		"refuses a second graft, and ungraft refuses what was never grafted or was built upon",
		LIMIT,
		async () => {
			const { env } = engine();
			await baseimage(env, "graft", `${NAME}:plain`, "-t", `${NAME}:once`);
			const twice = await baseimage(env, "graft", `${NAME}:once`);
			expect(twice).toMatchObject({
				exitCode: 2,
				stderr: expect.stringContaining("is grafted already"),
			});
			const never = await baseimage(env, "ungraft", `${NAME}:plain`);
			expect(never).toMatchObject({
				exitCode: 2,
				stderr: expect.stringContaining("was not made by"),
			});
			await build("upon", `FROM ${NAME}:once\nUSER 0\nRUN echo more > /more`);
			const upon = await baseimage(env, "ungraft", `${NAME}:upon`);
			expect(upon).toMatchObject({
				exitCode: 2,
				stderr: expect.stringContaining("built upon a grafted one"),
			});
		},
	);
});

describe("ungraft", () => {
	test(
		"gives the same image id back when the original is gone, with its attestation",
		LIMIT,
		async () => {
			const { env } = engine();
			const image = await build(
				"lost",
				'FROM baseimage-ts:alpine\nENTRYPOINT []\nCMD ["true"]\nENV LOST=1',
				"--provenance=mode=max",
			);
			const before = textAt(await inspect(image), "Id");
			await baseimage(env, "graft", image, "-t", `${NAME}:found`);
			await docker(engine().engine, "rmi", image);
			await expect(inspect(image)).rejects.toThrow();
			const answer = await baseimage(env, "ungraft", `${NAME}:found`);
			expect(answer.exitCode, answer.stderr).toBe(0);
			expect(textAt(await inspect(image), "Id")).toBe(before);
			await run(image);
		},
	);

	test("does not take the name of an image that is another one by now", LIMIT, async () => {
		const { env } = engine();
		const image = await build("moved", "FROM baseimage-ts:alpine\nENTRYPOINT []\nENV MOVED=1");
		await baseimage(env, "graft", image, "-t", `${NAME}:of-moved`);
		await build("moved", "FROM baseimage-ts:alpine\nENTRYPOINT []\nENV MOVED=2");
		const now = textAt(await inspect(image), "Id");
		const answer = await baseimage(env, "ungraft", `${NAME}:of-moved`);
		expect(answer).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("is another image by now"),
		});
		expect(textAt(await inspect(image), "Id")).toBe(now);
		const named = await baseimage(env, "ungraft", `${NAME}:of-moved`, "--tag", `${NAME}:was-moved`);
		expect(named.exitCode, named.stderr).toBe(0);
	});
});

describe("an image for several platforms", () => {
	const PLATFORMS = ["linux/amd64", "linux/arm64"];
	/** Of a platform that is not run here only the bytes matter, and that they are its own. */
	const binary = (platform: ImagePlatform) =>
		platform.architecture === machinePlatform().docker
			? binaryFor(platform)
			: Promise.resolve(Buffer.from(`the init for ${platform.architecture}\n`));

	test("stays one, each with its own init, and comes back bit by bit", LIMIT, async () => {
		const { connection } = engine();
		writeFileSync(join(folder, "file"), "content\n");
		const text = 'FROM scratch\nARG TARGETARCH\nCOPY file /file-$TARGETARCH\nENTRYPOINT ["/app"]\n';
		const image = await build("several", text, "--platform", PLATFORMS.join(","));
		const before = textAt(await inspect(image), "Id");
		const tag = `${NAME}:several-grafted`;
		let platforms: string[] = [];
		const request = {
			reference: image,
			tag,
			init: "my_init" as const,
			force: false,
			platforms: undefined,
		};
		await transferImage(
			connection,
			image,
			async (described) => {
				const result = await describeGrafted(described, { ...request, binaryFor: binary });
				platforms = result.grafted.map(({ platform }) => platform);
				return { additions: result.additions, tag };
			},
			() => undefined,
			signal,
		);
		expect(platforms).toEqual(PLATFORMS);
		const lasts: unknown[] = [];
		for (const platform of PLATFORMS) {
			const inspected = await inspect(tag, "--platform", platform);
			expect(field(inspected, "Config", "Entrypoint")).toEqual([
				"/baseimage-ts/my_init",
				"--",
				"/app",
			]);
			lasts.push(listAt(inspected, "RootFS", "Layers").at(-1));
		}
		expect(new Set(lasts).size).toBe(2);

		await docker(engine().engine, "rmi", image);
		await transferImage(
			connection,
			tag,
			async (described) => describeOriginal(described, { reference: tag, tag: undefined }),
			() => undefined,
			signal,
		);
		expect(textAt(await inspect(image), "Id")).toBe(before);
		for (const platform of PLATFORMS) await inspect(image, "--platform", platform);
	});
});

describe("graft --dockerfile prints a patch that applies, and whose image passes", () => {
	async function patched(text: string): Promise<string> {
		const tree = mkdtempSync(join(folder, "tree-"));
		writeFileSync(join(tree, "Dockerfile"), text);
		const { exitCode, stdout, stderr } = await baseimage(
			...([
				engine().env,
				"graft",
				"--from",
				"baseimage-ts:init",
				"--dockerfile",
				join(tree, "Dockerfile"),
			] as const),
		);
		expect(exitCode, stderr).toBe(0);
		writeFileSync(join(tree, "patch"), stdout);
		execFileSync("patch", ["--quiet", "Dockerfile", "patch"], { cwd: tree });
		const changed = readFileSync(join(tree, "Dockerfile"), "utf8");
		cpSync(join(tree, "Dockerfile"), join(folder, "patched"));
		return changed;
	}

	test.each([
		[
			"exec form",
			'FROM x AS build\nRUN make\n\nFROM scratch\nENTRYPOINT ["/app", "-v"]\nCMD ["a"]\n',
			'FROM x AS build\nRUN make\n\nFROM scratch\nCOPY --from=baseimage-ts:init /my_init /sbin/my_init\nENTRYPOINT ["/sbin/my_init", "--", "/app", "-v"]\nCMD ["a"]\n',
		],
		[
			"shell form, over two lines",
			"FROM scratch\nENTRYPOINT exec /app \\\n  --verbose\n",
			'FROM scratch\nCOPY --from=baseimage-ts:init /my_init /sbin/my_init\nENTRYPOINT ["/sbin/my_init", "--", "/bin/sh", "-c", "exec /app --verbose"]\n',
		],
		[
			"CMD alone",
			'FROM scratch\nCMD ["/app"]',
			'FROM scratch\nCOPY --from=baseimage-ts:init /my_init /sbin/my_init\nENTRYPOINT ["/sbin/my_init", "--"]\nCMD ["/app"]',
		],
		[
			"one empty word",
			'FROM scratch\nENTRYPOINT [""]\nCMD ["/app"]\n',
			'FROM scratch\nCOPY --from=baseimage-ts:init /my_init /sbin/my_init\nENTRYPOINT ["/sbin/my_init", "--"]\nCMD ["/app"]\n',
		],
		[
			"what the base is started with",
			`FROM ${NAME}:plain\nRUN true\n`,
			`FROM ${NAME}:plain\nRUN true\nCOPY --from=baseimage-ts:init /my_init /sbin/my_init\nENTRYPOINT ["/sbin/my_init", "--", "/bin/sh", "-c", "echo \\"$0\\" \\"$GREETING\\" $(id -u)"]\nCMD ["its command"]\n`,
		],
	])("%s", LIMIT, async (_what, text, expected) => {
		expect(await patched(text)).toBe(expected);
	});

	test("built, it runs with the init in front", LIMIT, async () => {
		await patched('FROM baseimage-ts:alpine\nENTRYPOINT []\nCMD ["cat", "/proc/1/comm"]\n');
		const image = await build("patched", readFileSync(join(folder, "patched"), "utf8"));
		expect(await run(image)).toBe("my_init");
	});
});
