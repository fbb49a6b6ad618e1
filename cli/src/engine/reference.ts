// What can be the name of an image. Anything else must not get into an engine's URL, where `..` and `?` have meanings of their own.
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";

// The grammar of the distribution specification's references, and of ids.
const HOST = /[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?(?::[0-9]+)?|\[[0-9a-fA-F:]+\](?::[0-9]+)?/;
const COMPONENT = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/;
const TAG = /[\w][\w.-]{0,127}/;
const DIGEST = /[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}/;
const NAME = `(?:(?:${HOST.source})/)?${COMPONENT.source}(?:/${COMPONENT.source})*`;
const TAGGED = new RegExp(`^${NAME}(?::${TAG.source})?$`);
const REFERENCE = new RegExp(`^${NAME}(?::${TAG.source})?(?:@${DIGEST.source})?$`);
const ID = /^(?:sha256:)?[0-9a-f]{4,64}$/;

/** Whether it names an image, by a name with a tag or digest, or by an id. */
export function isReference(text: string): boolean {
	return REFERENCE.test(text) || ID.test(text);
}

/** Throws a Failure for what no image can be called: `option` is where it was said. */
export function requireTag(text: string, option: string): void {
	if (TAGGED.test(text)) return;
	throw new Failure(
		ExitCode.usage,
		`${option}: no image can be called "${text}"`,
		"It should look like name:tag or registry.example/team/name:tag, the name in lower case.",
	);
}
