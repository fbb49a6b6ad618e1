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
 * What a process wrote, out of the engine's multiplexed stream: frames of one byte for the stream
 * (1 is stdout, 2 stderr), three empty bytes, four of length, and the payload.
 */
export function outputOf(multiplexed: Buffer, streams: readonly number[] = [1, 2]): string {
	const payloads: Buffer[] = [];
	let at = 0;
	while (at + 8 <= multiplexed.length) {
		const end = at + 8 + multiplexed.readUInt32BE(at + 4);
		const stream = multiplexed[at];
		if (stream !== undefined && streams.includes(stream)) {
			payloads.push(multiplexed.subarray(at + 8, end));
		}
		at = end;
	}
	return Buffer.concat(payloads).toString("latin1");
}
