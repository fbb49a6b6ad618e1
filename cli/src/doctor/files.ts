import { gunzipSync } from "node:zlib";

/** A file that must be whole after a stop. */
export interface WatchedFile {
	path: string;
	/** It is whole when this is its last line; undefined: by its format, as far as that tells. */
	lastLine: string | undefined;
}

export type FileState = "whole" | "torn" | "unknown";

/** Whether a file was written to its end, and how that is known. */
export function judgeFile(
	{ path, lastLine }: WatchedFile,
	content: string,
): { state: FileState; why: string } {
	if (lastLine !== undefined) {
		const last = content.replace(/\n$/, "").split("\n").at(-1) ?? "";
		return last === lastLine
			? { state: "whole", why: `it ends with ${JSON.stringify(lastLine)}` }
			: { state: "torn", why: `its last line is ${JSON.stringify(last.slice(0, 60))}` };
	}
	if (content === "") return { state: "unknown", why: "it is empty" };
	if (path.endsWith(".json")) return tried("JSON", () => JSON.parse(content));
	if (content.startsWith("\x1f\x8b")) {
		return tried("gzip", () => gunzipSync(Buffer.from(content, "latin1")));
	}
	if (content.slice(-4096).includes("\0")) return { state: "unknown", why: "a binary format" };
	return content.endsWith("\n")
		? { state: "whole", why: "its last line is complete" }
		: { state: "torn", why: "its last line is cut off" };
}

function tried(format: string, read: () => unknown): { state: FileState; why: string } {
	try {
		read();
		return { state: "whole", why: `it is valid ${format}` };
	} catch {
		return { state: "torn", why: `it is no valid ${format}` };
	}
}
