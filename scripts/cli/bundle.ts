/** The command's TypeScript and the libraries that it uses, as one CommonJS file. */
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../root.ts";

/** Bundles cli/src/main.ts; returns the path of the file. */
export async function bundleCli(): Promise<string> {
	const outfile = join(root, "build", "cli", "baseimage.cjs");
	await build({
		entryPoints: [join(root, "cli", "src", "main.ts")],
		outfile,
		bundle: true,
		platform: "node",
		// A single executable application of Node.js 24 starts from CommonJS only.
		format: "cjs",
		target: "node22",
		minify: true,
		legalComments: "linked",
		// Native accelerators of the ssh client, which it does without where they are missing.
		external: ["cpu-features", "*.node"],
		logLevel: "error",
	});
	return outfile;
}
