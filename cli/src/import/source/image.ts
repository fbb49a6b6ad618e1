import { posix } from "node:path";
import type { Container } from "dockerode";
import { extract } from "tar-stream";
import { statusCodeOf } from "../../engine/answer.ts";
import { ExitCode } from "../../exit-codes.ts";
import { Failure } from "../../failure.ts";
import type { Entry, Files } from "./tree.ts";

/** Where definitions lie; fetched at once, since each single question is a request. */
const FETCHED = "/etc";
/** Definitions are small: what is larger is something else. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Go's bits of a file's mode (os.FileMode), which the engine's API speaks. */
const GO_FOLDER = 2 ** 31;
const GO_LINK = 2 ** 27;
const GO_IRREGULAR = 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19;

interface Fetched {
	entry: Entry;
	content: Buffer;
}

/** The file system of a container that was created and never started, through the engine's API. */
export class ImageFiles implements Files {
	readonly #container: Container;
	readonly #signal: AbortSignal;
	/** By path; what lies in FETCHED is complete. */
	readonly #fetched: Map<string, Fetched>;

	private constructor(container: Container, fetched: Map<string, Fetched>, signal: AbortSignal) {
		this.#container = container;
		this.#fetched = fetched;
		this.#signal = signal;
	}

	static async open(container: Container, signal: AbortSignal): Promise<ImageFiles> {
		return new ImageFiles(
			container,
			(await fetch(container, FETCHED, signal)) ?? new Map(),
			signal,
		);
	}

	async entry(path: string): Promise<Entry | undefined> {
		const known = this.#fetched.get(path);
		if (known !== undefined || isFetched(path)) return known?.entry;
		return await this.#ask(path);
	}

	async read(path: string): Promise<Buffer> {
		const known = this.#fetched.get(path);
		if (known !== undefined) return known.content;
		const fetched = await fetch(this.#container, path, this.#signal);
		return fetched?.get(path)?.content ?? Buffer.alloc(0);
	}

	async list(path: string): Promise<string[]> {
		const fetched = isFetched(path)
			? this.#fetched
			: await fetch(this.#container, path, this.#signal);
		return [...(fetched?.keys() ?? [])]
			.filter((name) => name !== path && posix.dirname(name) === path)
			.map((name) => posix.basename(name));
	}

	/** One path's kind, without its content. */
	async #ask(path: string): Promise<Entry | undefined> {
		try {
			const answer = await this.#container.infoArchive({ path, abortSignal: this.#signal });
			// It has no body, but holds its connection until it is read.
			answer.resume();
			return entryOf(answer.headers["x-docker-container-path-stat"]);
		} catch (thrown) {
			this.#signal.throwIfAborted();
			if (statusCodeOf(thrown) === 404) return undefined;
			throw thrown;
		}
	}
}

function isFetched(path: string): boolean {
	return path === FETCHED || path.startsWith(`${FETCHED}/`);
}

/** The answer's header is JSON in base64: name, size, mode, linkTarget. */
function entryOf(header: unknown): Entry | undefined {
	if (typeof header !== "string") return undefined;
	const stat: unknown = JSON.parse(Buffer.from(header, "base64").toString("utf8"));
	if (typeof stat !== "object" || stat === null || !("mode" in stat)) return undefined;
	const mode = Number(stat.mode);
	if (hasBit(mode, GO_FOLDER)) return { kind: "folder" };
	if (hasBit(mode, GO_LINK)) {
		return "linkTarget" in stat && typeof stat.linkTarget === "string"
			? { kind: "link", target: stat.linkTarget }
			: undefined;
	}
	return (mode & GO_IRREGULAR) === 0 ? { kind: "file", mode: mode & 0o777 } : { kind: "other" };
}

/** The numbers are beyond 32 bits with a sign, where `&` ends. */
function hasBit(mode: number, bit: number): boolean {
	return Math.floor(mode / bit) % 2 === 1;
}

/** A path with all below it; undefined: there is none. */
async function fetch(
	container: Container,
	path: string,
	signal: AbortSignal,
): Promise<Map<string, Fetched> | undefined> {
	// Aborted at the end in any case: an archive that nobody reads keeps the engine from removing the container.
	const over = new AbortController();
	const abortSignal = AbortSignal.any([signal, over.signal]);
	try {
		const archive = await container.getArchive({ path, abortSignal });
		return await unpack(archive, posix.dirname(path), signal);
	} catch (thrown) {
		signal.throwIfAborted();
		if (statusCodeOf(thrown) === 404) return undefined;
		throw thrown;
	} finally {
		over.abort();
	}
}

async function unpack(
	archive: NodeJS.ReadableStream,
	parent: string,
	signal: AbortSignal,
): Promise<Map<string, Fetched>> {
	const found = new Map<string, Fetched>();
	const entries = extract();
	archive.on("error", (error) => entries.destroy(error));
	archive.pipe(entries);
	let bytes = 0;
	for await (const item of entries) {
		signal.throwIfAborted();
		const { name, type, mode, linkname } = item.header;
		const chunks: Uint8Array[] = [];
		for await (const chunk of item) {
			if (!(chunk instanceof Uint8Array)) continue;
			bytes += chunk.length;
			if (bytes > MOST_BYTES) throw tooLarge(posix.join(parent, name));
			chunks.push(chunk);
		}
		const path = posix.join(parent, name).replace(/(.)\/$/, "$1");
		if (type === "link") {
			// A second name of a file: paths in an archive begin at its own root.
			const first = found.get(posix.join(parent, linkname ?? ""));
			if (first !== undefined) found.set(path, first);
			continue;
		}
		found.set(path, { entry: kindOf(type, mode ?? 0, linkname), content: Buffer.concat(chunks) });
	}
	return found;
}

function kindOf(type: string | null | undefined, mode: number, target?: string | null): Entry {
	if (type === "directory") return { kind: "folder" };
	if (type === "symlink") return { kind: "link", target: target ?? "" };
	if (type === "file" || type === "contiguous-file") return { kind: "file", mode: mode & 0o7777 };
	return { kind: "other" };
}

function tooLarge(path: string): Failure {
	return new Failure(
		ExitCode.system,
		`reading the image: at ${path} more than ${MOST_BYTES / 1024 / 1024} MiB were read`,
		"Name a folder with the definitions alone instead of the image.",
	);
}
