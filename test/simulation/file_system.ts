// The files of a simulated machine, by path. Directories are there by what lies in them.
import * as errno from "./errno.ts";
import { oldSocket, plainFile, type SimulatedFile } from "./files.ts";
import type { MessageSocket } from "./streams.ts";

export class FileSystem {
	readonly #files: Map<string, SimulatedFile>;
	readonly #sockets = new Map<string, MessageSocket>();
	/** Nothing can be written. */
	readonly #isReadOnly: boolean;
	/** Who is told of what comes into a folder. */
	readonly #watchers = new Map<string, () => void>();

	constructor(files: Readonly<Record<string, SimulatedFile>>, isReadOnly: boolean) {
		this.#files = new Map(Object.entries(files));
		this.#isReadOnly = isReadOnly;
	}

	find(path: string): SimulatedFile | undefined {
		return this.#files.get(path);
	}

	names(directory: string): string[] | number {
		const within = `${directory}/`;
		const names = [...this.#files.keys()]
			.filter((path) => path.startsWith(within))
			.map((path) => path.slice(within.length).split("/")[0] ?? "");
		if (names.length === 0 && this.find(directory)?.kind !== "directory") return -errno.ENOENT;
		return [...new Set(names)];
	}

	/** What an existing file is besides its content stays. */
	write(path: string, bytes: string, modifiedS: number): number {
		if (this.#isReadOnly) return -errno.EROFS;
		const file = this.find(path);
		if (file?.kind === "directory") return -errno.EISDIR;
		this.#files.set(path, { ...(file ?? plainFile()), bytes, modifiedS });
		return 0;
	}

	/** Folders on the way to it come into being with it. */
	add(path: string, file: SimulatedFile): void {
		const came = [...this.#watchers].filter(([directory]) => {
			const within = `${directory}/`;
			if (!path.startsWith(within)) return false;
			const names = this.names(directory);
			const name = path.slice(within.length).split("/")[0] ?? "";
			return typeof names === "number" || !names.includes(name);
		});
		this.#files.set(path, file);
		for (const [, tell] of came) tell();
	}

	/** Has `tell` called when something comes into the directory, until the returned function is. */
	watch(directory: string, tell: () => void): () => void {
		this.#watchers.set(directory, tell);
		return () => this.#watchers.delete(directory);
	}

	/** Messages to the path go to the socket from now on. */
	listen(path: string, socket: MessageSocket): void {
		this.#files.set(path, oldSocket());
		this.#sockets.set(path, socket);
	}

	socket(path: string): MessageSocket | undefined {
		return this.#files.has(path) ? this.#sockets.get(path) : undefined;
	}

	remove(path: string): number {
		if (this.#isReadOnly) return -errno.EROFS;
		return this.#files.delete(path) ? 0 : -errno.ENOENT;
	}
}
