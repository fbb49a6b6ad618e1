/**
 * Lets this machine run arm64 programs through qemu, for containers of that platform: only the stand-in bases need it,
 * and the tests of arm64 images; nothing is compiled under it.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type EnginePaths, sharedRunDir } from "./paths.ts";
import { say } from "./say.ts";
import { findProgram, unpackOwnRelease } from "./toolchain.ts";
import { programIn } from "./unpacked.ts";

const REGISTRY = "/proc/sys/fs/binfmt_misc";
const ENTRY = join(REGISTRY, "qemu-aarch64");
const RECORD = join(sharedRunDir, "binfmt.json");

/** An ELF header of 64 bits, little-endian, an executable or a shared object, for AArch64 (machine 183). */
const MAGIC = "7f454c460201010000000000000000000200b700";
const MASK = "ffffffffffffff00fffffffffffffffffeffffff";

/** Registers qemu for arm64 unless something is registered already. The kernel keeps the emulator open (flag F), so containers need no copy of it. */
export async function ensureArm64Emulation(paths: EnginePaths): Promise<void> {
	if (process.arch === "arm64" || existsSync(ENTRY)) return;
	say("registering qemu for arm64 programs in binfmt_misc…");
	const emulator = await qemu(paths);
	await mkdir(sharedRunDir, { recursive: true });
	const mounted = !existsSync(join(REGISTRY, "register"));
	if (mounted) await execa("mount", ["-t", "binfmt_misc", "binfmt_misc", REGISTRY]);
	// Mounting shows what somebody registered before.
	const registered = !existsSync(ENTRY);
	await writeFile(RECORD, JSON.stringify({ mounted, registered }));
	if (!registered) return;
	const escaped = (hex: string): string => hex.replace(/../g, "\\x$&");
	const entry = `:qemu-aarch64:M::${escaped(MAGIC)}:${escaped(MASK)}:${emulator}:F`;
	await writeFile(join(REGISTRY, "register"), entry);
}

/** Takes back what {@link ensureArm64Emulation} did, if it did anything. */
export async function removeArm64Emulation(): Promise<void> {
	const text = await readFile(RECORD, "utf8").catch(() => undefined);
	if (text === undefined) return;
	const { mounted, registered }: { mounted?: unknown; registered?: unknown } = JSON.parse(text);
	if (registered === true && existsSync(ENTRY)) await writeFile(ENTRY, "-1");
	if (mounted === true) await execa("umount", [REGISTRY], { reject: false });
	await rm(RECORD, { force: true });
}

/** A static emulator: the machine's own, or one unpacked. Since Debian 13 qemu-user is the static one. */
async function qemu(paths: EnginePaths): Promise<string> {
	const installed = findProgram("qemu-aarch64-static");
	if (installed !== undefined) return installed;
	const tree = await unpackOwnRelease(paths, ["qemu-user-static|qemu-user"]);
	const separate = join(tree, "usr/bin/qemu-aarch64-static");
	return existsSync(separate) ? separate : programIn(tree, "qemu-aarch64");
}
