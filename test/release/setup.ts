// Before the tests of the release: everything is built, pushed to a registry on the loopback, and signed with a key made
// for the occasion.
import type { TestProject } from "vitest/node";
import { type ImageName, imageNames } from "../../scripts/bases/distributions.ts";
import { ensureEmulation } from "../../scripts/engine/binfmt.ts";
import { type Engine, ensureEngine } from "../../scripts/engine/engine.ts";
import { enginePaths } from "../../scripts/engine/paths.ts";
import { machinePlatform, platforms } from "../../scripts/platforms.ts";
import { buildRelease } from "../../scripts/release/build.ts";
import { publishTrial } from "../../scripts/release/trial.ts";
import type { ReleaseContext } from "./context.ts";

/** A full image for another platform is set up under emulation, which takes minutes: LONG=1. */
const IMAGES: readonly ImageName[] =
	process.env["LONG"] === "1" ? imageNames : imageNames.filter((name) => !name.endsWith("-full"));
/** For a quicker loop than all of them: PLATFORMS=linux/amd64,linux/arm64. */
const PLATFORMS = process.env["PLATFORMS"]?.split(",");

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
	const engine = await ensureEngine();
	const stack = new AsyncDisposableStack();
	stack.defer(async () => {
		if (engine.startedHere) await engine.stop();
	});
	try {
		project.provide("release", await release(engine, stack));
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
	return () => stack.disposeAsync();
}

async function release(engine: Engine, stack: AsyncDisposableStack): Promise<ReleaseContext> {
	await ensureEmulation(enginePaths(), platforms);
	const { images } = await buildRelease(engine, {
		images: IMAGES,
		...(PLATFORMS === undefined ? {} : { platforms: PLATFORMS }),
	});
	const { plan, registry, keys } = stack.use(await publishTrial(images));
	return {
		dockerPath: engine.dockerPath,
		env: { ...engine.env, DOCKER_HOST: engine.dockerHost },
		repository: plan.repository,
		storage: registry.storage,
		keys,
		standin: plan.standin,
		images: plan.images.map(({ name, image, tags }) => ({
			...{ name, digest: image.digest, dated: tags.dated, tags: [tags.dated, ...tags.moving] },
			platforms: image.platforms.map(({ platform, digest }) => ({ platform, digest })),
		})),
		emulated: platforms
			.filter((platform) => platform !== machinePlatform())
			.map(({ platform }) => platform),
	};
}
