// An image's archive on its way from an engine back into it: layers pass through, and what describes them is written anew.
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract, type Header, pack } from "tar-stream";

/** What describes an image is small; layers are passed on without being kept. */
const KEPT_BYTES = 2_097_152;
/** Written anew in any case. */
const HELD_BACK = ["index.json", "manifest.json", "oci-layout", "repositories"];

/** What an archive says of its images. */
export interface Described {
	/** Small files by their names, such as `blobs/sha256/…` and `index.json`. */
	files: ReadonlyMap<string, Buffer>;
	/** The names of all files. */
	names: ReadonlySet<string>;
}

/** What is added behind the files that pass through. */
export type Additions = ReadonlyMap<string, Buffer>;

/** The rewritten archive. It fails with whatever `describe` throws, or the source. */
export function rewriteArchive(
	source: Readable,
	describe: (described: Described) => Promise<Additions>,
	onBytes: (bytes: number) => void,
): Readable {
	const output = pack();
	passOn(source, output, describe, onBytes).catch((thrown: unknown) => {
		source.destroy();
		output.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
	});
	return Readable.from(output, { objectMode: false });
}

async function passOn(
	source: Readable,
	output: ReturnType<typeof pack>,
	describe: (described: Described) => Promise<Additions>,
	onBytes: (bytes: number) => void,
): Promise<void> {
	const files = new Map<string, Buffer>();
	const names = new Set<string>();
	const reader = extract();
	const counted = new PassThrough();
	let bytes = 0;
	counted.on("data", (chunk: Buffer) => {
		bytes += chunk.length;
		onBytes(bytes);
	});
	const read = pipeline(source, counted, reader);
	read.catch(() => undefined);
	for await (const entry of reader) {
		const { header } = entry;
		names.add(header.name);
		const isSmall = header.type === "file" && (header.size ?? 0) <= KEPT_BYTES;
		if (HELD_BACK.includes(header.name) || isSmall) {
			const content = await buffer(entry);
			files.set(header.name, content);
			if (!HELD_BACK.includes(header.name)) await write(output, header, content);
		} else if (header.type === "file") {
			await pipeline(entry, output.entry({ ...header, pax: null }));
		} else {
			entry.resume();
			await write(output, header, undefined);
		}
	}
	await read;
	for (const [name, content] of await describe({ files, names })) {
		if (!names.has(name) || HELD_BACK.includes(name)) {
			await write(output, { name, mode: 0o644, mtime: new Date(0) }, content);
		}
	}
	output.finalize();
}

function write(
	output: ReturnType<typeof pack>,
	header: Partial<Header> & { name: string },
	content: Buffer | undefined,
): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const done = (error?: Error | null) => (error ? reject(error) : resolve());
	if (content === undefined) output.entry({ ...header, size: 0 }, done);
	else output.entry({ ...header, size: content.length }, content, done);
	return promise;
}
