// main.toml's `service`: a service runs in the main command's place, with the arguments of PID 1.
import type { Definition } from "../services/definition.ts";
import type { Graph } from "./graph.ts";
import type { ServiceFields } from "./launch.ts";
import type { Requirement } from "./requirements.ts";
import { isServiceKey, MAIN, NOT_OF_MAIN, SERVICE_KEYS } from "./schema.ts";
import type { Service } from "./service.ts";
import { quoted } from "./toml/read_toml.ts";
import type { Findings } from "./value.ts";

/** Whom it names; undefined: nobody, or it may not. */
export function readMainService(fields: ServiceFields, owner: string): Requirement | undefined {
	const entry = fields.entry("service");
	const name = fields.text("service");
	if (entry === undefined || name === undefined) return undefined;
	if (owner !== MAIN) {
		fields.bad("service", "is a key of main.toml alone; take it out");
		return undefined;
	}
	if (name === MAIN) {
		fields.bad("service", "is main, whose own file this is; name a service");
		return undefined;
	}
	for (const key of Object.keys(SERVICE_KEYS)) {
		if (key === "service" || NOT_OF_MAIN[key] !== undefined || !isServiceKey(key)) continue;
		const other = fields.entry(key);
		if (other !== undefined)
			fields.findings.add(
				other.place,
				`${key} and service contradict each other: how ${quoted(name)} runs is said in its own file; take one out`,
			);
	}
	const { place } = entry;
	return {
		...{ key: "service", name, place },
		...{ condition: "service_started", restarts: false, isRequired: true },
	};
}

/** One process takes the arguments, and from the boot on. */
export function checkMainService(
	{ byName }: Graph,
	findings: Findings,
	faulty: Record<string, boolean>,
): void {
	const { mainService } = byName[MAIN] ?? {};
	if (mainService === undefined) return;
	const { scale = 1, definition } = byName[mainService.name] ?? {};
	const what =
		scale > 1
			? `of which there are ${scale}, and the main command is one; take out its scale`
			: definition !== undefined && definition.schedule !== ""
				? "which the clock starts, and the main command is started at boot; take out its schedule"
				: undefined;
	if (what === undefined) return;
	findings.add(mainService.place, `service names ${quoted(mainService.name)}, ${what}`);
	faulty[MAIN] = true;
}

/** Its definition, with the arguments of PID 1, if there are any, in place of its command. */
export function asMain({ definition, entrypoint }: Service, given: readonly string[]): Definition {
	const { launch } = definition;
	const words = given.length > 0 ? [...entrypoint, ...given] : launch.words;
	return { ...definition, isMain: true, launch: { ...launch, words } };
}
