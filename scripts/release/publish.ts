/** Carries a plan out: dated tags first, then signatures, then the tags that move, so that none names an unsigned image. */
import type { Plan, Published } from "./plan.ts";
import type { Repository } from "./repository.ts";
import { type Signer, sign } from "./sign.ts";
import { isDatedTag } from "./tags.ts";

/** The dated tags that the repository has of a day, with their digests. */
export async function publishedOn(repository: Repository, date: string): Promise<Published> {
	const tags = (await repository.tags()).filter((tag) => isDatedTag(tag) && tag.includes(date));
	const digests = await Promise.all(
		tags.map(async (tag) => [tag, await repository.digest(tag)] as const),
	);
	return new Map(digests);
}

/** @throws what the registry or cosign says; the tags that move are then where they were, or name signed images. */
export async function publish(
	plan: Plan,
	repository: Repository,
	signer: Signer | undefined,
): Promise<void> {
	for (const { name, image, tags } of plan.images) {
		say(`${name}: pushing ${tags.dated}…`);
		await repository.push(image, name, tags.dated);
		if (signer !== undefined) {
			say(`${name}: signing ${image.digest}…`);
			await sign(`${repository.name}@${image.digest}`, signer);
		}
		say(`${name}: moving ${tags.moving.join(", ")}…`);
		for (const tag of tags.moving) await repository.tag(image.digest, tag);
	}
}

function say(text: string): void {
	process.stderr.write(`release: ${text}\n`);
}
