// The README's quick starts, cut out of the folders in examples/: what is shown is what the tests build and run.
//
// A session that a script has recorded is shown, too. README has, for each,  <!-- example:start FILE -->  and  <!-- example:end -->;  npm run docs writes what lies between. FILE, if
// it is no session, has one region between two comments,  # readme:start  and  # readme:end.
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const START = /^<!-- example:start (\S+) -->$/;
const END = "<!-- example:end -->";
const REGION_START = "# readme:start";
const REGION_END = "# readme:end";

/** How a block of code says what it is in, by the end of the file's name. */
const LANGUAGES: Readonly<Record<string, string>> = {
	"": "Dockerfile",
	".yaml": "yaml",
	".toml": "toml",
};
/** What was recorded in a terminal is shown as it is, and has no region. */
const SESSION = ".console";

/** The README of the checkout `folder`, with the examples as they are now. @throws when a mark or a region is missing. */
export async function readmeWithExamples(folder: string): Promise<string> {
	const text = await readFile(join(folder, "README.md"), "utf8");
	const files = text.split("\n").flatMap((line) => START.exec(line)?.[1] ?? []);
	const read = async (file: string) => [file, await readFile(join(folder, file), "utf8")] as const;
	return withExamples(text, new Map(await Promise.all(files.map(read))));
}

/** The text with what lies between its marks replaced by the files' regions. @throws when a mark or a region is missing. */
export function withExamples(text: string, files: ReadonlyMap<string, string>): string {
	const out: string[] = [];
	let open: string | undefined;
	for (const line of text.split("\n")) {
		const file = START.exec(line)?.[1];
		if (open !== undefined && file !== undefined) throw new Error(`${open} has no "${END}"`);
		if (open === undefined && line === END) throw new Error(`"${END}" without a file before it`);
		if (file !== undefined) {
			out.push(line, ...block(file, files.get(file)));
			open = file;
		} else if (line === END) {
			out.push(line);
			open = undefined;
		} else if (open === undefined) {
			out.push(line);
		}
	}
	if (open !== undefined) throw new Error(`${open} has no "${END}"`);
	return out.join("\n");
}

function block(file: string, content: string | undefined): string[] {
	if (content !== undefined && extname(file) === SESSION) {
		return ["```console", ...content.trimEnd().split("\n"), "```"];
	}
	const language = LANGUAGES[extname(file)];
	if (content === undefined || language === undefined) {
		throw new Error(
			`${file} is no file that can be shown: it ends in .yaml, .toml or .console, or is a Dockerfile`,
		);
	}
	return [`\`\`\`${language}`, ...withDefaults(content, region(file, content)), "```"];
}

/** The lines of the region, as far to the left as they go. */
function region(file: string, content: string): string[] {
	const lines = content.split("\n");
	const starts = lines.flatMap((line, at) => (line.trim() === REGION_START ? [at] : []));
	const ends = lines.flatMap((line, at) => (line.trim() === REGION_END ? [at] : []));
	const [start, ...moreStarts] = starts;
	const [end, ...moreEnds] = ends;
	const isOne = moreStarts.length === 0 && moreEnds.length === 0;
	if (start === undefined || end === undefined || end < start + 2 || !isOne) {
		throw new Error(`${file} needs "${REGION_START}", lines, and "${REGION_END}", once`);
	}
	const inside = lines.slice(start + 1, end);
	const depths = inside.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
	return inside.map((line) => line.slice(Math.min(...depths)));
}

/** Readers see what stands for a build argument when nobody sets it. */
function withDefaults(content: string, lines: readonly string[]): string[] {
	const defaults = new Map(
		[...content.matchAll(/^ARG (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
	);
	return lines.map((line) =>
		line.replace(/\$\{(\w+)\}/g, (found, name: string) => defaults.get(name) ?? found),
	);
}
