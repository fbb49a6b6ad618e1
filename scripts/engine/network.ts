/**
 * The private engine's network. dockerd writes no firewall rules here (`iptables: false`): two daemons on one machine
 * flush each other's chains, and the chains stay behind. A bridge with an address range of its own, one rule that
 * translates addresses and two that let its packets pass are all that is needed, and all that is to be removed.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { EnginePaths } from "./paths.ts";
import { say } from "./say.ts";
import { daemonPath } from "./toolchain.ts";

const POOL_COUNT = 40;
const POOL_FIRST = 210;

/** An IPv4 range as two integers. */
interface Range {
	readonly address: number;
	readonly mask: number;
}

/** Address range `10.N.0.0/16`, written as `10.N`; drawn from the checkout's id, and none that a route of this machine uses. */
export function choosePool(id: string, routes: readonly Range[] = machineRoutes()): string {
	const start = Number.parseInt(id, 16) % POOL_COUNT;
	for (let step = 0; step < POOL_COUNT; step++) {
		const second = POOL_FIRST + ((start + step) % POOL_COUNT);
		const address = (10 << 24) | (second << 16);
		const overlaps = routes.some((route) => {
			const common = route.mask & 0xffff0000;
			return (address & common) === (route.address & common);
		});
		if (!overlaps) return `10.${second}`;
	}
	throw new Error(`every address range from 10.${POOL_FIRST}.0.0 on is routed on this machine`);
}

/** Routes of /proc/net/route (addresses there are in network order, read as little-endian numbers), without the default one. */
function machineRoutes(): Range[] {
	const swap = (hex: string): number => Buffer.from(hex, "hex").reverse().readInt32BE();
	const lines = readFileSync("/proc/net/route", "utf8").trim().split("\n").slice(1);
	return lines.flatMap((line) => {
		const [, destination = "", , , , , , mask = ""] = line.split("\t");
		return mask === "00000000" ? [] : [{ address: swap(destination), mask: swap(mask) }];
	});
}

/** Makes the bridge `paths.bridge` with the first address of `pool` and lets its containers reach what the machine reaches. */
export async function createNetwork(paths: EnginePaths, pool: string): Promise<void> {
	const run = runner(paths);
	// Without an address that is set, a bridge takes the lowest one of its ports: it changes when containers come and go, and the
	// others send to the old one for up to a minute.
	const address = hardwareAddress(pool);
	await run("ip", ["link", "add", paths.bridge, "address", address, "type", "bridge"]);
	await run("ip", ["address", "add", `${pool}.0.1/24`, "dev", paths.bridge]);
	await run("ip", ["link", "set", paths.bridge, "up"]);
	try {
		for (const rule of rules(paths, pool)) await run("iptables", ["-w", ...rule]);
	} catch (error) {
		const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
		say(`warning: containers will reach only this machine, not its network: ${reason}`);
	}
}

/** A locally administered one (IEEE 802), made of the first address of the pool `10.N`. */
function hardwareAddress(pool: string): string {
	const bytes = [2, 0x42, ...pool.split(".").map(Number), 0, 1];
	return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** Removes our rules, the bridge and the bridges of networks that users of the engine made. What is gone already is no error. */
export async function removeNetwork(paths: EnginePaths): Promise<void> {
	const run = runner(paths);
	for (const table of ["nat", "filter"]) {
		for (const rule of await ourRules(paths, table)) {
			await run("iptables", ["-w", "-t", table, "-D", ...rule]).catch(() => undefined);
		}
	}
	for (const bridge of [paths.bridge, ...(await userBridges(paths))]) {
		await run("ip", ["link", "delete", bridge]).catch(() => undefined);
	}
}

/** Our rules are known by their comment, whatever else is known of the engine that made them. */
async function ourRules(paths: EnginePaths, table: string): Promise<string[][]> {
	const { stdout } = await runner(paths)("iptables", ["-w", "-t", table, "-S"]).catch(() => ({
		stdout: "",
	}));
	return stdout
		.split("\n")
		.map((line) => line.split(" "))
		.filter(([action, ...words]) => action === "-A" && words.includes(paths.cgroup))
		.map(([, ...rule]) => rule);
}

/** dockerd calls a network's bridge `br-` and twelve digits of its id, and keeps the ids in its own store: only those are ours. */
async function userBridges(paths: EnginePaths): Promise<string[]> {
	const store = join(paths.dataRoot, "network", "files", "local-kv.db");
	const known = await readFile(store, "latin1").catch(() => "");
	const links = await readFile("/proc/net/dev", "utf8");
	const bridges = links.matchAll(/^ *br-([0-9a-f]{12}):/gm);
	return [...bridges].flatMap(([, id = ""]) => (known.includes(id) ? [`br-${id}`] : []));
}

function rules(paths: EnginePaths, pool: string): string[][] {
	const range = `${pool}.0.0/16`;
	const mark = ["-m", "comment", "--comment", paths.cgroup];
	return [
		["-t", "nat", "-I", "POSTROUTING", "-s", range, "!", "-d", range, ...mark, "-j", "MASQUERADE"],
		["-I", "FORWARD", "-s", range, ...mark, "-j", "ACCEPT"],
		["-I", "FORWARD", "-d", range, ...mark, "-j", "ACCEPT"],
	];
}

function runner(paths: EnginePaths) {
	const env = { PATH: daemonPath(paths) };
	return (program: string, args: readonly string[]) => execa(program, args, { env });
}
