/** The lower bound of every row that it appears in, where it is static with musl: some lines of C that start a command and wait. */
import type { Tools } from "../native/tools.ts";
import { linkageOf } from "./elf.ts";
import type { Init } from "./init.ts";

export async function floorInit(tools: Tools): Promise<Init> {
	return {
		name: "floor",
		role: "floor",
		version: `bench/native/floor.c with ${tools.staticLibc}${tools.staticLibc === "musl" ? "" : ", no lower bound: musl was not found"}`,
		file: tools.floor,
		linkage: await linkageOf(tools.floor),
		words: { pid1: ["--"], subreaper: ["--"] },
		reaps: false,
	};
}
