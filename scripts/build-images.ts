// npm run build: all images and the binary for this machine's platform.
//
//   npm run build [-- --platform linux/amd64,linux/arm64] [--bases auto|official|standin]
//
// build/images.json tells tests and the demonstration what was built.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { execa } from "execa";
import { type BaseChoice, type Bases, baseChoices, ensureBases } from "./bases/bases.ts";
import { distributions, fullImages, type ImageName } from "./bases/distributions.ts";
import { bundleInit } from "./bundle.ts";
import { docker } from "./engine/docker.ts";
import { type Engine, ensureEngine } from "./engine/engine.ts";
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
	const architectures = platforms.map(architectureOf);
	const [bases] = await Promise.all([
		ensureBases(engine, options.bases ?? "auto", architectures),
		bundleInit(),
	]);
	console.error(`build: images for ${platforms.join(", ")}…`);
	for (const architecture of architectures) {
		// BuildKit would make the folder for root alone.
		await mkdir(join(root, "build", "init", `linux-${architecture}`), { recursive: true });
	}
	const variables = { ...bases.bakeVariables, PLATFORMS: platforms.join(",") };
	const onlyLean = options.onlyLean ?? false;
	await bake(engine, bases, variables, ["--load", onlyLean ? "lean" : "default"]);
	const files = architectures.map((architecture) => `init-file-${architecture}`);
	await bake(engine, bases, bases.bakeVariables, files);

	const images = await describe(engine, bases, onlyLean);
	await writeFile(RESULT, `${JSON.stringify({ images }, undefined, "\t")}\n`);
	return { images };
}

/** Builds one target of docker-bake.hcl by itself, for the engine's own platform. @throws as {@link buildImages} does. */
export async function buildTarget(target: string): Promise<void> {
	const engine = await ensureEngine();
	await refusePodman(engine);
	const architecture = architectureOf(await ownPlatform(engine));
	const [bases] = await Promise.all([ensureBases(engine, "auto", [architecture]), bundleInit()]);
	await bake(engine, bases, bases.bakeVariables, [target]);
}

async function bake(
	engine: Engine,
	bases: Bases,
	variables: Readonly<Record<string, string>>,
	args: readonly string[],
): Promise<void> {
	const visible = process.stderr.isTTY;
	// Stand-ins lie in the engine only, where no other builder than its own sees them.
	const builder = bases.standin ? { BUILDX_BUILDER: "default" } : {};
	const result = await execa(
		engine.dockerPath,
		["buildx", "bake", "--progress", visible ? "tty" : "plain", ...args],
		{
			cwd: root,
			env: { ...engine.env, ...builder, ...variables },
			stdin: "ignore",
			stdout: visible ? 2 : { file: LOG },
			stderr: visible ? 2 : { file: LOG },
			reject: false,
		},
	);
	if (result.exitCode === 0) return;
	const end = visible ? "see above" : `the end of ${LOG}:\n${await lastLines()}`;
	throw new Error(`docker buildx bake ${args.join(" ")} ended with ${result.exitCode}; ${end}`);
}

async function lastLines(): Promise<string> {
	return (await execa("tail", ["-n", "30", LOG])).stdout;
}

async function refusePodman(engine: Engine): Promise<void> {
	const format = "{{range .Server.Components}}{{.Name}} {{end}}";
	const components = await docker(engine, "version", "--format", format);
	if (!components.includes("Podman")) return;
	throw new Error(
		`the engine at ${engine.dockerHost} is Podman, which runs the images but has no BuildKit to build them; build with Docker`,
	);
}

async function ownPlatform(engine: Engine): Promise<string> {
	return docker(engine, "version", "--format", "{{.Server.Os}}/{{.Server.Arch}}");
}

function architectureOf(platform: string): string {
	const [system, architecture, variant] = platform.split("/");
	if (system !== "linux" || architecture === undefined || variant !== undefined) {
		throw new Error(`no image is built for platform ${platform}; write it as linux/ARCHITECTURE`);
	}
	return architecture;
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
