// depends_on: what a service comes after.
import type { Dependency } from "../services/definition.ts";
import { checkKeys, Fields } from "./fields.ts";
import type { ServiceFields } from "./launch.ts";
import { DEPENDENCY_KEYS } from "./schema.ts";
import { type Place, Table } from "./value.ts";

export interface Requirement extends Dependency {
	readonly key: "depends_on" | "service";
	/** Where it stands. */
	readonly place: Place;
}

export function readRequirements(fields: ServiceFields): Requirement[] {
	const entry = fields.entry("depends_on");
	if (entry === undefined) return [];
	const { value, place } = entry;
	const key = "depends_on";
	const plain = { condition: "service_started", restarts: false, isRequired: true } as const;
	if (!(value instanceof Table)) {
		const names = fields.strings("depends_on") ?? [];
		return names
			.filter((name, index) => names.indexOf(name) === index)
			.map((name) => ({ key, name, place, ...plain }));
	}
	return value.entries.map(({ key: name, place: at, value: table }) => {
		const owner = `${key}.${name}`;
		if (!(table instanceof Table)) {
			fields.findings.add(at, `${owner} is no table; write {condition = "service_started"}`);
			return { key, name, place: at, ...plain };
		}
		checkKeys(
			`${owner}.`,
			table,
			DEPENDENCY_KEYS,
			fields.findings,
			() => "it has condition, restart, required",
		);
		const own = new Fields(`${owner}.`, table, at, DEPENDENCY_KEYS, fields.findings);
		return {
			...{ key, name, place: at },
			condition: own.choice("condition", DEPENDENCY_KEYS.condition.allowed) ?? plain.condition,
			...{ restarts: own.flag("restart"), isRequired: own.flag("required") },
		};
	});
}
