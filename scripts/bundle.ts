// The init's TypeScript as scripts: build/init/bundle.js, which is frozen, those of init/src/scripts, and bundle-faulty.js
// for the tests of safe mode.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import packageJson from "../package.json" with { type: "json" };
import { dropBuiltIns } from "./drop-built-ins.ts";
import { root } from "./root.ts";
import { tomlForBundle } from "./toml-library.ts";

/** Those beside the frozen one. */
const SCRIPTS = ["tools", "services", "definitions", "control", "helpers"];

/** Bundles init/src/main.ts and scripts; returns the paths of the shipped bundle and of the one that fails on demand. */
export async function bundleInit(): Promise<{ bundle: string; faulty: string }> {
	const bundle = join(root, "build/init/bundle.js");
	const faulty = join(root, "build/init/bundle-faulty.js");
	const [script, faultyScript, ...others] = await Promise.all([
		scriptOf("main.ts", false),
		scriptOf("main.ts", true),
		...SCRIPTS.map((name) => scriptOf(`scripts/${name}.ts`, false)),
	]);
	// All that one of them needs stays.
	const words = others.join("\n");
	await Promise.all([
		writeIfChanged(bundle, script + dropBuiltIns(script + words)),
		writeIfChanged(faulty, faultyScript + dropBuiltIns(faultyScript + words)),
		...SCRIPTS.map((name, place) =>
			writeIfChanged(join(root, `build/init/${name}.js`), others[place] ?? ""),
		),
	]);
	return { bundle, faulty };
}

async function scriptOf(entry: string, faults: boolean): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [join(root, "init/src", entry)],
		write: false,
		bundle: true,
		// A script, not a module: QuickJS evaluates modules through promises, which the init does without.
		format: "iife",
		target: "es2023",
		charset: "ascii",
		minify: true,
		legalComments: "none",
		plugins: [tomlForBundle()],
		define: { FAULTS: String(faults), PACKAGE_VERSION: JSON.stringify(packageJson.version) },
		logLevel: "warning",
	});
	return outputFiles[0]?.text ?? "";
}

/** An unchanged bundle keeps its date, and make has nothing to do. */
async function writeIfChanged(file: string, text: string): Promise<void> {
	if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
	await mkdir(dirname(file), { recursive: true });
	const draft = `${file}.${process.pid}`;
	await writeFile(draft, text);
	await rename(draft, file);
}

if (import.meta.main) {
	const { bundle } = await bundleInit();
	console.error(`bundled ${bundle}`);
}
