/** The HTTP status of an engine's refusal (dockerode puts it on the error), or 0. */
export function statusCodeOf(thrown: unknown): number {
	if (!(thrown instanceof Error) || !("statusCode" in thrown)) return 0;
	return typeof thrown.statusCode === "number" ? thrown.statusCode : 0;
}

/** All bytes of a stream. */
export async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

/**
 * What an attached process wrote to stdout, out of the engine's multiplexed stream: frames of
 * one byte for the stream (1 is stdout), three empty bytes, four of length, and the payload.
 */
export function stdoutOf(multiplexed: Buffer): string {
	const payloads: Buffer[] = [];
	let at = 0;
	while (at + 8 <= multiplexed.length) {
		const length = multiplexed.readUInt32BE(at + 4);
		if (multiplexed[at] === 1) payloads.push(multiplexed.subarray(at + 8, at + 8 + length));
		at += 8 + length;
	}
	return Buffer.concat(payloads).toString("latin1");
}
