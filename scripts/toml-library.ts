// The TOML library of the init, smol-toml, bundled for a runtime without Date, RegExp and Set: some of its modules have modules
// of ours in their place (init/src/definitions/toml). For esbuild (scripts/bundle.ts) and for vitest (vitest.config.ts) alike.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import { root } from "./root.ts";

/** Wherever it lies: mutants are tested in a folder below the checkout. */
const LIBRARY = dirname(createRequire(import.meta.url).resolve("smol-toml"));
const OURS = join(root, "init/src/definitions/toml");

/** Which import of which module of the library leads to a module of ours. */
const REPLACED: readonly (readonly [importer: string, specifier: string, ours: string])[] = [
	["parse.js", "./struct.js", "keys.ts"],
	...["parse.js", "extract.js", "struct.js", "primitive.js", "util.js"].map(
		(importer) => [importer, "./error.js", "error.ts"] as const,
	),
	["extract.js", "./date.js", "date.ts"],
];
/** Needs a Set, and nothing else that is not there. */
const WITH_SET = "/smol-toml/dist/struct.js";
const SPECIFIER = /^smol-toml\/dist\/(parse|struct)\.js$/;

/**
 * Demands that the library still is made as it was when this was written.
 * @throws where it is not: then the modules of ours must be looked at anew
 */
export function checkTomlLibrary(read: (file: string) => string = readModule): void {
	for (const [importer, specifier] of REPLACED) {
		demand(read, importer, `from '${specifier}'`);
	}
	demand(read, "parse.js", "import { parseKey } from './struct.js'");
	demand(read, "parse.js", "export function parse(");
	demand(read, "struct.js", "export function parseKey(ctx, end = 0x3d");
	demand(read, "struct.js", "new Set()");
	demand(read, "error.js", "static x(message, ctx, ptr)");
	demand(read, "date.js", "export class TomlDate");
}

function demand(read: (file: string) => string, file: string, text: string): void {
	if (read(file).includes(text)) return;
	throw new Error(
		`smol-toml's dist/${file} has no "${text}" any more: see whether init/src/definitions/toml still fits, and scripts/toml-library.ts`,
	);
}

function readModule(file: string): string {
	return readFileSync(join(LIBRARY, file), "utf8");
}

/** The module that an import means; undefined: none of the library, or as it is. */
function resolveModule(specifier: string, importer: string | undefined): string | undefined {
	const [, entry] = SPECIFIER.exec(specifier) ?? [];
	if (entry !== undefined) return join(LIBRARY, `${entry}.js`);
	// By its end: the packages of a copy of the checkout may lie elsewhere.
	const found = REPLACED.find(
		([from, asked]) => asked === specifier && importer?.endsWith(`/smol-toml/dist/${from}`),
	);
	return found === undefined ? undefined : join(OURS, found[2]);
}

/** The text of the module that needs a Set, which imports ours. */
function withSet(): string {
	const ours = JSON.stringify(join(OURS, "object_set.ts"));
	return `import { ObjectSet as Set } from ${ours};\n${readModule("struct.js")}`;
}

/** For esbuild. */
export function tomlForBundle(): Plugin {
	return {
		name: "toml-library",
		setup(build) {
			build.onStart(() => checkTomlLibrary());
			build.onResolve({ filter: /^\.\/|^smol-toml\// }, ({ path, importer }) => {
				const resolved = resolveModule(path, importer);
				return resolved === undefined ? undefined : { path: resolved };
			});
			build.onLoad({ filter: /[\\/]smol-toml[\\/]dist[\\/]struct\.js$/ }, () => ({
				contents: withSet(),
			}));
		},
	};
}

/** For vitest; its package is to be inlined, or Node.js itself would load it. */
export function tomlForTests(): {
	readonly name: string;
	readonly enforce: "pre";
	resolveId(specifier: string, importer: string | undefined): string | undefined;
	load(id: string): string | undefined;
} {
	return {
		name: "toml-library",
		enforce: "pre",
		resolveId: resolveModule,
		load: (id) => (id.endsWith(WITH_SET) ? withSet() : undefined),
	};
}
