/** How static programs are compiled: with musl, which starts fastest, so that the floor is one and a child weighs next to nothing. */
import { join } from "node:path";
import { readDistribution } from "../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../scripts/engine/packages.ts";
import { archiveOf, findProgram } from "../../scripts/engine/toolchain.ts";

export interface StaticCompiler {
	readonly libc: "musl" | "glibc";
	readonly program: string;
	/** Its words before the source and after it. */
	readonly before: readonly string[];
	readonly after: readonly string[];
}

/** The machine's musl; else that of Debian's package, unpacked below `folder`; else the machine's glibc. */
export async function findStaticCompiler(folder: string): Promise<StaticCompiler> {
	if (findProgram("musl-gcc") !== undefined) {
		return { libc: "musl", program: "musl-gcc", before: ["-static"], after: [] };
	}
	const tree = await unpackedMusl(folder).catch(() => undefined);
	if (tree === undefined) return { libc: "glibc", program: "gcc", before: ["-static"], after: [] };
	const triple = process.arch === "x64" ? "x86_64-linux-musl" : "aarch64-linux-musl";
	const include = join(tree, "usr/include", triple);
	const part = (name: string) => join(tree, "usr/lib", triple, name);
	return {
		libc: "musl",
		program: "gcc",
		before: ["-static", "-no-pie", "-nostdlib", "-nostdinc", "-isystem", include, part("crt1.o")],
		after: [part("crti.o"), part("libc.a"), "-lgcc", part("crtn.o")],
	};
}

async function unpackedMusl(folder: string): Promise<string> {
	const distribution = await readDistribution();
	if (distribution === undefined) throw new Error("no os-release(5)");
	const debs = await fetchPackages(await archiveOf([distribution.codename]), ["musl-dev"]);
	return await unpackPackages(debs, folder);
}
