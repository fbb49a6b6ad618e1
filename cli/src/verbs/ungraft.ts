import process from "node:process";
import { Command } from "commander";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import type { Verb } from "./verb.ts";

interface UngraftOptions {
	tag?: string;
	json?: true;
}

/** `baseimage ungraft`: the image that was grafted, bit by bit. */
export const ungraftVerb: Verb = () =>
	new Command("ungraft")
		.summary("the original of a grafted image, bit by bit")
		.description(
			"Gives the image back that `baseimage graft` was given: the same configuration, the same digests, under the name that it had. The grafted image stays.",
		)
		.argument("<image>", "the grafted image")
		.option("-t, --tag <name>", "what the original is called (default: as it was)")
		.option("--json", "print the result as one JSON object")
		.addHelpText("after", "\nExamples:\n  baseimage ungraft nginx:1-my_init")
		.action(async (image: string, options: UngraftOptions) => {
			await interruptible((signal) => ungraft(image, options, signal));
		});

async function ungraft(image: string, options: UngraftOptions, signal: AbortSignal): Promise<void> {
	const { connect } = await import("../engine/connect.ts");
	const { findImage } = await import("../engine/image.ts");
	const { transferImage } = await import("../engine/transfer.ts");
	const { describeOriginal } = await import("../graft/ungraft.ts");
	const { Progress } = await import("../terminal/progress.ts");
	const { inspectImage } = await import("../subject/engine-subjects.ts");
	const { textAt } = await import("../json.ts");
	const { requireTag } = await import("../engine/reference.ts");
	if (options.tag !== undefined) requireTag(options.tag, "--tag");
	const engine = await connect(process.env);
	await findImage(engine, image);
	const progress = new Progress();
	const report = progress.line(`ungrafting ${image}`);
	let tag = "";
	let before: string | undefined;
	await progress.during(() =>
		transferImage(
			engine,
			image,
			async (described) => {
				const original = describeOriginal(described, { reference: image, tag: options.tag });
				tag = original.tag;
				before = textAt(await inspectImage(engine, tag), "Id");
				if (options.tag === undefined && before !== undefined && before !== original.id) {
					throw new Failure(
						ExitCode.usage,
						`${tag} is another image by now (${before}); the original was ${original.id}`,
						"Give the original a name of its own: --tag NAME",
					);
				}
				return original;
			},
			(bytes) => report(`${(bytes / 1e6).toFixed(0)} MB`),
			signal,
		),
	);
	const { Id } = await engine.client.getImage(tag).inspect();
	process.stdout.write(
		options.json === true
			? `${JSON.stringify({ schema: 1, image, tag, id: Id }, null, 2)}\n`
			: `${tag} is the original again: ${Id}\n`,
	);
}
