// Worlds with services.
import type { Definition } from "../../../init/src/services/definition.ts";
import { PLAIN_LAUNCH } from "../../../init/src/services/launch.ts";
import { USUAL_DEFINITION } from "../../../init/src/services/usual.ts";
import type { Actor } from "../../simulation/actor.ts";
import { program } from "../../simulation/files.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

export interface Service extends Partial<Omit<Definition, "name">> {
	readonly actor: Actor;
}

/** What is usual, but for what is said. */
export function definition(name: string, more: Partial<Definition> = {}): Definition {
	return {
		...USUAL_DEFINITION,
		name,
		file: `/etc/my_init/services/${name}.toml`,
		launch: { ...PLAIN_LAUNCH, words: [`/srv/${name}`] },
		...more,
	};
}

/** It must be ready first. */
export const needs = (...names: string[]): Definition["dependsOn"] =>
	names.map((name) => ({
		name,
		condition: "service_started",
		restarts: false,
		isRequired: true,
	}));

export function worldOf(
	services: Readonly<Record<string, Service>>,
	options: WorldOptions = {},
): World {
	const entries = Object.entries(services);
	return new World({
		...options,
		definitions: entries.map(([name, { actor: _, ...more }]) => definition(name, more)),
		files: {
			...Object.fromEntries(entries.map(([name, { actor }]) => [`/srv/${name}`, program(actor)])),
			...options.files,
		},
	});
}

/** When the program of a service was started. */
export const startsOf = ({ facts }: Run, name: string): number[] =>
	facts
		.filter((fact) => fact.type === "executed" && fact.path === `/srv/${name}`)
		.map(({ atMs }) => atMs);
