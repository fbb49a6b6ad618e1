// The binary of each platform, and how it runs on this machine: natively, or by an emulator that the kernel knows.
import { existsSync } from "node:fs";
import { describe } from "vitest";
import { binaryFile } from "../../../scripts/build-images.ts";
import { machinePlatform, type Platform, platforms } from "../../../scripts/platforms.ts";
import { type Binary, obstacle } from "../../process/support/binaries.ts";

/** Whether this machine runs the platform's programs by qemu. */
export function isEmulated(platform: Platform): boolean {
	return platform !== machinePlatform();
}

/** Why the platform's binary cannot be run here; undefined when it can. */
function obstacleOf(platform: Platform): string | undefined {
	if (obstacle !== undefined) return obstacle;
	if (!existsSync(binaryFile(platform))) return "its binary was not built";
	const entry = `/proc/sys/fs/binfmt_misc/qemu-${platform.qemu}`;
	if (!isEmulated(platform) || existsSync(entry)) return undefined;
	return `${entry} is missing: the kernel knows no emulator for it (run the tests as root)`;
}

/** Tests with the binary of each platform. */
export function describePlatforms(
	title: string,
	tests: (binary: Binary, platform: Platform) => void,
): void {
	for (const platform of platforms) {
		const reason = obstacleOf(platform);
		const name = `${platform.platform}${isEmulated(platform) ? " (emulated)" : ""}`;
		if (reason !== undefined) console.warn(`skipped: ${name}: ${title}: ${reason}`);
		const binary = { name, path: binaryFile(platform), isSanitized: false };
		describe.skipIf(reason !== undefined)(`${name}: ${title}`, () => tests(binary, platform));
	}
}
