// npm run build: all images and the binary for this machine's platform.
//
//   npm run build [-- --platform linux/amd64,linux/arm64] [--bases auto|official|standin]
//
// build/images.json tells tests and the demonstration what was built.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { bake, refusePodman } from "./bake.ts";
import { type BaseChoice, type Bases, baseChoices, ensureBases } from "./bases/bases.ts";
import { distributions, fullImages, type ImageName } from "./bases/distributions.ts";
import { bundleInit } from "./bundle.ts";
import { docker } from "./engine/docker.ts";
import { type Engine, ensureEngine } from "./engine/engine.ts";
import { folderOf, type Platform, platformOf } from "./platforms.ts";
import { root } from "./root.ts";

const LOG = join(root, "build", "images.log");
const RESULT = join(root, "build", "images.json");

export interface BuildOptions {
	/** Default: the one found or started. */
	readonly engine?: Engine;
	/** Such as linux/arm64; default: the engine's own. */
	readonly platforms?: readonly string[];
	/** Default: auto. */
	readonly bases?: BaseChoice;
	/** Leaves out the full images, which take as long as all others together. Default: false. */
	readonly onlyLean?: boolean;
}

export interface BuiltImage {
	readonly name: ImageName;
	/** Name to run it by. */
	readonly tag: string;
	/** The distribution's image below it, `scratch` for the init and the extras alone. */
	readonly base: string;
	/** The base is a local stand-in: whatever is found out with this image holds for `NAME (stand-in)`. */
	readonly standin: boolean;
	/** All layers, uncompressed. */
	readonly bytes: number;
	/** The layers of the base. */
	readonly baseBytes: number;
}

/**
 * Builds the images into the engine and the binary to `build/init/linux-<architecture>/my_init`.
 * Progress goes to stderr when that is a terminal, and else to build/images.log.
 * @throws with the end of the log when the build fails.
 */
export async function buildImages(options: BuildOptions = {}): Promise<{ images: BuiltImage[] }> {
	const engine = options.engine ?? (await ensureEngine());
	await refusePodman(engine);
	const platforms = options.platforms ?? [await ownPlatform(engine)];
	const known = platforms.map(platformOf);
	const [bases] = await Promise.all([
		ensureBases(engine, options.bases ?? "auto", platforms),
		bundleInit(),
	]);
	console.error(`build: images for ${platforms.join(", ")}…`);
	for (const platform of known) {
		// BuildKit would make the folder for root alone.
		await mkdir(dirname(binaryFile(platform)), { recursive: true });
	}
	const onlyLean = options.onlyLean ?? false;
	await bakeWith(engine, bases, ["--load", onlyLean ? "lean" : "default"], {
		PLATFORMS: platforms.join(","),
	});
	const files = known.map(({ docker }) => `init-file-${docker}`);
	await bakeWith(engine, bases, files);

	const images = await describe(engine, bases, onlyLean);
	await writeFile(RESULT, `${JSON.stringify({ images }, undefined, "\t")}\n`);
	return { images };
}

/** Builds targets of docker-bake.hcl by themselves, for the platforms that they name, or the engine's own. @throws as {@link buildImages} does. */
export async function buildTargets(...targets: readonly string[]): Promise<void> {
	const engine = await ensureEngine();
	await refusePodman(engine);
	const platform = await ownPlatform(engine);
	const [bases] = await Promise.all([ensureBases(engine, "auto", [platform]), bundleInit()]);
	await bakeWith(engine, bases, targets);
}

/** Builds the binary alone, for each of the platforms, to {@link binaryFile}. @throws as {@link buildImages} does. */
export async function buildBinaries(wanted: readonly Platform[]): Promise<void> {
	for (const platform of wanted) await mkdir(dirname(binaryFile(platform)), { recursive: true });
	await buildTargets(...wanted.map(({ docker }) => `init-file-${docker}`));
}

/** Where the binary of a platform is put. */
export function binaryFile(platform: Platform): string {
	return join(root, "build", "init", folderOf(platform), "my_init");
}

async function bakeWith(
	engine: Engine,
	bases: Bases,
	args: readonly string[],
	more: Readonly<Record<string, string>> = {},
): Promise<void> {
	// Stand-ins lie in the engine only, where no other builder than its own sees them.
	const builder = bases.standin ? { BUILDX_BUILDER: "default" } : {};
	const variables = { ...builder, ...bases.bakeVariables, ...more };
	await bake(engine, { args, variables, log: LOG });
}

async function ownPlatform(engine: Engine): Promise<string> {
	return docker(engine, "version", "--format", "{{.Server.Os}}/{{.Server.Arch}}");
}

async function describe(engine: Engine, bases: Bases, onlyLean: boolean): Promise<BuiltImage[]> {
	const { names, standin } = bases;
	const lean = distributions.map((name) => ({ name, base: names[name], standin }));
	const full = fullImages.map((name) => ({
		name,
		base: names[name === "ubuntu-full" ? "ubuntu" : "debian"],
		standin,
	}));
	const alone = (["extras", "init"] as const).map((name) => ({
		name,
		base: "scratch",
		standin: false,
	}));
	return Promise.all(
		[...lean, ...(onlyLean ? [] : full), ...alone].map(async (image) => {
			const tag = `baseimage-ts:${image.name}`;
			const baseBytes = image.base === "scratch" ? 0 : await uncompressedBytes(engine, image.base);
			return { ...image, tag, bytes: await uncompressedBytes(engine, tag), baseBytes };
		}),
	);
}

async function uncompressedBytes(engine: Engine, image: string): Promise<number> {
	const args = ["history", "--human=false", "--format", "{{.Size}}", image];
	const sizes = (await docker(engine, ...args)).split("\n");
	return sizes.map(Number).reduce((sum, size) => sum + size, 0);
}

/** The images as a table for people. */
export function imageTable(images: readonly BuiltImage[]): string {
	const table = new Table({
		head: ["image", "base", "size", "over the base"],
		colAligns: ["left", "left", "right", "right"],
		style: { head: [], border: [] },
	});
	for (const { tag, base, standin, bytes, baseBytes } of images) {
		const name = standin ? `${base} (stand-in)` : base;
		table.push([tag, name, sizeText(bytes), sizeText(bytes - baseBytes)]);
	}
	return table.toString();
}

function sizeText(bytes: number): string {
	const kib = bytes / 1024;
	return kib < 1024 ? `${kib.toFixed(0)} KB` : `${(kib / 1024).toFixed(1)} MB`;
}

if (import.meta.main) {
	const program = new Command("build")
		.description("build all images and the binary")
		.option("--platform <list>", "comma-separated, such as linux/amd64,linux/arm64")
		.addOption(
			new Option("--bases <which>", "the base images").choices(baseChoices).default("auto"),
		)
		.action(async ({ platform, bases }: { platform?: string; bases: BaseChoice }) => {
			const platforms = platform === undefined ? {} : { platforms: platform.split(",") };
			const { images } = await buildImages({ ...platforms, bases });
			console.log(imageTable(images));
		});
	program.parseAsync().catch((error: unknown) => {
		console.error(`build: error: ${error instanceof Error ? error.message : error}`);
		process.exitCode = 1;
	});
}
