/** The command's TypeScript and the libraries that it uses, as one CommonJS file. */
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { root } from "../root.ts";

/**
 * Two thirds of the engine client's code: an own ssh client, and what only building images with
 * BuildKit credentials needs. The command uses neither; parsing them cost 30 ms at each start.
 */
const UNUSED = ["ssh2", "@grpc/grpc-js", "@grpc/proto-loader"];

const leaveOutUnused: Plugin = {
	name: "leave-out-unused",
	setup({ onResolve, onLoad }) {
		const names = new RegExp(`^(${UNUSED.join("|")})$`);
		onResolve({ filter: names }, ({ path }) => ({ path, namespace: "unused" }));
		onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
	},
};

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
		plugins: [leaveOutUnused],
		logLevel: "error",
	});
	return outfile;
}
