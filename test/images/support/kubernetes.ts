// Manifests of Kubernetes, judged by the schemas of its API.
import { validate as validateDeployment } from "kubernetes-models/_schemas/IoK8sApiAppsV1Deployment";
import { validate as validateCronJob } from "kubernetes-models/_schemas/IoK8sApiBatchV1CronJob";
import { parseAllDocuments } from "yaml";
import { type Document, isDocument } from "./documents.ts";

type Validate = (data: unknown) => boolean;

/** The generated code of the package: it leaves what it has found in a property of itself. */
const SCHEMAS: Readonly<Record<string, Validate>> = {
	"apps/v1 Deployment": validateDeployment,
	"batch/v1 CronJob": validateCronJob,
};

/** The documents of a manifest. @throws at a syntax error, and at a document that is no mapping. */
export function parseManifests(text: string): Document[] {
	const documents = parseAllDocuments(text);
	if ("empty" in documents) throw new Error("the manifest holds no document");
	return documents.map((document) => {
		for (const error of document.errors) throw error;
		const content: unknown = document.toJS();
		if (!isDocument(content)) throw new Error("the manifest holds a document that is no mapping");
		return content;
	});
}

/**
 * What the API would refuse: values that are not of the schema, and fields that it does not know. The API server only
 * warns of those, and does as if they were not there.
 */
export function problemsOf(manifest: Document): string[] {
	const kind = `${manifest["apiVersion"]} ${manifest["kind"]}`;
	const validate = SCHEMAS[kind];
	if (validate === undefined) return [`no schema is known for ${kind}`];
	const unread = new Set<string>();
	const isValid = validate(watched(manifest, "", unread));
	const errors = isValid || !("errors" in validate) ? [] : [JSON.stringify(validate.errors)];
	return [...errors, ...[...unread].map((path) => `unknown field ${path}`)];
}

/** The same value; `unread` holds the paths of all its fields that nobody has read yet. The schemas allow any field, and read what they know. */
function watched<Value>(value: Value, path: string, unread: Set<string>): Value {
	if (!isDocument(value)) return value;
	for (const name of Object.keys(value)) unread.add(`${path}/${name}`);
	const inner = new Map<PropertyKey, unknown>();
	return new Proxy(value, {
		get(target, name) {
			const found: unknown = Reflect.get(target, name);
			if (typeof name === "symbol" || !Object.hasOwn(target, name)) return found;
			if (!inner.has(name)) {
				unread.delete(`${path}/${name}`);
				inner.set(name, watched(found, `${path}/${name}`, unread));
			}
			return inner.get(name);
		},
	});
}
