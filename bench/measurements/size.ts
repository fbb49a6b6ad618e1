/** Bytes on disk: the program, and the program with what it loads. */
import { realpath, stat } from "node:fs/promises";
import { execa } from "execa";
import type { Init } from "../inits/init.ts";
import { Unmeasurable } from "../native/launcher.ts";
import type { Measurement, RowHead } from "./measurement.ts";
import { interleave, rowOf } from "./rounds.ts";

const SHARED = { unit: "bytes", better: "less" } as const;

const PROGRAM: RowHead = {
	...SHARED,
	id: "size.program",
	title: "size of the program",
	headline: true,
	limit: { of: "median", most: 700 * 1024 },
	whenBehind: "it brings no runtime, and a dynamic one leaves its libc to the image",
};

const WITH_LIBRARIES: RowHead = {
	...SHARED,
	id: "size.with-libraries",
	title: "size with the libraries that it loads",
	headline: false,
	whenBehind: "it brings no runtime",
};

export const size: Measurement = {
	name: "size",
	title: "Size on disk",
	method:
		"Bytes of the file as it is shipped; then with the dynamic linker and libraries that ldd(1) lists for it on this machine, which an image without them would need.",
	async measure({ inits }) {
		const programs = await interleave(inits, 1, async ({ file }) => (await stat(file)).size);
		const all = await interleave(inits, 1, async (init) => bytesOf(await filesOf(init)));
		return [rowOf(PROGRAM, programs, Number), rowOf(WITH_LIBRARIES, all, Number)];
	},
};

/** The program and, where it is dynamic, the linker and libraries that it loads here. @throws {Unmeasurable} when ldd cannot tell. */
export async function filesOf({ file, linkage }: Init): Promise<string[]> {
	if (linkage === "static") return [file];
	const { stdout, exitCode } = await execa("ldd", [file], { reject: false });
	if (exitCode !== 0) throw new Unmeasurable("ldd cannot tell what it loads");
	return [file, ...(stdout.match(/(?<=\s)\/\S+(?= \(0x)/g) ?? [])];
}

/** Of all files together, each counted once. */
export async function bytesOf(files: readonly string[]): Promise<number> {
	const real = new Set(await Promise.all(files.map((file) => realpath(file))));
	const sizes = await Promise.all([...real].map(async (file) => (await stat(file)).size));
	return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
