// What is parsed out of YAML and JSON, whose shape nobody has promised.

/** A mapping. */
export type Document = Readonly<Record<PropertyKey, unknown>>;

export function isDocument(value: unknown): value is Document {
	return typeof value === "object" && value !== null;
}

/** What lies at a path of names and indexes. @throws where there is nothing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
	return path.reduce<unknown>((found, name) => {
		const next: unknown = isDocument(found) ? found[name] : undefined;
		if (next === undefined) throw new Error(`there is no ${path.join("/")}`);
		return next;
	}, value);
}
