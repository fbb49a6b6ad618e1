// What an entry of the corpus is: a Dockerfile as people write them for Phusion's base, and what its user sees.
import type { Run } from "../support/container.ts";

export interface Entry {
	readonly name: string;
	/** The public image or repository whose pattern it follows; the words are ours. */
	readonly after: string;
	/** The feature that it needs. */
	readonly needs: string;
	/** Full: a Dockerfile that relies on more than the init, on the image that has it. Lean when it says nothing. */
	readonly on?: "full";
	/** Whether a plain init, one that forwards and reaps, would do as well. */
	readonly worksOnPlainInit?: true;
	/** What follows the FROM line. */
	readonly dockerfile: string;
	readonly run?: Run;
	/** Lines of stdout that must come, in this order. */
	readonly sees: readonly string[];
	/** How it ends: by itself with this code, or with it after `docker stop`. */
	readonly ends: { readonly code: number; readonly by: "itself" | "docker stop" };
}

/** COPY of an executable script. */
export function script(path: string, ...lines: readonly string[]): string {
	return `COPY --chmod=0755 <<'END' ${path}\n#!/bin/sh\n${lines.join("\n")}\nEND\n`;
}

const SAVER = "/actors/saver";

/** A server that says NAME ready, and on TERM NAME saving and NAME saved. */
export function server(name: string): string {
	return `${SAVER} ${name} 100`;
}
