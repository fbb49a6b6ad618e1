// Reading values whose shape nobody has promised: an engine's answers, files of others.

/** The member of an object; undefined when there is none, or the value is no object. */
export function field(value: unknown, ...keys: readonly string[]): unknown {
	let found: unknown = value;
	for (const key of keys) {
		if (typeof found !== "object" || found === null) return undefined;
		found = Object.entries(found).find(([name]) => name === key)?.[1];
	}
	return found;
}

/** The text at the keys, or undefined where there is none, or it is empty. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
	const found = field(value, ...keys);
	return typeof found === "string" && found !== "" ? found : undefined;
}

export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
	const found = field(value, ...keys);
	return typeof found === "number" ? found : undefined;
}

/** The array at the keys, or an empty one. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
	const found = field(value, ...keys);
	return Array.isArray(found) ? found : [];
}

/** The texts of the array at the keys; undefined where there is no array. */
export function textsAt(value: unknown, ...keys: readonly string[]): string[] | undefined {
	const found = field(value, ...keys);
	if (!Array.isArray(found)) return undefined;
	return found.filter((item) => typeof item === "string");
}

/** The object at the keys whose values are texts, such as labels. */
export function textMapAt(value: unknown, ...keys: readonly string[]): Record<string, string> {
	const found = field(value, ...keys);
	if (typeof found !== "object" || found === null) return {};
	return Object.fromEntries(
		Object.entries(found).filter(
			(entry): entry is [string, string] => typeof entry[1] === "string",
		),
	);
}

/** The members of an object; none where the value is no object. */
export function membersOf(value: unknown): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
	return Object.fromEntries(Object.entries(value));
}
