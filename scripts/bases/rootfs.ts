/** Minimal Debian root file systems, made with mmdebstrap from the machine's own package source and kept in the shared cache. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { machineSources, mainSource, oneLine } from "../engine/apt-sources.ts";
import { ensureEmulation } from "../engine/binfmt.ts";
import { readDistribution } from "../engine/distribution.ts";
import { enginePaths, sharedCacheDir } from "../engine/paths.ts";
import { findProgram, unpackOwnRelease } from "../engine/toolchain.ts";
import { programIn, unpackedEnvironment } from "../engine/unpacked.ts";
import { machinePlatform, type Platform } from "../platforms.ts";
import { sayBases } from "./say.ts";

/** The release of all stand-ins: the one whose package quickjs the init is built from. */
export const STANDIN_SUITE = "trixie";

/** Folder of the file systems, each by BuildKit's name for its platform: `debian-amd64.tar`. */
export const rootfsDir = join(sharedCacheDir, "rootfs", STANDIN_SUITE);

/** File dates in the file systems: 1 January 2025, so that the same packages give the same bytes. */
const SOURCE_DATE_EPOCH = "1735689600";

/** Makes the file system for a platform, unless it is there. @throws where this is no Debian machine. */
export async function ensureRootfs(platform: Platform): Promise<void> {
	const file = join(rootfsDir, `debian-${platform.docker}.tar`);
	if (existsSync(file)) return;
	const distribution = await readDistribution();
	if (distribution?.id !== "debian" || process.getuid?.() !== 0) {
		throw new Error("stand-in bases can be made on Debian as root only; use --bases=official");
	}
	const source = mainSource(await machineSources(), distribution.codename);
	const line = source && oneLine({ ...source, components: ["main"] }, STANDIN_SUITE);
	if (source === undefined || line === undefined) {
		throw new Error("/etc/apt has no package source with a key file for mmdebstrap to use");
	}
	const isForeign = platform !== machinePlatform();
	const duration = isForeign ? "two minutes" : "15 s";
	sayBases(
		`making a minimal Debian ${STANDIN_SUITE} for ${platform.platform} (about ${duration})…`,
	);
	if (isForeign) await ensureEmulation(enginePaths(), [platform]);

	await mkdir(rootfsDir, { recursive: true });
	const draft = `${file}.${process.pid}.tar`;
	const { program, env } = await mmdebstrap();
	const key = source.signedBy === undefined ? [] : [`--keyring=${source.signedBy}`];
	const options = ["--mode=root", "--variant=minbase", "--format=tar", "--quiet", ...key];
	// It would look for arch-test(1) and qemu on PATH; the kernel has been told of the emulator.
	if (isForeign) options.push("--skip=check/qemu");
	try {
		await execa(
			program,
			[...options, `--architectures=${platform.debian}`, STANDIN_SUITE, draft, line],
			{
				env: { ...env, SOURCE_DATE_EPOCH, LC_ALL: "C" },
				stdin: "ignore",
			},
		);
		await rename(draft, file);
	} finally {
		await rm(draft, { force: true });
	}
}

async function mmdebstrap(): Promise<{ program: string; env: Record<string, string> }> {
	const installed = findProgram("mmdebstrap");
	if (installed !== undefined) return { program: installed, env: {} };
	const tree = await unpackOwnRelease(enginePaths(), ["mmdebstrap"]);
	return { program: programIn(tree, "mmdebstrap"), env: unpackedEnvironment(tree) };
}
