// Before the image tests: an engine, the images, and what the tests run on them. Afterwards nothing is left running.
import type { TestProject } from "vitest/node";
import { buildImages } from "../../scripts/build-images.ts";
import { ensureEngine } from "../../scripts/engine/engine.ts";
import { freshImages } from "../../scripts/fresh-images.ts";
import { nameOfRun } from "./support/labels.ts";
import { fullVariants, imageOf, prepareVariants } from "./support/prepare.ts";
import { sweepContainers, sweepImages } from "./support/sweep.ts";

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
	const engine = await ensureEngine();
	const tearDown = async () => {
		await sweepContainers(engine);
		// Somebody else's engine is not ours to stop, nor one that was started for more than these tests.
		if (engine.startedHere) await engine.stop();
	};
	try {
		await sweepContainers(engine);
		const images = (await freshImages(engine)) ?? (await buildImages({ engine })).images;
		project.provide("variants", await prepareVariants(engine, images));
		project.provide("fullVariants", fullVariants(images));
		project.provide("initImage", imageOf(images, "init"));
		project.provide("engine", {
			dockerPath: engine.dockerPath,
			// testcontainers' own cleaner comes from a registry: sweepContainers() is ours.
			env: { ...engine.env, TESTCONTAINERS_RYUK_DISABLED: "true" },
			run: nameOfRun(),
		});
		await sweepImages(engine);
	} catch (error) {
		await tearDown();
		throw error;
	}
	return tearDown;
}
