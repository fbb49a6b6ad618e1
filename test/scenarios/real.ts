// Plays a scenario with real processes: the binary as PID 1 of a PID namespace of its own.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Binary } from "../process/support/binaries.ts";
import { type Namespace, startInit } from "../process/support/namespace.ts";
import { executableOf } from "../process/support/proc.ts";
import { until } from "../process/support/until.ts";
import { say } from "../simulation/actor.ts";
import { INT, QUIT, TSTP } from "../simulation/signal_actions.ts";
import {
	type Count,
	countKilled,
	type Observed,
	type Scenario,
	type ScenarioEvent,
} from "./scenario.ts";
import { wordsOf } from "./words.ts";

/** Said by every main child first: time counts from there. */
const BEGINNING = "begins";
/** What a terminal's user types for a signal. */
const KEYS: ReadonlyMap<number, string> = new Map([
	[INT, "\x03"],
	[QUIT, "\x1c"],
	[TSTP, "\x1a"],
]);

/** The compiled program that plays actors. */
export interface Player extends Disposable {
	readonly path: string;
}

/** Compiles actor.c into a folder that every user may enter. */
export async function compilePlayer(): Promise<Player> {
	const folder = mkdtempSync(join(tmpdir(), "actor-"));
	chmodSync(folder, 0o755);
	const path = join(folder, "actor");
	const flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"];
	await execa("gcc", [...flags, "-o", path, join(import.meta.dirname, "actor.c")]);
	return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

export async function playReal(
	scenario: Scenario,
	binary: Binary,
	player: Player,
): Promise<Observed> {
	const folder = mkdtempSync(join(tmpdir(), "said-"));
	const log = join(folder, "said");
	writeFileSync(log, "");
	// Processes of other users have something to say too.
	chmodSync(folder, 0o755);
	chmodSync(log, 0o666);
	try {
		return await playWithLog(scenario, binary, player, log);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function playWithLog(
	{ main, options = [], onTerminal = false, events }: Scenario,
	binary: Binary,
	player: Player,
	log: string,
): Promise<Observed> {
	const environment = { ACTOR_LOG: log };
	const command = main === null ? [] : ["--", player.path, ...wordsOf([say(BEGINNING), ...main])];
	await using namespace = startInit(binary, [...options, ...command], { environment, onTerminal });
	const said = (): string[] => readFileSync(log, "latin1").split("\n").slice(0, -1);
	await (main === null ? idles(namespace, binary) : until("the main child", () => said()[0]));
	// When the main child wrote, not when that was seen: with all scenarios at once, that can be tens of milliseconds later.
	const startedAtMs =
		main === null ? performance.now() : statSync(log).mtimeMs - performance.timeOrigin;
	const counts: Count[] = [];
	for (const event of events) {
		await sleep(Math.max(0, startedAtMs + event.atMs - performance.now()));
		await happen(namespace, event, { counts, player, environment });
	}
	const ended = await namespace.end();
	return {
		exitCode: ended.code,
		endedAtMs: ended.atMs - startedAtMs,
		said: said().filter((line) => line !== BEGINNING),
		counts,
		killed: countKilled(onTerminal ? ended.stdout : ended.stderr),
	};
}

/** Before its exec it would die of the signals that it is to be sent. */
async function idles(namespace: Namespace, binary: Binary): Promise<void> {
	const init = await namespace.initPid();
	await until("the init itself", () => executableOf(init) === binary.path);
}

interface Means {
	readonly counts: Count[];
	readonly player: Player;
	readonly environment: Readonly<Record<string, string>>;
}

async function happen(namespace: Namespace, event: ScenarioEvent, means: Means): Promise<void> {
	switch (event.do) {
		case "signal":
			await namespace.signal(event.signal);
			break;
		case "enter": {
			const enter = ["--target", String(await namespace.initPid()), "--pid", "--mount", "--"];
			spawn("nsenter", [...enter, means.player.path, ...wordsOf(event.actor)], {
				stdio: "ignore",
				env: means.environment,
			});
			break;
		}
		case "press":
			namespace.type(KEYS.get(event.signal) ?? "");
			break;
		case "count":
			means.counts.push(await countIn(namespace));
			break;
	}
}

async function countIn(namespace: Namespace): Promise<Count> {
	const init = await namespace.initPid();
	const others = (await namespace.processes()).filter(({ pid }) => pid !== init);
	const zombies = others.filter(({ state }) => state === "Z").length;
	const stopped = others.filter(({ state }) => state === "T").length;
	return { zombies, stopped, running: others.length - zombies - stopped };
}
