import { expect, test } from "vitest";
import { outputOf, statusCodeOf } from "../../cli/src/engine/answer.ts";

function frame(stream: number, text: string): Buffer {
	const header = Buffer.alloc(8);
	header[0] = stream;
	header.writeUInt32BE(text.length, 4);
	return Buffer.concat([header, Buffer.from(text)]);
}

const STREAM = Buffer.concat([frame(1, "one "), frame(2, "two "), frame(1, ""), frame(1, "three")]);

test("outputOf() joins the frames of both streams in order", () => {
	expect(outputOf(STREAM)).toBe("one two three");
});

test("outputOf() gives only the streams that are asked for", () => {
	expect(outputOf(STREAM, [1])).toBe("one three");
	expect(outputOf(STREAM, [2])).toBe("two ");
});

test("outputOf() gives what came of a frame that was cut off", () => {
	expect(outputOf(STREAM.subarray(0, STREAM.length - 2), [1])).toBe("one thr");
	expect(outputOf(STREAM.subarray(0, 5))).toBe("");
});

test("statusCodeOf() reads the engine's status from an error and from nothing else", () => {
	expect(statusCodeOf(Object.assign(new Error("no"), { statusCode: 404 }))).toBe(404);
	expect(statusCodeOf(new Error("no"))).toBe(0);
	expect(statusCodeOf({ statusCode: 404 })).toBe(0);
});
