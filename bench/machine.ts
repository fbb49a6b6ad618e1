/** What the numbers were taken on. */
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { execa } from "execa";

export interface Machine {
	readonly cpu: string;
	readonly cores: number;
	readonly memoryBytes: number;
	readonly architecture: string;
	readonly kernel: string;
	readonly distribution: string;
	readonly libc: string;
	readonly compiler: string;
	readonly node: string;
}

/** Load averages over 1, 5 and 15 minutes. */
export type Load = readonly [number, number, number];

export async function describeMachine(): Promise<Machine> {
	const osRelease = await readFile("/etc/os-release", "utf8").catch(() => "");
	return {
		cpu: cpus()[0]?.model.trim() || "unknown",
		cores: availableParallelism(),
		memoryBytes: totalmem(),
		architecture: process.arch,
		kernel: release(),
		distribution: /^PRETTY_NAME="?([^"\n]*)/m.exec(osRelease)?.[1] ?? "unknown",
		libc: await firstLine("getconf", "GNU_LIBC_VERSION"),
		compiler: await firstLine("gcc", "--version"),
		node: process.version,
	};
}

/** A message without the folders that it names: results are published, and these are this machine's alone. */
export function withoutFolders(message: string): string {
	return message.replaceAll(/(?<=^|[\s='"(:])\/(?:[^\s/:'"]+\/)*(?=[^\s/:'"])/g, "");
}

export function currentLoad(): Load {
	const [one = 0, five = 0, fifteen = 0] = loadavg();
	return [one, five, fifteen];
}

async function firstLine(program: string, argument: string): Promise<string> {
	const { stdout } = await execa(program, [argument], { reject: false });
	return stdout?.split("\n", 1)[0] || "unknown";
}
