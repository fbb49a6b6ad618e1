import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { posix } from "node:path";
import { errnoOf } from "../../failure.ts";
import type { Entry, Files } from "./tree.ts";

/** A folder or file of this machine, and the path that it has in the source. */
export interface Mount {
	at: string;
	path: string;
}

/** A mounted folder of this machine; the folders above its mount point have nothing else in them. */
export class FolderFiles implements Files {
	readonly #mount: Mount;

	constructor(mount: Mount) {
		this.#mount = mount;
	}

	async entry(path: string): Promise<Entry | undefined> {
		const here = this.#here(path);
		if (here === undefined) return isAbove(path, this.#mount.at) ? { kind: "folder" } : undefined;
		try {
			const found = await lstat(here);
			if (found.isSymbolicLink() && path !== this.#mount.at) {
				return { kind: "link", target: await readlink(here, "latin1") };
			}
			if (found.isFile()) return { kind: "file", mode: found.mode & 0o7777 };
			return { kind: found.isDirectory() || found.isSymbolicLink() ? "folder" : "other" };
		} catch (thrown) {
			if (["ENOENT", "ENOTDIR"].includes(errnoOf(thrown))) return undefined;
			throw thrown;
		}
	}

	async read(path: string): Promise<Buffer> {
		return await readFile(this.#here(path) ?? path);
	}

	async list(path: string): Promise<string[]> {
		const here = this.#here(path);
		if (here !== undefined) return await readdir(here);
		const [name = ""] = posix.relative(path, this.#mount.at).split("/");
		return [name];
	}

	/** Where the path lies on this machine; undefined: outside of what is mounted. */
	#here(path: string): string | undefined {
		const { at, path: mounted } = this.#mount;
		if (path === at) return mounted;
		return isAbove(at, path) ? posix.join(mounted, posix.relative(at, path)) : undefined;
	}
}

function isAbove(folder: string, path: string): boolean {
	return path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
