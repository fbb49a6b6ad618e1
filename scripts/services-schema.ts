// docs/services.schema.json: the keys of a service's definition for editors, as JSON Schema draft 7.
import {
	DEPENDENCY_KEYS,
	HEALTH_KEYS,
	type Key,
	type Keys,
	LIMIT_KEYS,
	LIMITS,
	LOG_KEYS,
	PROBE_KEYS,
	READY_KEYS,
	SERVICE_KEYS,
} from "../init/src/definitions/schema.ts";
import {
	DEPENDENCY_TEXTS,
	HEALTH_TEXTS,
	type KeyText,
	LIMIT_TEXTS,
	LOG_TEXTS,
	READY_TEXTS,
	SERVICE_TEXTS,
} from "../init/src/definitions/schema_texts.ts";

interface Schema {
	readonly [word: string]: unknown;
}

const text: Schema = { type: "string", minLength: 1 };
const path: Schema = { type: "string", pattern: "^/" };
const words: Schema = {
	anyOf: [text, { type: "array", items: { type: "string" }, minItems: 1 }],
};
const DURATION =
	"^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)((ms|s|m|h)(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ms|s|m|h))*)?$";

/** A table, with a text for each key. */
function tableOf(keys: Keys, texts: Readonly<Record<string, KeyText>>): Schema {
	const properties = Object.entries(keys).map(([name, key]) => [
		name,
		{ description: descriptionOf(key, texts[name]), ...schemaOf(name, key) },
	]);
	return {
		type: "object",
		properties: Object.fromEntries(properties),
		additionalProperties: false,
	};
}

function descriptionOf({ preset }: Key, [what, compose]: KeyText = ["", ""]): string {
	const ends = [
		...(preset === "" ? [] : [`default: ${preset}`]),
		...(compose === "" ? [] : [`Compose: ${compose}`]),
	];
	return [what, ...ends].join("; ");
}

const limit: Schema = { type: "integer", minimum: -1 };
/** One of the ways to ask, and no more. */
const oneOf = (names: readonly string[]): Schema => ({
	oneOf: names.map((name) => ({ required: [name] })),
});
const ways = Object.keys(READY_KEYS).filter((name) => name !== "timeout");

function schemaOf(name: string, { type, allowed, range }: Key): Schema {
	switch (type) {
		case "words":
			return words;
		case "text":
			return text;
		case "path":
			return path;
		case "paths":
			return { anyOf: [path, { type: "array", items: path }] };
		case "integer":
			return { type: "integer", ...(range && { minimum: range[0], maximum: range[1] }) };
		case "flag":
			if (name === "tty" || name === "sd_notify") return { const: name === "sd_notify" };
			return { type: "boolean" };
		case "duration":
			return {
				anyOf: [
					{ type: "string", pattern: DURATION },
					{ type: "number", minimum: 0 },
				],
			};
		case "size":
			return {
				anyOf: [
					{ type: "string", pattern: "^[0-9]+([kmgKMG][bB]?|[bB])?$" },
					{ type: "integer", minimum: 0 },
				],
			};
		case "choice":
			return { enum: allowed ?? [] };
		case "umask":
			return { type: "string", pattern: "^0?[0-7]{1,3}$" };
		case "signal":
			return { anyOf: [text, { type: "integer", minimum: 1, maximum: 64 }] };
		case "user":
			return { anyOf: [text, { type: "integer", minimum: 0 }] };
		case "groups":
			return { type: "array", items: { type: ["string", "integer"] } };
		case "environment":
			return {
				anyOf: [
					{ type: "object", additionalProperties: { type: ["string", "number"] } },
					{ type: "array", items: { type: "string", pattern: "^[^=]+=" } },
				],
			};
		case "limits":
			return limits();
		case "dependencies":
			return {
				anyOf: [
					{ type: "array", items: text },
					{ type: "object", additionalProperties: tableOf(DEPENDENCY_KEYS, DEPENDENCY_TEXTS) },
				],
			};
		case "restart":
			return {
				anyOf: [
					{ enum: ["no", "always", "on-failure", "unless-stopped"] },
					{ type: "string", pattern: "^on-failure:[0-9]+$" },
				],
			};
		case "schedule":
			return {
				anyOf: [
					{
						enum: ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"],
					},
					{ type: "string", pattern: "^\\s*\\S+(\\s+\\S+){4}\\s*$" },
				],
			};
		case "ready":
			return {
				anyOf: [{ const: "sd_notify" }, { ...tableOf(READY_KEYS, READY_TEXTS), ...oneOf(ways) }],
			};
		case "test":
			return test();
		case "table":
			return name === "log" ? tableOf(LOG_KEYS, LOG_TEXTS) : tableOf(HEALTH_KEYS, HEALTH_TEXTS);
	}
}

function limits(): Schema {
	const one = { anyOf: [limit, tableOf(LIMIT_KEYS, LIMIT_TEXTS)] };
	return {
		type: "object",
		properties: Object.fromEntries(LIMITS.map((name) => [name, one])),
		additionalProperties: false,
	};
}

function test(): Schema {
	const begin = (...first: readonly Schema[]): Schema => ({ type: "array", items: first });
	return {
		anyOf: [
			{ ...text, not: { const: "sd_notify" } },
			{ ...begin({ const: "CMD" }), minItems: 2, additionalItems: { type: "string" } },
			{ ...begin({ const: "CMD-SHELL" }, text), minItems: 2, maxItems: 2 },
			{ ...begin({ const: "NONE" }), minItems: 1 },
			{ ...tableOf(PROBE_KEYS, READY_TEXTS), ...oneOf(Object.keys(PROBE_KEYS)) },
		],
	};
}

export function servicesSchema(): object {
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		$comment: "Written by npm run docs from init/src/definitions/schema.ts; do not edit.",
		title: "A service of my_init",
		...tableOf(SERVICE_KEYS, SERVICE_TEXTS),
	};
}

export function servicesSchemaText(): string {
	return `${JSON.stringify(servicesSchema(), undefined, "\t")}\n`;
}
