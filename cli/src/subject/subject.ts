import type { ReadScript } from "../command/chain.ts";
import type { StartConfig } from "../command/config.ts";

/** Something that a container is or would be made of. */
export interface Subject {
	name: string;
	kind: "image" | "container" | "service" | "dockerfile";
	config: StartConfig;
	read: ReadScript;
	/** Why scripts can't be read, where that is so. */
	unread?: string;
}

/** No script can be read. */
export const readNothing: ReadScript = async () => undefined;
