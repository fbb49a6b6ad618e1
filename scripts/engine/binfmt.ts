/**
 * Lets this machine run programs of other platforms through qemu, for containers of those: the stand-in bases need it, and
 * the tests; nothing is compiled under it.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { machinePlatform, type Platform } from "../platforms.ts";
import { withLock } from "./lock.ts";
import { type EnginePaths, sharedRunDir } from "./paths.ts";
import { say } from "./say.ts";
import { findProgram, unpackOwnRelease } from "./toolchain.ts";
import { programIn } from "./unpacked.ts";

const REGISTRY = "/proc/sys/fs/binfmt_misc";
const RECORD = join(sharedRunDir, "binfmt.json");
const LOCK = `${sharedRunDir}.binfmt.lock`;

interface Registered {
	/** The registry's file system was mounted by us. */
	readonly mounted: boolean;
	/** The entries that are ours. */
	readonly entries: readonly string[];
}

/**
 * Registers qemu for those of the platforms that are not this machine's own and have no emulator yet. The kernel keeps the
 * emulator open (flag F), so containers need no copy of it, and hands it argv[0] as it is (P): busybox and the init have many names.
 */
export async function ensureEmulation(
	paths: EnginePaths,
	platforms: readonly Platform[],
): Promise<void> {
	const foreign = platforms.filter((platform) => platform !== machinePlatform());
	if (foreign.every((platform) => existsSync(entryOf(platform)))) return;
	await withLock(LOCK, () => register(paths, foreign));
}

async function register(paths: EnginePaths, foreign: readonly Platform[]): Promise<void> {
	await mkdir(sharedRunDir, { recursive: true });
	const before = await readRecord();
	const mounted = !existsSync(join(REGISTRY, "register"));
	if (mounted) await execa("mount", ["-t", "binfmt_misc", "binfmt_misc", REGISTRY]);
	// Mounting shows what somebody registered before.
	const missing = foreign.filter((platform) => !existsSync(entryOf(platform)));
	const entries = [...before.entries, ...missing.map(nameOf)];
	await writeFile(RECORD, JSON.stringify({ mounted: before.mounted || mounted, entries }));
	if (missing.length === 0) return;
	say(`registering qemu for programs of ${missing.map(({ qemu }) => qemu)} in binfmt_misc…`);
	for (const platform of missing) {
		const { magic, mask } = elfHeader(platform);
		const emulator = await emulatorOf(paths, platform);
		const entry = `:${nameOf(platform)}:M::${escaped(magic)}:${escaped(mask)}:${emulator}:PF`;
		await writeFile(join(REGISTRY, "register"), entry);
	}
}

/** Takes back what {@link ensureEmulation} did, if it did anything. */
export async function removeEmulation(): Promise<void> {
	if (!existsSync(RECORD)) return;
	await withLock(LOCK, async () => {
		const { mounted, entries } = await readRecord();
		for (const name of entries) {
			const file = join(REGISTRY, name);
			if (existsSync(file)) await writeFile(file, "-1");
		}
		if (mounted) await execa("umount", [REGISTRY], { reject: false });
		await rm(RECORD, { force: true });
	});
}

async function readRecord(): Promise<Registered> {
	const text = await readFile(RECORD, "utf8").catch(() => "{}");
	const { mounted, entries }: { mounted?: unknown; entries?: unknown } = JSON.parse(text);
	const names = Array.isArray(entries) ? entries.filter((name) => typeof name === "string") : [];
	return { mounted: mounted === true, entries: names };
}

function nameOf({ qemu }: Platform): string {
	return `qemu-${qemu}`;
}

function entryOf(platform: Platform): string {
	return join(REGISTRY, nameOf(platform));
}

/**
 * The start of an executable, or of a shared object, which a static executable may be too, and the mask of what counts:
 * everything but the ABI and the last bit of the type. Source: elf(5).
 */
function elfHeader({ elf }: Platform): { magic: Buffer; mask: Buffer } {
	const magic = Buffer.alloc(20);
	magic.write("\x7fELF", "latin1");
	magic.set([elf.bits / 32, elf.byteOrder === "little" ? 1 : 2, 1], 4);
	const mask = Buffer.alloc(20, 0xff);
	mask[7] = 0;
	if (elf.byteOrder === "little") {
		magic.writeUInt16LE(2, 16);
		magic.writeUInt16LE(elf.machine, 18);
		mask.writeUInt16LE(0xfffe, 16);
	} else {
		magic.writeUInt16BE(2, 16);
		magic.writeUInt16BE(elf.machine, 18);
		mask.writeUInt16BE(0xfffe, 16);
	}
	return { magic, mask };
}

function escaped(bytes: Buffer): string {
	return bytes.toString("hex").replace(/../g, "\\x$&");
}

/** A static emulator: the machine's own, or one unpacked. Since Debian 13 qemu-user is the static one. */
async function emulatorOf(paths: EnginePaths, platform: Platform): Promise<string> {
	const name = nameOf(platform);
	const installed = findProgram(`${name}-static`);
	if (installed !== undefined) return installed;
	const tree = await unpackOwnRelease(paths, ["qemu-user-static|qemu-user"]);
	const separate = join(tree, "usr/bin", `${name}-static`);
	return existsSync(separate) ? separate : programIn(tree, name);
}
