// The script of definitions as the binary evaluates it: with JSON, and without what else the runtime does not have.
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { tomlForBundle } from "../../../scripts/toml-library.ts";
import { plainFile, program } from "../../simulation/files.ts";
import { World } from "../../simulation/world.ts";
import { AROUND, EVERY_KEY } from "./examples.ts";
import { bytesOf, ETC } from "./machine.ts";

const MISSING = [
	...[
		"Date",
		"RegExp",
		"Proxy",
		"Promise",
		"BigInt",
		"Map",
		"Set",
		"WeakMap",
		"WeakSet",
		"Reflect",
	],
	...["ArrayBuffer", "Uint8Array", "Int32Array", "Float64Array", "DataView", "Intl", "Temporal"],
];

test("the script reads every key with the few built-ins that the runtime has", async () => {
	const { outputFiles } = await build({
		entryPoints: [join(import.meta.dirname, "../../../init/src/scripts/definitions.ts")],
		...{ bundle: true, format: "iife", target: "es2023", write: false },
		plugins: [tomlForBundle()],
		define: { FAULTS: "false", PACKAGE_VERSION: '"0.0.0-test"' },
	});
	const text = outputFiles[0]?.text ?? "";
	expect(text).not.toMatch(/new RegExp|extends Date|\bmatch\(/);
	const context = createContext({});
	for (const name of MISSING) runInContext(`delete globalThis.${name}`, context);
	runInContext(text, context);
	const { kernel, machine } = new World({
		...{ name: "initctl", arguments: ["check"] },
		files: {
			...{ "/a.env": plainFile("X=1"), "/etc/passwd": plainFile("app:x:1:1::/:") },
			...{ "/etc/group": plainFile("log:x:4:\nssl:x:5:\n"), "/srv/x": plainFile() },
			...{ "/opt/tool": program([]), "/bin/sleep": program([]) },
			[`${ETC}/web.toml`]: plainFile(bytesOf(EVERY_KEY)),
			[`${ETC}/db.toml`]: plainFile(String(AROUND["db"])),
			[`${ETC}/bad.toml`]: plainFile("when = 1979-05-27\nx = [}"),
		},
	});
	context["kernel"] = kernel;
	expect(runInContext('script(kernel, "initctl", 1)', context)).toBe(1);
	const written = machine.facts.filter((fact) => fact.type === "wrote");
	expect(written.map(({ bytes }) => bytes)).toEqual([
		`${ETC}/bad.toml:2:6: is no TOML: invalid value; put text between quotes\n`,
	]);
});
