import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linkageOf } from "../../../bench/inits/elf.ts";
import type { Init } from "../../../bench/inits/init.ts";
import type { Bench } from "../../../bench/measurements/measurement.ts";
import { size } from "../../../bench/measurements/size.ts";
import { findProgram } from "../../../scripts/engine/toolchain.ts";

let folder = "";

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "bench-test-"));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

function init(file: string, linkage: Init["linkage"]): Init {
	return { name: "x", role: "peer", version: "1", file, linkage, words: {}, reaps: true };
}

function bench(...inits: Init[]): Bench {
	const tools = {
		launch: "",
		floor: "",
		export: "",
		true: "",
		idle: "",
		orphans: "",
		receive: "",
		tree: "",
		flood: "",
		send: "",
		contain: "",
		staticLibc: "musl",
	} as const;
	return { inits, tools, quick: true, rounds: 1, progress: () => undefined };
}

test("a static program is all there is to it", async () => {
	const file = join(folder, "static");
	await writeFile(file, "x".repeat(1_234));
	const [program, whole] = await size.measure(bench(init(file, "static")));
	expect(program?.samples.get("x")).toEqual([1_234]);
	expect(whole?.samples.get("x")).toEqual([1_234]);
});

test("a dynamic program comes with the linker and the libraries that it loads", async ({
	skip,
}) => {
	const shell = "/bin/sh";
	skip(process.platform !== "linux", "its programs are no ELF files");
	skip((await linkageOf(shell)) === "static", `${shell} is static on this machine`);
	skip(findProgram("ldd") === undefined, "there is no ldd");
	const bytes = (await stat(shell)).size;
	const [program, whole] = await size.measure(bench(init(shell, "dynamic")));
	expect(program?.samples.get("x")).toEqual([bytes]);
	// No C library has less than this.
	expect(whole?.samples.get("x")?.[0]).toBeGreaterThan(bytes + 100_000);
});

test("where ldd cannot tell, the cell says so", async () => {
	const file = join(folder, "no-program");
	await writeFile(file, "text");
	const [program, whole] = await size.measure(bench(init(file, "dynamic")));
	expect(program?.samples.get("x")).toEqual([4]);
	expect([...(whole?.absent ?? [])]).toEqual([["x", "ldd cannot tell what it loads"]]);
});
