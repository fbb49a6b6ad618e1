// npm run notices: THIRD-PARTY-NOTICES.md, the licenses of what is linked into the binary, out of the packages that it comes from.
//
//   npm run notices -- --check      says whether the file is what the packages say; exit code 1 when it is not
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { QUICKJS_SUITE } from "./build-init.ts";
import { fetchPackages, fetchSource, unpackPackages } from "./engine/packages.ts";
import { enginePaths } from "./engine/paths.ts";
import { archiveOf } from "./engine/toolchain.ts";
import { root } from "./root.ts";

export const NOTICES = join(root, "THIRD-PARTY-NOTICES.md");

/** What the Makefile of the init compiles of QuickJS. */
const QUICKJS_FILES = ["quickjs", "dtoa", "libregexp", "libunicode", "cutils"];

/** The texts of others' licenses, as their packages have them. */
export interface Licenses {
	readonly quickjs: string;
	/** Who owns the files of it that are compiled: their years go on where LICENSE has stopped. */
	readonly quickjsOwners: readonly string[];
	readonly quickjsVersion: string;
	readonly musl: string;
	/** smol-toml's, which is bundled with the init's own TypeScript. */
	readonly toml: string;
}

/** @throws where the packages cannot be had. */
export async function fetchLicenses(): Promise<Licenses> {
	const archive = await archiveOf([QUICKJS_SUITE]);
	const source = await fetchSource(archive, "quickjs");
	const tree = await unpackPackages(
		await fetchPackages(archive, ["musl"]),
		enginePaths().packagesDir,
	);
	const [quickjs, version, musl, toml] = await Promise.all(
		[
			join(source, "LICENSE"),
			join(source, "VERSION"),
			join(tree, "usr/share/doc/musl/copyright"),
			join(root, "node_modules/smol-toml/LICENSE"),
		].map((file) => readFile(file, "utf8")),
	);
	const files = QUICKJS_FILES.flatMap((name) => [`${name}.c`, `${name}.h`]);
	const texts = await Promise.all(files.map((file) => readFile(join(source, file), "utf8")));
	const quickjsOwners = ownersIn(texts);
	return {
		quickjs: quickjs ?? "",
		quickjsOwners,
		quickjsVersion: (version ?? "").trim(),
		musl: musl ?? "",
		toml: toml ?? "",
	};
}

/** The lines of ownership at the heads of files, each once. @throws for a file without any. */
export function ownersIn(files: readonly string[]): string[] {
	const lines = files.map((text) => {
		const found = [...text.matchAll(/^[ /*]*(Copyright \(c\) .*)$/gm)];
		if (found.length === 0) throw new Error(`a source names no owner: ${text.slice(0, 80)}`);
		return found.map(([, line = ""]) => line.trim());
	});
	return [...new Set(lines.flat())].sort();
}

/** The file that lies beside the binary in every image, and with every release. */
export function noticesPage({
	quickjs,
	quickjsOwners,
	quickjsVersion,
	musl,
	toml,
}: Licenses): string {
	return `<!-- Written by npm run notices, out of the packages' own files; do not edit. -->
# Third-party notices

The binary \`my_init\` contains three works of others; their licenses follow, word by word: of what is linked into it as Debian's packages have
them, of what is bundled with its TypeScript as the package of npm has it. Of the compiler it has a few functions (libgcc), which the GCC Runtime Library Exception lets be part of a
program under any terms. This file lies beside the binary in every image, in \`/usr/share/doc/baseimage-ts/\`, and with every release.

## QuickJS ${quickjsVersion}, the JavaScript engine

${quoted(quickjs)}

At the heads of its files:

${quoted(quickjsOwners.join("\n"))}

## musl, the C library

${quoted(musl)}

## smol-toml ${packageJson.dependencies["smol-toml"]}, the TOML library

${quoted(toml)}
`;
}

function quoted(text: string): string {
	return text
		.trim()
		.split("\n")
		.map((line) => `    ${line}`.trimEnd())
		.join("\n");
}

if (import.meta.main) {
	const page = noticesPage(await fetchLicenses());
	if (process.argv.includes("--check")) {
		const isSame = (await readFile(NOTICES, "utf8")) === page;
		if (!isSame) console.error("notices: THIRD-PARTY-NOTICES.md is stale: npm run notices");
		process.exitCode = isSame ? 0 : 1;
	} else {
		await writeFile(NOTICES, page);
		console.error(`notices: wrote ${NOTICES}`);
	}
}
