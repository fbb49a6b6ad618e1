// The file system that definitions are read from: a folder of this machine or an image. Nothing of it is ever run, and a link
// never leads out of it.
import { posix } from "node:path";

/** What lies at a path; links are not followed. */
export type Entry =
	| { kind: "file"; mode: number }
	| { kind: "folder" }
	| { kind: "link"; target: string }
	| { kind: "other" };

/** Where the files come from. All paths are absolute and normal. */
export interface Files {
	entry(path: string): Promise<Entry | undefined>;
	/** Of a regular file. */
	read(path: string): Promise<Buffer>;
	/** The names in a folder. */
	list(path: string): Promise<string[]>;
}

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Reads files with links followed inside of the source. What is not there is undefined or empty, never an error. */
export class SourceTree {
	readonly #files: Files;

	constructor(files: Files) {
		this.#files = files;
	}

	/** The path without links; undefined: there is nothing. */
	async resolve(path: string): Promise<string | undefined> {
		const rest = posix.normalize(path).split("/").filter(Boolean);
		let at = "/";
		let links = 0;
		for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
			const next = posix.join(at, name);
			const entry = await this.#files.entry(next);
			if (entry === undefined) return undefined;
			if (entry.kind !== "link") {
				at = next;
				continue;
			}
			links++;
			if (links > MOST_LINKS) return undefined;
			const target = posix.resolve(at, entry.target);
			rest.unshift(...target.split("/").filter(Boolean));
			at = "/";
		}
		return at;
	}

	/** What is there in the end, links followed. */
	async kindOf(path: string): Promise<Exclude<Entry["kind"], "link"> | undefined> {
		const real = await this.resolve(path);
		if (real === undefined) return undefined;
		if (real === "/") return "folder";
		const kind = (await this.#files.entry(real))?.kind;
		return kind === "link" ? undefined : kind;
	}

	/** What lies there itself. */
	async entry(path: string): Promise<Entry | undefined> {
		const folder = await this.resolve(posix.dirname(path));
		return folder === undefined
			? undefined
			: await this.#files.entry(posix.join(folder, posix.basename(path)));
	}

	async read(path: string): Promise<Buffer | undefined> {
		const real = await this.resolve(path);
		if (real === undefined || (await this.kindOf(real)) !== "file") return undefined;
		return await this.#files.read(real);
	}

	/** As text of one code unit for each byte, so that what is written again is the same. */
	async readText(path: string): Promise<string | undefined> {
		return (await this.read(path))?.toString("latin1");
	}

	/** The first line, without spaces around it; undefined: no such file. */
	async readWord(path: string): Promise<string | undefined> {
		return (await this.readText(path))?.split("\n", 1)[0]?.trim();
	}

	/** The names in a folder in byte order; none where there is no folder. */
	async list(path: string): Promise<string[]> {
		const real = await this.resolve(path);
		if (real === undefined || (await this.kindOf(real)) !== "folder") return [];
		return (await this.#files.list(real)).sort(byBytes);
	}
}

/** The order of the C locale, which all supervisors sort by. */
export function byBytes(a: string, b: string): number {
	return Buffer.compare(Buffer.from(a, "latin1"), Buffer.from(b, "latin1"));
}
