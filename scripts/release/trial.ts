/** A release that nobody else sees: pushed to a registry on the loopback, and signed with a key made for the occasion. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImageName } from "../bases/distributions.ts";
import { root } from "../root.ts";
import { writeAssets } from "./assets.ts";
import { factsOf } from "./build.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { isStandin, type Plan, planRelease, readImages } from "./plan.ts";
import { publish } from "./publish.ts";
import { Repository } from "./repository.ts";
import { makeKeyPair } from "./sign.ts";

/** Of its dated tags. */
const DATE = "20261123";

export interface Trial extends AsyncDisposable {
	readonly plan: Plan;
	readonly registry: LocalRegistry;
	/** Folder with cosign.key and cosign.pub. */
	readonly keys: string;
}

/** Publishes what the last build has left of the images, and writes the files of the release. @throws as {@link publish} does. */
export async function publishTrial(names: readonly ImageName[]): Promise<Trial> {
	const stack = new AsyncDisposableStack();
	try {
		const registry = stack.use(await startLocalRegistry());
		const keys = await mkdtemp(join(tmpdir(), "baseimage-ts-keys-"));
		stack.defer(() => rm(keys, { recursive: true, force: true }));
		await makeKeyPair(join(keys, "cosign"));
		const repository = await Repository.open(`${registry.host}/org/baseimage-ts`);
		const { version } = await factsOf(root);
		const images = await readImages(names);
		const standin = images.some(({ image }) => isStandin(image));
		const release = { version, date: DATE, serial: 1 };
		const plan = planRelease(images, release, { repository: repository.name, standin });
		const signer = { kind: "key", file: join(keys, "cosign.key") } as const;
		await publish(plan, repository, signer);
		await writeAssets(plan, signer);
		return { plan, registry, keys, [Symbol.asyncDispose]: () => stack.disposeAsync() };
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}
