// Source definitions of s6-rc (skarnet.org/software/s6-rc/s6-rc-compile.html), and the order among them.
import type { Problem } from "../model.ts";
import type { SourceTree } from "../source/tree.ts";

/** One definition; what it consists of and needs is by name. */
export interface Definition {
	name: string;
	path: string;
	type: "oneshot" | "longrun" | "bundle";
	contents: string[];
	dependencies: string[];
	producerFor: string | undefined;
	consumerFor: string[];
}

export type Definitions = ReadonlyMap<string, Definition>;

/** What s6-overlay itself defines: whoever depends on it depends on what is there at once here. */
const BUILT_IN = new Set([
	...["base", "fix-attrs", "legacy-cont-init", "legacy-services", "top", "user", "user2"],
	...["s6rc-oneshot-runner", "s6rc-fdholder"],
]);

export async function readDefinitions(
	tree: SourceTree,
	folder: string,
	problems: Problem[],
): Promise<Map<string, Definition>> {
	const found = new Map<string, Definition>();
	for (const name of await tree.list(folder)) {
		const path = `${folder}/${name}`;
		if (name.startsWith(".") || (await tree.kindOf(path)) !== "folder") continue;
		const type = await tree.readWord(`${path}/type`);
		// The overlay's own user bundle is filled by files in a folder that may have no type of its own.
		const known = type ?? (BUILT_IN.has(name) ? "bundle" : undefined);
		if (known !== "oneshot" && known !== "longrun" && known !== "bundle") {
			const place = type === undefined ? { file: path } : { file: `${path}/type`, line: 1 };
			const what = type === undefined ? "it has no type" : `the type is "${type}"`;
			problems.push({ place, what, remedy: "Write oneshot, longrun or bundle into type." });
			continue;
		}
		found.set(name, {
			name,
			path,
			type: known,
			contents: await names(tree, `${path}/contents`),
			dependencies: await names(tree, `${path}/dependencies`),
			producerFor: await tree.readWord(`${path}/producer-for`),
			consumerFor: await lines(tree, `${path}/consumer-for`),
		});
	}
	complainAboutNames(found, problems);
	return found;
}

/** Names as files of a folder `X.d`, or as lines of a file `X`, as it was before. */
async function names(tree: SourceTree, path: string): Promise<string[]> {
	return [...(await tree.list(`${path}.d`)), ...(await lines(tree, path))];
}

async function lines(tree: SourceTree, path: string): Promise<string[]> {
	const text = (await tree.readText(path)) ?? "";
	return text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("#"));
}

function complainAboutNames(definitions: Definitions, problems: Problem[]): void {
	for (const { path, contents, dependencies } of definitions.values()) {
		for (const [kind, listed] of [
			["contents", contents],
			["dependencies", dependencies],
		] as const) {
			for (const name of listed) {
				if (definitions.has(name) || BUILT_IN.has(name)) continue;
				const what = `${kind} has "${name}", which nothing defines`;
				const remedy = `Define it beside this one, or take it out; s6-rc-compile refuses it too.`;
				problems.push({ place: { file: path }, what, remedy });
			}
		}
	}
}

/** The oneshots and longruns that a name stands for, a bundle's contents in its place. */
export function atoms(definitions: Definitions, name: string, seen = new Set<string>()): string[] {
	const definition = definitions.get(name);
	if (definition === undefined || seen.has(name)) return [];
	seen.add(name);
	if (definition.type !== "bundle") return [name];
	return definition.contents.flatMap((content) => atoms(definitions, content, seen));
}

/** What a oneshot or longrun needs directly, the ends of its pipeline too: a consumer starts first. */
export function needs(definitions: Definitions, name: string): string[] {
	const definition = definitions.get(name);
	if (definition === undefined) return [];
	const { dependencies, producerFor } = definition;
	const listed = producerFor === undefined ? dependencies : [...dependencies, producerFor];
	return [...new Set(listed.flatMap((listedName) => atoms(definitions, listedName)))];
}

/** The names with all that they need, each behind what it needs. A circle is named and broken. */
export function inOrder(
	definitions: Definitions,
	roots: readonly string[],
	problems: Problem[],
): string[] {
	const done: string[] = [];
	const visit = (name: string, above: readonly string[]) => {
		if (done.includes(name)) return;
		if (above.includes(name)) {
			const circle = [...above.slice(above.indexOf(name)), name].join(" → ");
			const place = { file: definitions.get(name)?.path ?? name };
			const remedy = "Take one of the dependencies out; s6-rc-compile refuses it too.";
			problems.push({ place, what: `it depends on itself: ${circle}`, remedy });
			return;
		}
		for (const needed of needs(definitions, name)) visit(needed, [...above, name]);
		if (!done.includes(name)) done.push(name);
	};
	for (const root of roots) visit(root, []);
	return done;
}
