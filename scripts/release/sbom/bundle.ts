/** The generator as one file, build/sbom/generator.js. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import packageJson from "../../../package.json" with { type: "json" };
import { root } from "../../root.ts";
import type { BinaryVersions } from "./spdx.ts";

/** @throws when it does not compile, or init/toolchain.lock names no QuickJS and no musl. */
export async function bundleSbomGenerator(): Promise<void> {
	await build({
		entryPoints: [join(import.meta.dirname, "main.ts")],
		outfile: join(root, "build", "sbom", "generator.js"),
		bundle: true,
		format: "esm",
		target: "es2023",
		external: ["std"],
		define: { VERSIONS: JSON.stringify(await versions()) },
		logLevel: "silent",
	});
}

async function versions(): Promise<BinaryVersions> {
	const { version } = packageJson;
	const lock = await readFile(join(root, "init/toolchain.lock"), "utf8");
	const of = (name: string): string => {
		const found = new RegExp(`^${name}=(.+)$`, "m").exec(lock)?.[1];
		if (found === undefined) throw new Error(`init/toolchain.lock has no ${name}`);
		return found;
	};
	return {
		init: version,
		quickjs: of("quickjs"),
		musl: of("musl-dev:amd64"),
		toml: packageJson.dependencies["smol-toml"],
	};
}
