// What an image is made of: its base, untouched, and one thin layer with the binary and the notices.
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ImageInspectInfo } from "dockerode";
import { describe, expect, inject, test } from "vitest";
import { root } from "../../scripts/root.ts";
import { buildImage } from "./support/build.ts";
import { engine } from "./support/engine.ts";
import { difference, filesOf, type ImageFiles, newDates, realPath } from "./support/files.ts";
import { anyVariant, describeVariants } from "./support/variants.ts";

const NOTICES = "usr/share/doc/baseimage-ts";
const NOTICE_FILES = ["LICENSE", "THIRD-PARTY-NOTICES.md"];
const LAYER_BYTES_MAX = 1024 * 1024;
/** Not docker-init, where `docker run --init` mounts the engine's, and not init. */
const PEERS = ["tini", "tini-static", "dumb-init", "catatonit"];
/** Names that lie beside the binary alone. */
const OWN_NAMES = ["pause", "setuser", "initctl"];
/** Where runit has its own, which takes its place once it is installed. */
const NAMES_OF_USERS = ["sv"];

const initImage = inject("initImage");

describeVariants("the image", (variant) => {
	const { name, tag, base } = variant;

	test("is its base, unchanged, with the binary at its real path, its names and the notices", async () => {
		const [before, after] = [await filesOf(base), await filesOf(tag)];
		expect(difference(before, after)).toEqual({
			gone: [],
			changed: [],
			added: addedTo(before, realPath(before, "sbin")),
		});
	});

	test("leads every name to the binary", async () => {
		const [before, files] = [await filesOf(base), await filesOf(tag)];
		const names = [
			...OWN_NAMES.map((name) => `/sbin/${name}`),
			...PEERS.flatMap((name) => [`/sbin/${name}`, `/usr/bin/${name}`]),
			// Busybox may bring its own.
			...NAMES_OF_USERS.map((name) => `/usr/bin/${name}`).filter(
				(name) => !before.has(realPath(before, name.slice(1))),
			),
		];
		expect(names.map((name) => realPath(files, name.slice(1)))).toEqual(
			names.map(() => realPath(files, "sbin/my_init")),
		);
	});

	test("leaves every date of its base as it was", async () => {
		expect(newDates(await filesOf(base), await filesOf(tag))).toEqual([]);
	});

	test("is one layer of at most 1 MB over its base", async () => {
		const [before, after] = [await inspect(base), await inspect(tag)];
		expect(after.RootFS.Layers).toEqual([...(before.RootFS.Layers ?? []), expect.any(String)]);
		expect(variant.bytes - variant.baseBytes).toBeLessThanOrEqual(LAYER_BYTES_MAX);
		expect(variant.bytes - variant.baseBytes).toBeGreaterThan(0);
	});

	test("starts the init, and no command; of its base's settings it changes none", async () => {
		const [before, after] = [await inspect(base), await inspect(tag)];
		expect(after.Config.Entrypoint).toEqual(["/sbin/my_init", "--"]);
		expect(after.Config.Cmd ?? []).toEqual([]);
		expect(settingsOf(after)).toEqual(settingsOf(before));
		expect([after.Os, after.Architecture]).toEqual([before.Os, before.Architecture]);
	});

	test("says in its labels what it is", async () => {
		const { Config } = await inspect(tag);
		expect(Config.Labels).toMatchObject({
			...labelsOf(name),
			"org.opencontainers.image.base.name": base,
		});
	});
});

describe("the image init", () => {
	test("holds the binary, its names and the notices, and nothing else", async () => {
		const files = await filesOf(initImage.tag);
		expect(difference(new Map(), files).added).toEqual(addedTo(new Map(), ""));
	});

	test("is one layer of at most 1 MB", async () => {
		expect((await inspect(initImage.tag)).RootFS.Layers).toHaveLength(1);
		expect(initImage.bytes).toBeLessThanOrEqual(LAYER_BYTES_MAX);
	});

	test("starts the init, and no command; it has no settings but the PATH of every build", async () => {
		await using empty = await buildImage("FROM scratch\nLABEL none=none");
		const image = await inspect(initImage.tag);
		expect(image.Config.Entrypoint).toEqual(["/my_init", "--"]);
		expect(image.Config.Cmd ?? []).toEqual([]);
		expect(settingsOf(image)).toEqual(settingsOf(await inspect(empty.tag)));
	});

	test("says in its labels what it is, and names no base", async () => {
		const { Config } = await inspect(initImage.tag);
		expect(Config.Labels).toMatchObject(labelsOf("init"));
		expect(Config.Labels).not.toHaveProperty("org.opencontainers.image.base.name");
	});
});

describe("the binary", () => {
	test("is the same in all images", async () => {
		const hashes = await Promise.all(
			inject("variants").map(async ({ tag }) => {
				const files = await filesOf(tag);
				return files.get(realPath(files, "sbin/my_init"))?.content;
			}),
		);
		const alone = (await filesOf(initImage.tag)).get("my_init")?.content;
		expect(alone).toMatch(/^[0-9a-f]{64}$/);
		expect(hashes).toEqual(hashes.map(() => alone));
	});

	test("is the file that the build has left", async ({ skip }) => {
		const { Architecture } = await inspect(initImage.tag);
		const file = join(root, "build", "init", `linux-${Architecture}`, "my_init");
		const reason = await whyNotOfTheBuild(file);
		skip(reason !== undefined, reason);
		const alone = (await filesOf(initImage.tag)).get("my_init")?.content;
		expect(hashOf(await readFile(file))).toBe(alone);
	});
});

describe("the notices", () => {
	test("are those of the repository", async () => {
		const files = await filesOf(initImage.tag);
		for (const name of NOTICE_FILES) {
			const own = hashOf(await readFile(join(root, name)));
			expect(files.get(`${NOTICES}/${name}`)?.content).toBe(own);
		}
	});
});

describeVariants("README's way for any other base", ({ base }) => {
	const copy = `--from=${initImage.tag} /my_init /sbin/my_init`;

	test("adds the binary and changes nothing else", async () => {
		const before = await filesOf(base);
		await using image = await buildImage(`FROM ${base}\nCOPY ${copy}`);
		expect(difference(before, await filesOf(image.tag))).toEqual({
			gone: [],
			changed: [],
			added: { [posix.join(realPath(before, "sbin"), "my_init")]: "file 755 0:0" },
		});
	});

	test("would with --link replace a /sbin that is a link by a folder", async ({ skip }) => {
		const before = await filesOf(base);
		const sbin = before.get("sbin");
		skip(sbin?.link === undefined, "in this base /sbin is a folder");
		await using image = await buildImage(`FROM ${base}\nCOPY --link ${copy}`);
		expect(difference(before, await filesOf(image.tag))).toEqual({
			gone: [],
			changed: [`sbin: ${sbin?.shape} → folder 755 0:0`],
			added: { "sbin/my_init": "file 755 0:0" },
		});
	});
});

describe("the comparison of two images", () => {
	test("sees every change that a layer can make", async () => {
		await using before = await buildImage(`FROM ${anyVariant().plain}
			RUN mkdir /t && cd /t && mkdir dated folder && ln -s folder link && echo a > content \\
				&& echo b > gone && echo c > mode && echo d > owner && echo e > second-name`);
		await using after = await buildImage(`FROM ${before.tag}
			RUN cd /t && rm -r gone folder link && mkdir link && ln -s content folder && echo A > content \\
				&& chmod 4755 mode && chown 1:2 owner && echo f > new && chmod g+s new \\
				&& ln -f mode second-name && touch -d @0 dated && mknod null c 1 3`);
		const [was, is] = [await filesOf(before.tag), await filesOf(after.tag)];
		const { gone, changed, added } = difference(was, is);
		expect(gone).toEqual(["t/gone"]);
		expect(changed.toSorted()).toEqual([
			`t/content: ${hashOf("a\n")} → ${hashOf("A\n")}`,
			"t/folder: folder 755 0:0 → link 777 0:0",
			"t/link: link 777 0:0 → folder 755 0:0",
			"t/mode: file 644 0:0 → file 4755 0:0",
			"t/owner: file 644 0:0 → file 644 1:2",
			"t/second-name: file 644 0:0 → hard link 4755 0:0",
		]);
		expect(added).toEqual({ "t/new": "file 2644 0:0", "t/null": "device 644 0:0" });
		expect(newDates(was, is)).toContain("t/dated");
	});
});

/** What our layer adds to a base, the binary in the folder `bin`: the folders above, too, that the base does not have. */
function addedTo(base: ImageFiles, bin: string): Record<string, string> {
	const users = base.has("usr/bin") ? realPath(base, "usr/bin") : bin;
	const links = [
		...[...PEERS, ...OWN_NAMES].map((name) => posix.join(bin, name)),
		...[...PEERS, ...NAMES_OF_USERS].map((name) => posix.join(users, name)),
	];
	const notices = NOTICE_FILES.map((name) => [`${NOTICES}/${name}`, "file 644 0:0"]);
	const folders = ["usr", "usr/share", "usr/share/doc", NOTICES].filter((path) => !base.has(path));
	// The init's image, which has no base, has no package manager either.
	const programs = base.size > 0 ? ["my_init", "install_clean"] : ["my_init"];
	return Object.fromEntries([
		...programs.map((name) => [posix.join(bin, name), "file 755 0:0"]),
		...links.filter((path) => !base.has(path)).map((path) => [path, "link 777 0:0"]),
		...notices,
		...folders.map((path) => [path, "folder 755 0:0"]),
	]);
}

function labelsOf(name: string): Record<string, unknown> {
	return {
		"org.opencontainers.image.title": `baseimage-ts:${name}`,
		"org.opencontainers.image.description": expect.stringMatching(/^An init \(PID 1\)/),
		"org.opencontainers.image.licenses": "MIT",
		"org.opencontainers.image.version": "development",
		"org.opencontainers.image.ref.name": `baseimage-ts:${name}`,
	};
}

async function inspect(image: string): Promise<ImageInspectInfo> {
	return await engine.client.getImage(image).inspect();
}

/** All that a container inherits of an image but what is started. Empty ones may be missing. */
function settingsOf({ Config }: ImageInspectInfo): Record<string, unknown> {
	const { Env, Healthcheck, User, Volumes, ExposedPorts, WorkingDir, OnBuild } = Config;
	return {
		environment: Env ?? [],
		healthcheck: Healthcheck,
		user: User ?? "",
		volumes: Volumes ?? {},
		ports: ExposedPorts ?? {},
		folder: WorkingDir || "/",
		onBuild: OnBuild ?? [],
	};
}

/** Why the file is not what the images were built with. */
async function whyNotOfTheBuild(file: string): Promise<string | undefined> {
	const built = await stat(file).catch(() => undefined);
	if (built === undefined) return "the images were built without leaving the binary";
	const { mtimeMs } = await stat(join(root, "build", "images.json"));
	return built.mtimeMs > mtimeMs ? "the binary was built once more, after the images" : undefined;
}

function hashOf(content: Buffer | string): string {
	return createHash("sha256").update(content).digest("hex");
}
