// s6-rc's oneshots become start-up scripts and hooks, its longruns services.
import { type Imported, type ImportedService, type Loss, nothingImported } from "../model.ts";
import type { SourceTree } from "../source/tree.ts";
import { parseExecline } from "./execline.ts";
import { GOES_ON, scriptOf } from "./legacy.ts";
import { type AdaptedProgram, adaptCommandLine, adaptProgram } from "./program.ts";
import {
	atoms,
	type Definition,
	type Definitions,
	inOrder,
	needs,
	readDefinitions,
} from "./rc-definitions.ts";
import { readServiceFolder } from "./service-folder.ts";

/** Where s6-overlay and images with s6-rc alone have their definitions. */
export const RC_FOLDERS = ["/etc/s6-overlay/s6-rc.d", "/etc/s6-rc.d"];

/** Bundles that are started at boot. */
const STARTED = ["user", "user2", "default"];

export async function importS6Rc(tree: SourceTree, folder: string): Promise<Imported> {
	const imported = nothingImported();
	const definitions = await readDefinitions(tree, folder, imported.problems);
	if (definitions.size === 0) return imported;

	const bundles = STARTED.filter((name) => definitions.has(name));
	const roots = bundles.length === 0 ? [...definitions.keys()] : bundles;
	if (bundles.length === 0) {
		imported.notes.push(`${folder} has no bundle "user": everything in it counts as started.`);
	}
	const rootAtoms = [...new Set(roots.flatMap((name) => atoms(definitions, name)))];
	const started = inOrder(definitions, rootAtoms, imported.problems);
	const afterServices = dependsOnService(definitions, started);
	const hooks: ImportedService[] = [];
	for (const name of started) {
		const definition = definitions.get(name);
		if (definition?.type === "longrun") {
			await addLongrun(tree, definitions, definition, imported);
		} else if (definition?.type === "oneshot") {
			const isLate = afterServices.has(name);
			await addOneshot(tree, definitions, definition, isLate, imported, hooks);
		}
	}
	// What was started last ends first.
	imported.services.push(...hooks.reverse());
	for (const { name, path, type } of definitions.values()) {
		if (type === "bundle" || started.includes(name)) continue;
		const why = `it is in none of the bundles that are started (${bundles.join(", ")})`;
		imported.leftOut.push({ place: { file: path }, name, why, isMissed: false });
	}
	if (imported.services.some(({ stage }) => stage === "startup")) imported.settings.push(GOES_ON);
	return imported;
}

/** Oneshots that must not run before a longrun, directly or not. */
function dependsOnService(definitions: Definitions, started: readonly string[]): Set<string> {
	const late = new Set<string>();
	// Each stands behind what it needs.
	for (const name of started) {
		if (definitions.get(name)?.type !== "oneshot") continue;
		const isLate = needs(definitions, name).some(
			(needed) => definitions.get(needed)?.type === "longrun" || late.has(needed),
		);
		if (isLate) late.add(name);
	}
	return late;
}

async function addLongrun(
	tree: SourceTree,
	definitions: Definitions,
	{ name, path, producerFor, consumerFor }: Definition,
	imported: Imported,
): Promise<void> {
	if (consumerFor.length > 0 && producerFor === undefined) {
		const why = `it reads what ${consumerFor.join(", ")} writes, which goes to the container's log`;
		imported.leftOut.push({ place: { file: path }, name, why, isMissed: false });
		return;
	}
	const { service, problems } = await readServiceFolder(tree, path, "s6-rc");
	imported.problems.push(...problems);
	if (service === undefined) return;
	const pipeline: Loss[] =
		producerFor === undefined
			? []
			: [
					{
						place: { file: `${path}/producer-for`, line: 1 },
						what: `producer-for ${producerFor}`,
						why: "no pipeline is made: what it writes goes to the container's log",
					},
				];
	imported.services.push({
		...service,
		dependencies: needs(definitions, name).filter((needed) => needed !== producerFor),
		losses: [...service.losses, ...pipeline],
	});
}

async function addOneshot(
	tree: SourceTree,
	definitions: Definitions,
	{ name, path }: Definition,
	isLate: boolean,
	imported: Imported,
	hooks: ImportedService[],
): Promise<void> {
	const make = async (which: "up" | "down"): Promise<ImportedService | undefined> => {
		const file = `${path}/${which}`;
		const text = await tree.readText(file);
		if (text === undefined) {
			if (which === "up") {
				const remedy = "Add it; s6-rc-compile refuses a oneshot without one.";
				imported.problems.push({ place: { file: path }, what: "it has no up", remedy });
			}
			return undefined;
		}
		if (isEmpty(text)) return undefined;
		const adapted = await adaptOneshot(tree, text, file);
		imported.problems.push(...adapted.problems);
		const limit = await tree.readWord(`${path}/timeout-${which}`);
		const losses = limit === undefined ? [] : [timeoutLoss(`${path}/timeout-${which}`, limit)];
		const stage =
			which === "up" ? (isLate ? "service" : "startup") : isLate ? "pre-shutdown" : "post-shutdown";
		const dependencies = which === "up" ? needs(definitions, name) : [];
		const { program, user } = adapted;
		return scriptOf({
			...{ name, file, origin: "s6-rc", stage, program, user, dependencies },
			losses: [...adapted.losses, ...losses],
		});
	};
	const up = await make("up");
	if (up !== undefined) imported.services.push(up);
	const down = await make("down");
	if (down !== undefined) hooks.push(down);
}

function timeoutLoss(file: string, limit: string): Loss {
	const what = `${file.slice(file.lastIndexOf("/") + 1)} ${limit}`;
	const why =
		"there is one time for every start-up script, INIT_STARTUP_TIMEOUT, and one for the stop";
	return { place: { file, line: 1 }, what, why };
}

/** `up` is a line of execline; mostly it names a script, whose own text is taken then. */
async function adaptOneshot(tree: SourceTree, text: string, file: string): Promise<AdaptedProgram> {
	const words = literalWords(text);
	const [script] = words[0] === "with-contenv" ? words.slice(1) : words;
	const isAlone = words.length === (words[0] === "with-contenv" ? 2 : 1);
	if (isAlone && script?.startsWith("/") && (await tree.kindOf(script)) === "file") {
		const content = await tree.read(script);
		if (content !== undefined && content.toString("latin1", 0, 2) === "#!") {
			return adaptProgram(content, script);
		}
	}
	return adaptCommandLine(text, file);
}

/** The words of a line without blocks and substitutions; none where it has any. */
function literalWords(text: string): string[] {
	try {
		return parseExecline(text).map((item) => {
			if (item.kind === "block" || item.pieces.length !== 1) throw new RangeError("not literal");
			return String(item.pieces[0]);
		});
	} catch {
		return []; // Whatever is wrong with it, whoever translates it says so.
	}
}

function isEmpty(text: string): boolean {
	return text.split("\n").every((line) => /^\s*(#|$)/.test(line));
}
