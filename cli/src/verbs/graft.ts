import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { Command, Option } from "commander";
import type { StartConfig } from "../command/config.ts";
import type { Engine } from "../engine/connect.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { INIT_NAMES, type InitName } from "../graft/names.ts";
import { interruptible } from "../interruption.ts";
import type { Verb } from "./verb.ts";

interface GraftOptions {
	tag?: string;
	name: InitName;
	platform?: string[];
	dockerfile?: string;
	target?: string;
	from: string;
	dryRun?: true;
	force?: true;
	json?: true;
}

const INIT_IMAGE = "org/baseimage-ts:init";

/** `baseimage graft`: an image with the init in front, without building it again. */
export const graftVerb: Verb = () =>
	new Command("graft")
		.summary("an image with the init in front, without a rebuild")
		.description(
			"Makes a new image of one that the engine has: one layer with the init is added, and ENTRYPOINT begins with it. CMD, USER, ENV, labels, health check and everything else stay, and so do all platforms. `baseimage ungraft` gives the original back bit by bit. With --dockerfile nothing is made: the patch to a Dockerfile is printed.",
		)
		.argument("[image]", "the image; it stays as it is")
		.option("-t, --tag <name>", "what the new image is called (default: IMAGE-my_init)")
		.addOption(
			new Option(
				"--name <name>",
				"what the init is called: each name has its own options and manners",
			)
				.choices(INIT_NAMES)
				.default(INIT_NAMES[0]),
		)
		.option("--platform <platform>", "only this one, such as linux/arm64, again and again", append)
		.option("--force", "also in front of another init")
		.option("--dry-run", "only show what would change in the configuration")
		.option("--dockerfile <file>", "print the patch to this Dockerfile instead")
		.option("--target <stage>", "of the Dockerfile: the stage that is built")
		.option("--from <image>", "in the patch: the image that the init is copied from", INIT_IMAGE)
		.addOption(new Option("--json", "print the result as one JSON object").conflicts("dryRun"))
		.addHelpText(
			"after",
			[
				"",
				"Examples:",
				"  baseimage graft nginx:1                       makes nginx:1-my_init",
				"  baseimage graft postgres:17 -t my/postgres:17",
				"  baseimage graft --dry-run redis:7",
				"  baseimage graft --dockerfile Dockerfile | git apply",
				"  baseimage ungraft nginx:1-my_init",
			].join("\n"),
		)
		.action(async (image: string | undefined, options: GraftOptions) => {
			if (options.dockerfile !== undefined) {
				if (image !== undefined) {
					throw new Failure(ExitCode.usage, `--dockerfile needs no image; got ${image}`);
				}
				return await printPatch(options.dockerfile, options);
			}
			if (image === undefined) {
				throw new Failure(ExitCode.usage, "an image is missing, or --dockerfile");
			}
			await interruptible((signal) => graft(image, options, signal));
		});

async function graft(image: string, options: GraftOptions, signal: AbortSignal): Promise<void> {
	const { connect } = await import("../engine/connect.ts");
	const { defaultTag } = await import("../graft/names.ts");
	const { findImage } = await import("../engine/image.ts");
	const { requireTag } = await import("../engine/reference.ts");
	if (options.tag !== undefined) requireTag(options.tag, "--tag");
	const engine = await connect(process.env);
	await findImage(engine, image);
	const tag = options.tag ?? defaultTag(image, options.name);
	if (options.dryRun === true) return await printDifference(engine, image, tag, options);
	const { describeGrafted } = await import("../graft/graft.ts");
	const { binaryFor } = await import("../binaries.ts");
	const { transferImage } = await import("../engine/transfer.ts");
	const { Progress } = await import("../terminal/progress.ts");
	const progress = new Progress();
	const report = progress.line(`grafting ${image}`);
	let platforms: string[] = [];
	await progress.during(() =>
		transferImage(
			engine,
			image,
			async (described) => {
				const result = await describeGrafted(described, {
					...{ reference: image, tag, init: options.name, force: options.force === true },
					...{ platforms: options.platform, binaryFor },
				});
				platforms = result.grafted.map(({ platform }) => platform);
				return { additions: result.additions, tag };
			},
			(bytes) => report(`${(bytes / 1e6).toFixed(0)} MB`),
			signal,
		),
	);
	await printResult(engine, image, tag, platforms, options.json === true);
}

async function printResult(
	engine: Engine,
	image: string,
	tag: string,
	platforms: string[],
	json: boolean,
): Promise<void> {
	const { Id } = await engine.client.getImage(tag).inspect();
	if (json) {
		process.stdout.write(
			`${JSON.stringify({ schema: 1, image, tag, id: Id, platforms }, null, 2)}\n`,
		);
		return;
	}
	process.stdout.write(
		[
			`${tag} is ${image} with the init in front (${platforms.join(", ")}): ${Id}`,
			`  baseimage doctor --run ${tag}     shows what it does`,
			`  baseimage ungraft ${tag}          gives the original back`,
			"",
		].join("\n"),
	);
}

async function printDifference(
	engine: Engine,
	reference: string,
	tag: string,
	{ name: init, force }: GraftOptions,
): Promise<void> {
	const { inspectImage } = await import("../subject/engine-subjects.ts");
	const { configDifference } = await import("../graft/difference.ts");
	const { refuseSecondInit } = await import("../graft/image-config.ts");
	const { field } = await import("../json.ts");
	const config = field(await inspectImage(engine, reference), "Config");
	refuseSecondInit(config, reference, force === true);
	process.stdout.write(`${configDifference(config, { reference, tag, init })}\n`);
}

async function printPatch(file: string, options: GraftOptions): Promise<void> {
	if (!existsSync(file)) throw new Failure(ExitCode.notFound, `there is no file ${file}`);
	const { connect } = await import("../engine/connect.ts");
	const { patchDockerfile } = await import("../graft/dockerfile-patch.ts");
	const { inspectImage } = await import("../subject/engine-subjects.ts");
	const { readConfig } = await import("../command/config.ts");
	const { field } = await import("../json.ts");
	const engine = await connect(process.env).catch(() => undefined);
	const findBase = async (reference: string): Promise<StartConfig | undefined> => {
		const inspected = engine && (await inspectImage(engine, reference));
		return inspected === undefined ? undefined : readConfig(field(inspected, "Config"));
	};
	const given = {
		...{ file, text: readFileSync(file, "utf8"), context: dirname(file), target: options.target },
	};
	const { name: init, from } = options;
	const { patch, warnings } = await patchDockerfile(given, { init, from }, findBase);
	for (const warning of warnings) process.stderr.write(`baseimage: warning: ${warning}\n`);
	process.stdout.write(patch);
}

function append(value: string, before: string[] = []): string[] {
	return [...before, value];
}
