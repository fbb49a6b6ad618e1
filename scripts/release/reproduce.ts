/** The same sources, built in another folder, at another time and from nothing: are the images the same, bit by bit? */
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Table from "cli-table3";
import { execa } from "execa";
import { type ImageName, imageNames } from "../bases/distributions.ts";
import type { Engine } from "../engine/engine.ts";
import { root } from "../root.ts";
import { LAYOUTS, type ReleaseBuild } from "./build.ts";
import { differenceOfLayers } from "./difference.ts";
import { readLayout } from "./layout.ts";

export interface Comparison {
	readonly image: ImageName;
	readonly platform: string;
	/** Digests of the manifest in the layouts of this checkout and in those of the copy. */
	readonly digests: readonly [string, string];
	/** What differs, where the digests do. */
	readonly difference?: string;
}

/**
 * Builds the images once more and compares them with those of the last build in this checkout, which must have been of
 * these sources and with these options. @throws when the second build fails, or the first is missing.
 */
export async function reproduce(engine: Engine, build: ReleaseBuild): Promise<Comparison[]> {
	const copy = await mkdtemp(join(tmpdir(), "baseimage-ts-again-"));
	try {
		await copyCheckout(copy);
		await buildIn(copy, engine, build);
		return await compareLayouts(LAYOUTS, join(copy, "build/release/layouts"));
	} finally {
		await rm(copy, { recursive: true, force: true });
	}
}

/** Commits and what is not committed yet; of what git ignores, the packages of npm only. */
async function copyCheckout(copy: string): Promise<void> {
	await execa("git", ["clone", "--quiet", root, copy]);
	const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
	const { stdout } = await execa("git", list, { cwd: root });
	const { stdout: deleted } = await execa("git", ["ls-files", "-z", "--deleted"], { cwd: root });
	const gone = new Set(deleted.split("\0"));
	for (const file of stdout.split("\0").filter((name) => name !== "")) {
		if (gone.has(file)) await rm(join(copy, file), { force: true });
		else await cp(join(root, file), join(copy, file));
	}
	await symlink(join(root, "node_modules"), join(copy, "node_modules"));
	// .gitignore means a folder: a link would count as a change that no commit holds.
	await mkdir(join(copy, ".git/info"), { recursive: true });
	await appendFile(join(copy, ".git/info/exclude"), "/node_modules\n");
}

async function buildIn(
	copy: string,
	engine: Engine,
	{ images, platforms, bases, source }: ReleaseBuild,
): Promise<void> {
	const options = [
		...(images === undefined ? [] : ["--images", images.join(",")]),
		...(platforms === undefined ? [] : ["--platform", platforms.join(",")]),
		...(bases === undefined ? [] : ["--bases", bases]),
		...(source === undefined ? [] : ["--source", source]),
	];
	await execa(
		process.execPath,
		["scripts/release/main.ts", "--dry-run", "--cold", "--json", ...options],
		{
			cwd: copy,
			env: {
				...engine.env,
				DOCKER_HOST: engine.dockerHost,
				PATH: `${dirname(engine.dockerPath)}:${process.env["PATH"]}`,
			},
			stdin: "ignore",
		},
	);
}

/** Compares all that the second folder has with what the first has. @throws where the first lacks an image. */
export async function compareLayouts(first: string, second: string): Promise<Comparison[]> {
	const names = await readdir(second);
	const compared = await Promise.all(
		imageNames
			.filter((name) => names.includes(name))
			.map((name) => compareImage(name, first, second)),
	);
	return compared.flat();
}

async function compareImage(
	image: ImageName,
	first: string,
	second: string,
): Promise<Comparison[]> {
	const one = await readLayout(join(first, image));
	const other = await readLayout(join(second, image));
	return await Promise.all(
		other.platforms.map(async ({ platform, digest }) => {
			const before = one.platforms.find((candidate) => candidate.platform === platform)?.digest;
			const digests = [before ?? "none", digest] as const;
			if (before === digest) return { image, platform, digests };
			const difference =
				before === undefined
					? "the first build has it not"
					: await differenceOfLayers(
							{ folder: one.folder, digest: before },
							{ folder: other.folder, digest },
						);
			return { image, platform, digests, difference };
		}),
	);
}

/** The comparison for people. */
export function comparisonText(comparisons: readonly Comparison[]): string {
	const table = new Table({
		head: ["image", "platform", "first build", "second build", ""],
		style: { head: [], border: [] },
	});
	for (const { image, platform, digests } of comparisons) {
		const [one, other] = digests.map((digest) => digest.slice(0, "sha256:".length + 16));
		table.push([image, platform, one, other, digests[0] === digests[1] ? "equal" : "DIFFERENT"]);
	}
	const reports = comparisons.flatMap(({ image, platform, difference }) =>
		difference === undefined ? [] : [`\n${image} for ${platform}:\n${difference}`],
	);
	return [table.toString(), ...reports].join("\n");
}
