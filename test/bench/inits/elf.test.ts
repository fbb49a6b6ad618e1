import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linkageOf } from "../../../bench/inits/elf.ts";

const HEADER_BYTES = 64;
const ENTRY_BYTES = 56;
const [LOAD, INTERP, NOTE] = [1, 3, 4];

let folder = "";

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "bench-test-"));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

async function fileOf(content: string | Uint8Array): Promise<string> {
	const file = join(folder, "program");
	await writeFile(file, content);
	return file;
}

/** The head of a program of 64 bits with such program headers (elf(5)). */
function elf(types: readonly number[], little = true, table = HEADER_BYTES): Uint8Array {
	const bytes = new Uint8Array(table + types.length * ENTRY_BYTES);
	bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, little ? 1 : 2]);
	const view = new DataView(bytes.buffer);
	view.setBigUint64(32, BigInt(table), little);
	view.setUint16(54, ENTRY_BYTES, little);
	view.setUint16(56, types.length, little);
	types.forEach((type, i) => {
		view.setUint32(table + i * ENTRY_BYTES, type, little);
	});
	return bytes;
}

describe("linkageOf()", () => {
	test.each([
		["no program headers", elf([]), "static"],
		["none that names a linker", elf([LOAD, LOAD, NOTE]), "static"],
		["one that names a linker, wherever it stands", elf([LOAD, NOTE, INTERP]), "dynamic"],
		["the byte order of s390x", elf([LOAD, INTERP], false), "dynamic"],
		["the byte order of s390x, and no linker", elf([LOAD, NOTE], false), "static"],
		["its headers further behind", elf([INTERP], true, 512), "dynamic"],
	] as const)("of a program with %s", async (_what, content, linkage) => {
		expect(await linkageOf(await fileOf(content))).toBe(linkage);
	});

	test.each([
		["a script", "#!/bin/sh\nexit 0\n"],
		["an empty file", ""],
		["a program of 32 bits", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 1, 1])],
	])("refuses %s", async (_what, content) => {
		const file = await fileOf(content);
		await expect(linkageOf(file)).rejects.toThrow(`${file} is not an ELF program of 64 bits`);
	});

	test.each([
		["within its header", elf([LOAD]).subarray(0, 40)],
		["within its table of program headers", elf([LOAD, INTERP]).subarray(0, HEADER_BYTES + 8)],
	])("says of a file that was cut off %s that it is damaged", async (_what, content) => {
		const file = await fileOf(content);
		await expect(linkageOf(file)).rejects.toThrow(`${file} is cut off`);
	});

	test("refuses a file that is not there", async () => {
		await expect(linkageOf(join(folder, "nothing"))).rejects.toThrow("ENOENT");
	});
});
