// Names of images, as engines read them.

/** What the init is called in the grafted image: each name has its own options and manners. */
export const INIT_NAMES = ["my_init", "tini", "dumb-init"] as const;
export type InitName = (typeof INIT_NAMES)[number];

/** The folder of the one added layer. A new one: a file below /sbin could hide a link to /usr/sbin. */
export const GRAFT_FOLDER = "baseimage-ts";

/** `/baseimage-ts/my_init` */
export function initPath(name: InitName): string {
	return `/${GRAFT_FOLDER}/${name}`;
}

/** Name and tag apart; a digest is no tag. `host:5000/app` has none. */
export function splitReference(reference: string): { name: string; tag: string | undefined } {
	const [bare = ""] = reference.split("@");
	const [, name = bare, tag] = /^(.*?)(?::([^/:]+))?$/s.exec(bare) ?? [];
	return { name, tag };
}

/** `app:1` becomes `app:1-my_init`. An image that was named by its id gets a name of its own. */
export function defaultTag(reference: string, init: InitName): string {
	if (/^(sha256:)?[0-9a-f]{12,64}$/.test(reference)) {
		return `grafted-${reference.replace("sha256:", "").slice(0, 12)}:${init}`;
	}
	const { name, tag } = splitReference(reference);
	return `${name}:${tag ?? "latest"}-${init}`;
}

/** `app` is `docker.io/library/app:latest` in full. */
export function fullReference(reference: string): string {
	const { name, tag } = splitReference(reference);
	const [first = "", ...rest] = name.split("/");
	const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
	const path = hasHost ? name : `docker.io/${rest.length === 0 ? "library/" : ""}${name}`;
	return `${path}:${tag ?? "latest"}`;
}
