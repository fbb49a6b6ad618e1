// log: where the lines of a service go.
import type { Logging } from "../services/definition.ts";
import { checkKeys, Fields } from "./fields.ts";
import type { ServiceFields } from "./launch.ts";
import { LOG_KEYS } from "./schema.ts";
import { Table } from "./value.ts";

const AS_IT_IS: Logging = { format: "inherit", file: "", maxSize: 0, maxFiles: 0 };

export function readLog(service: ServiceFields): Logging {
	const entry = service.entry("log");
	if (entry === undefined) return AS_IT_IS;
	const isTable = entry.value instanceof Table;
	if (!isTable) service.unexpected("log", entry.value);
	const table = entry.value instanceof Table ? entry.value : undefined;
	const { findings } = service;
	if (table !== undefined)
		checkKeys(
			"log.",
			table,
			LOG_KEYS,
			findings,
			() => `it has ${Object.keys(LOG_KEYS).join(", ")}`,
		);
	const fields = new Fields("log.", table, entry.place, LOG_KEYS, findings);
	const file = fields.path("file") ?? "";
	const given = fields.choice("format", LOG_KEYS.format.allowed) ?? "inherit";
	const format = fields.has("file") && !fields.has("format") ? "prefix" : given;
	if (fields.has("file") && (format === "inherit" || format === "none"))
		fields.bad(
			"file",
			`and format = "${format}" contradict each other; write prefix or json, or take file out`,
		);
	for (const name of ["max_size", "max_files"] as const) {
		if (fields.has(name) && !fields.has("file"))
			fields.bad(name, "is about a file, and there is none; write file, or take it out");
	}
	return {
		format,
		file,
		maxSize: fields.sizeBytes("max_size"),
		maxFiles: fields.integer("max_files") ?? 0,
	};
}
