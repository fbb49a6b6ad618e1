/** What differs between two images that should be the same: diffoscope's report, where it can be had. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { readDistribution } from "../engine/distribution.ts";
import { enginePaths } from "../engine/paths.ts";
import { findProgram, unpackOwnRelease } from "../engine/toolchain.ts";
import { readManifest } from "./layout.ts";
import type { Tool } from "./tools.ts";

const REPORT_LINES_MAX = 200;

export interface ManifestPlace {
	/** Of the layout. */
	readonly folder: string;
	readonly digest: string;
}

/** The reports of the layers and of the configuration that differ, or which do where there is no diffoscope. */
export async function differenceOfLayers(
	one: ManifestPlace,
	other: ManifestPlace,
): Promise<string> {
	const [before, after] = await Promise.all([
		readManifest(one.folder, one.digest),
		readManifest(other.folder, other.digest),
	]);
	const tool = await diffoscope();
	const pairs = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => [
		before[index] ?? "none",
		after[index] ?? "none",
	]).filter(([was, is]) => was !== is);
	const reports = await Promise.all(
		pairs.map(async ([was = "", is = ""]) => {
			const heading = `${was} and ${is} differ`;
			if (typeof tool === "string") return `${heading} (no report: ${tool})`;
			const files = [blobFile(one.folder, was), blobFile(other.folder, is)];
			const options = ["--max-page-size", "100000", "--max-text-report-size", "100000"];
			const { stdout } = await execa(tool.file, [...options, ...files], {
				env: tool.env,
				reject: false,
				stdin: "ignore",
			});
			return [heading, ...stdout.split("\n").slice(0, REPORT_LINES_MAX)].join("\n");
		}),
	);
	return reports.join("\n");
}

function blobFile(folder: string, digest: string): string {
	return join(folder, "blobs", digest.replace(":", "/"));
}

/** It, or why it cannot be had. */
async function diffoscope(): Promise<Tool | string> {
	const installed = findProgram("diffoscope");
	if (installed !== undefined) return { file: installed, env: {} };
	if ((await readDistribution())?.id !== "debian") return "diffoscope is not installed";
	try {
		const tree = await unpackOwnRelease(enginePaths(), ["diffoscope-minimal"]);
		const packages = join(tree, "usr/lib/python3/dist-packages");
		const file = join(tree, "usr/bin/diffoscope");
		if (!existsSync(file)) return "the package diffoscope-minimal has no diffoscope";
		return { file, env: { PYTHONPATH: packages, PATH: `/usr/bin:/bin:${process.env["PATH"]}` } };
	} catch (error) {
		return `diffoscope cannot be unpacked: ${error instanceof Error ? error.message : error}`;
	}
}
