// The bundle as the binary evaluates it: at build time, without a kernel, in a runtime of few built-ins.
import { join } from "node:path";
import { type Context, createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "../../init/src/kernel/kernel.ts";
import { daemonize, exit, on, sleep, sleepForever } from "../simulation/actor.ts";
import { TERM } from "../simulation/signal_actions.ts";
import { World } from "../simulation/world.ts";

/** What JS_AddIntrinsicBaseObjects of QuickJS does not bring. */
const NOT_IN_THE_RUNTIME = [
	...["Date", "RegExp", "JSON", "Proxy", "Promise", "BigInt", "Map", "Set", "WeakMap", "WeakSet"],
	...[
		"ArrayBuffer",
		"SharedArrayBuffer",
		"DataView",
		"Int8Array",
		"Uint8Array",
		"Uint8ClampedArray",
	],
	...["Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array"],
	...["BigInt64Array", "BigUint64Array", "Atomics", "WeakRef", "FinalizationRegistry", "Intl"],
	...["WebAssembly", "console"],
];

let bundle = "";
beforeAll(async () => {
	const result = await build({
		entryPoints: [join(import.meta.dirname, "../../init/src/main.ts")],
		...{ bundle: true, format: "iife", target: "es2023", minifySyntax: true, write: false },
		define: { FAULTS: "false", PACKAGE_VERSION: '"0.0.0-test"' },
	});
	bundle = result.outputFiles[0]?.text ?? "";
});

function evaluate(): { context: Context; globals: string[] } {
	const context = createContext({});
	for (const name of NOT_IN_THE_RUNTIME) runInContext(`delete globalThis.${name}`, context);
	const names = "Object.getOwnPropertyNames(globalThis)";
	const before: string[] = runInContext(names, context);
	runInContext(bundle, context);
	const after: string[] = runInContext(names, context);
	return { context, globals: after.filter((name) => !before.includes(name)) };
}

function callMain(context: Context, kernel: Kernel): unknown {
	context["kernel"] = kernel;
	return runInContext("main(kernel)", context);
}

describe("the bundle", () => {
	test("defines main and nothing else", () => {
		expect(evaluate().globals).toEqual(["main"]);
	});

	test("touches no kernel before main is called with one", () => {
		const touched: string[] = [];
		const { kernel } = new World({ arguments: ["--version"] });
		const watched = new Proxy(kernel, {
			get(target, name) {
				touched.push(String(name));
				const value: unknown = Reflect.get(target, name);
				return typeof value === "function" ? value.bind(target) : value;
			},
		});
		const { context } = evaluate();
		context["kernel"] = watched;
		expect(touched).toEqual([]);
		expect(callMain(context, watched)).toBe(0);
		expect(touched).toContain("argument");
	});

	test("keeps nothing from one run to the next: the frozen heap may be used by any container", () => {
		const { context } = evaluate();
		for (const code of [1, 2]) {
			const world = new World({ main: [exit(code)], options: ["--stop-timeout=1s"] });
			expect(callMain(context, world.kernel)).toBe(code);
		}
	});

	test("supervises with the few built-ins that the runtime has", () => {
		const world = new World({
			options: ["--log-level=debug"],
			main: [daemonize(on(TERM, exit(0)), sleepForever), on(TERM, exit(4)), sleepForever],
		});
		world.at(100, () => world.signal(TERM));
		world.at(50, () => world.enter([sleep(100), exit(0)]));
		expect(world.run((kernel) => Number(callMain(evaluate().context, kernel))).exitCode).toBe(4);
	});

	test.each([
		[["--help"], 0],
		[["--stop-timeout=1m30s", "--stop-on=RTMIN+3,quit", "missing"], 127],
		[["--stop-timeout=nonsense"], 2],
		[["as", "nobody"], 2],
	])("parses %o with them", (given, exitCode) => {
		const { kernel } = new World({ arguments: given });
		expect(callMain(evaluate().context, kernel)).toBe(exitCode);
	});

	test("leaves out the failures on demand", () => {
		expect(bundle.includes("INIT_STOP_TIMEOUT")).toBe(true);
		expect(bundle.includes("MY_INIT_FAULT")).toBe(false);
	});

	test("would be found out if it needed more", () => {
		expect(() => runInContext("new Map()", evaluate().context)).toThrow("Map is not defined");
	});
});
