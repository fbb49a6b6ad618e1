// A source of a few files, written down in the test.
import { posix } from "node:path";
import { type Entry, type Files, SourceTree } from "../../../cli/src/import/source/tree.ts";

/** By path; `→ TARGET` is a link. */
export type Texts = Readonly<Record<string, string>>;

export function treeOf(texts: Texts): SourceTree {
	return new SourceTree(new MemoryFiles(texts));
}

class MemoryFiles implements Files {
	readonly #texts: Texts;

	constructor(texts: Texts) {
		this.#texts = texts;
	}

	async entry(path: string): Promise<Entry | undefined> {
		const text = this.#texts[path];
		if (text?.startsWith("→ ")) return { kind: "link", target: text.slice(2) };
		if (text !== undefined) return { kind: "file", mode: 0o644 };
		const isFolder = Object.keys(this.#texts).some((name) => name.startsWith(`${path}/`));
		return isFolder ? { kind: "folder" } : undefined;
	}

	async read(path: string): Promise<Buffer> {
		return Buffer.from(this.#texts[path] ?? "");
	}

	async list(path: string): Promise<string[]> {
		const below = Object.keys(this.#texts).filter((name) => name.startsWith(`${path}/`));
		return [...new Set(below.map((name) => posix.relative(path, name).split("/")[0] ?? ""))];
	}
}
