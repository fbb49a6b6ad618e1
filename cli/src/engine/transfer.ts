// An image out of an engine and into it again, rewritten on the way; nothing is put on this machine's disk.
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { splitReference } from "../graft/names.ts";
import { type Additions, type Described, rewriteArchive } from "../graft/rewrite.ts";
import { textAt } from "../json.ts";
import { abandonOn } from "../waiting.ts";
import { statusCodeOf } from "./answer.ts";
import type { Engine } from "./connect.ts";
import { refusal } from "./refusal.ts";

/** What the engine is to make of an image. */
export interface Rewritten {
	additions: Additions;
	/** The name that the new image gets. */
	tag: string;
}

/**
 * Saves the image, has its description rewritten and loads the result. Interrupted, the engine gets half an archive, which it
 * drops, unless it has all of it and unpacks already: then the image stays. Failed, the name leads to what it led to before.
 * Throws what `describe` throws.
 */
export async function transferImage(
	engine: Engine,
	reference: string,
	describe: (described: Described) => Promise<Rewritten>,
	onBytes: (bytes: number) => void,
	signal: AbortSignal,
): Promise<void> {
	let reason: unknown;
	let takeBack = async () => "";
	const remembered = async (described: Described) => {
		try {
			const { additions, tag } = await describe(described);
			const before = await idOf(engine, tag);
			takeBack = () => takeNameBack(engine, tag, before);
			return additions;
		} catch (thrown) {
			reason = thrown;
			throw thrown;
		}
	};
	// Aborted at the end in any case: a request whose archive breaks off would stay open for ever.
	const over = new AbortController();
	signal.throwIfAborted();
	const saved = await engine.client.getImage(reference).get();
	if (!(saved instanceof Readable)) throw new TypeError("the engine's archive is no stream");
	const rewritten = rewriteArchive(saved, remembered, onBytes);
	const stop = () => rewritten.destroy(new Error("interrupted"));
	signal.addEventListener("abort", stop, { once: true });
	try {
		await abandonOn(signal, load(engine, rewritten, over.signal));
	} catch (thrown) {
		if (signal.aborted) throw signal.reason;
		if (reason !== undefined) throw reason;
		const left = await takeBack();
		const failure = refusal(`loading the new image of ${reference}`, thrown);
		if (left === "") throw failure;
		const remedy = failure instanceof Failure ? `${left}\n${failure.remedy}` : left;
		throw new Failure(ExitCode.system, messageOf(failure), remedy, { cause: thrown });
	} finally {
		signal.removeEventListener("abort", stop);
		over.abort();
		saved.destroy();
		rewritten.destroy();
	}
}

async function load(engine: Engine, archive: Readable, abortSignal: AbortSignal): Promise<void> {
	const { promise: failed, reject } = Promise.withResolvers<never>();
	archive.once("error", reject);
	const answer = await Promise.race([
		engine.client.loadImage(archive, { quiet: true, abortSignal }),
		failed,
	]);
	for (const line of (await text(answer)).split("\n")) {
		const error = line.trim() === "" ? undefined : errorIn(line);
		if (error !== undefined) throw new Error(error);
	}
}

/** The id of an image, or undefined where there is none of that name. */
async function idOf({ client }: Engine, name: string): Promise<string | undefined> {
	try {
		return (await client.getImage(name).inspect()).Id;
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404) return undefined;
		throw thrown;
	}
}

/**
 * An engine names what it has read before it unpacks it. Where that fails, the name goes, or leads to what it led to before.
 * Gives what is left for the user to do.
 */
async function takeNameBack(
	engine: Engine,
	tag: string,
	before: string | undefined,
): Promise<string> {
	try {
		const now = await idOf(engine, tag);
		if (now === undefined || now === before) return "";
		if (before === undefined) await engine.client.getImage(tag).remove();
		else {
			const { name, tag: version = "latest" } = splitReference(tag);
			await engine.client.getImage(before).tag({ repo: name, tag: version });
			await engine.client.getImage(now).remove();
		}
		return "";
	} catch (thrown) {
		return `${tag} is not whole, and could not be removed (${messageOf(thrown).trim()}): docker rmi ${tag}`;
	}
}

/** How Docker says, in the words of its progress, that an image can't be used. */
const NOT_UNPACKED = /^Error unpacking image/;

/** The engine answers 200 and says in a line what went wrong. */
function errorIn(line: string): string | undefined {
	try {
		const said: unknown = JSON.parse(line);
		const progress = textAt(said, "stream") ?? "";
		return textAt(said, "error") ?? (NOT_UNPACKED.test(progress) ? progress.trim() : undefined);
	} catch (thrown) {
		return `${messageOf(thrown)}: ${line.slice(0, 200)}`;
	}
}
