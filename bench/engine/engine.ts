/** The container engine that runs already, and the images that were built into it. None is started for a benchmark. */

import { statusCodeOf } from "../../cli/src/engine/answer.ts";
import { connect, type Engine } from "../../cli/src/engine/connect.ts";
import { sweepAbandoned } from "../../cli/src/engine/container.ts";
import { messageOf } from "../../cli/src/failure.ts";
import type { BuiltImage } from "../../scripts/build-images.ts";
import { readBuiltImages } from "../../scripts/built-images.ts";
import { runningPrivateEngine } from "../../scripts/engine/engine.ts";
import { withoutFolders } from "../machine.ts";
import { Unmeasurable } from "../native/launcher.ts";

/** Names the containers of benchmarks, in the label that withContainer() gives them. */
export const VERB = "bench";

export interface Stage {
	readonly engine: Engine;
	readonly images: readonly BuiltImage[];
}

/** What measurements with an engine need, or why they cannot be had. */
export async function findStage(): Promise<Stage | Unmeasurable> {
	const images = await readBuiltImages().catch(() => []);
	if (images.length === 0) return new Unmeasurable("no images were built: npm run build");
	const own = await runningPrivateEngine();
	const env = own === undefined ? process.env : { ...process.env, ...own.env };
	try {
		const engine = await connect(env);
		await sweepAbandoned(engine);
		return { engine, images };
	} catch {
		return new Unmeasurable("no container engine answers");
	}
}

/** The image of that name. @throws {Unmeasurable} when it was not built, or the engine has it no more. */
export async function imageIn(
	{ engine, images }: Stage,
	name: BuiltImage["name"],
): Promise<BuiltImage> {
	const image = images.find((candidate) => candidate.name === name);
	if (image === undefined) throw new Unmeasurable(`the image ${name} was not built`);
	try {
		await engine.client.getImage(image.tag).inspect();
		return image;
	} catch (error) {
		if (statusCodeOf(error) !== 404) throw error;
		throw new Unmeasurable(`the engine has no ${image.tag}: npm run build`);
	}
}

/** What `ask` gives. @throws {Unmeasurable} when the engine answers with an error, which must not end the whole run. */
export async function askEngine<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		if (statusCodeOf(error) === 0) throw error;
		const [reason = ""] = messageOf(error).split("\n", 1);
		throw new Unmeasurable(withoutFolders(`the engine refuses: ${reason}`));
	}
}

/** The image's base as titles name it: whoever reads it must see that it is a stand-in. */
export function baseTitle(image: Pick<BuiltImage, "name" | "standin">): string {
	return image.standin ? `${image.name} (stand-in base)` : image.name;
}
