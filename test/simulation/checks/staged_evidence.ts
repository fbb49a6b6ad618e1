// What the checks of worlds with scripts, services and hooks need to know of a run, found once.
import type { Fact } from "../chronicle.ts";
import type { SimulatedProcess } from "../process.ts";
import type { StageOrders } from "../stage_orders.ts";
import { type Evidence, isForwardable } from "./evidence.ts";

export type Role = "script" | "service" | "main" | "pre" | "post";

/** One start of a program by the init. */
export interface Start {
	readonly role: Role;
	readonly path: string;
	/** undefined: it could not be started, for which the code stands. */
	readonly process: SimulatedProcess | undefined;
	readonly code: number;
	/** Where in the facts it was started, and where it was waited for; Infinity: never. */
	readonly index: number;
	readonly atMs: number;
	readonly reapedIndex: number;
	readonly reapedAtMs: number;
}

export interface StagedEvidence extends Evidence {
	readonly orders: StageOrders;
	readonly starts: readonly Start[];
	/** Those in the main child's place, one after the other. */
	readonly place: readonly Start[];
	/** Where a signal that is to begin a stop was first read. */
	readonly requestIndex: number;
}

/** A check of such a world. */
export type StagedCheck = (evidence: StagedEvidence) => string[];

const ENOENT = 2;
const EXIT_NOT_FOUND = 127;
const EXIT_SYSTEM = 111;

export function gatherStaged(evidence: Evidence, orders: StageOrders): StagedEvidence {
	const { facts, init, stopOn } = evidence;
	const starts = facts.flatMap((fact, index) => startOf(facts, fact, index));
	const request = facts.findIndex(
		(fact) => isForwardable(fact, init) && stopOn.includes(fact.received.signal),
	);
	return {
		...evidence,
		...{ orders, starts, place: starts.filter(({ role }) => role !== "service") },
		requestIndex: request < 0 ? Number.POSITIVE_INFINITY : request,
	};
}

function startOf(facts: readonly Fact[], fact: Fact, index: number): Start[] {
	if (fact.type === "not-started") {
		const code = fact.result === -ENOENT ? EXIT_NOT_FOUND : EXIT_SYSTEM;
		const { path, atMs } = fact;
		const over = { process: undefined, code, reapedIndex: index, reapedAtMs: atMs };
		return [{ role: roleOf(path), path, index, atMs, ...over }];
	}
	if (fact.type !== "executed") return [];
	const { process, path, atMs } = fact;
	const found = facts.findIndex((later) => later.type === "reaped" && later.process === process);
	const reapedIndex = found < 0 ? Number.POSITIVE_INFINITY : found;
	const reapedAtMs = facts[found]?.atMs ?? Number.POSITIVE_INFINITY;
	return [
		{
			role: roleOf(path),
			path,
			process,
			code: codeOf(process),
			index,
			atMs,
			reapedIndex,
			reapedAtMs,
		},
	];
}

export function roleOf(path: string): Role {
	if (path.startsWith("/etc/my_init.d/") || path === "/etc/rc.local") return "script";
	if (path.startsWith("/etc/service/")) return "service";
	if (path.startsWith("/etc/my_init.pre_shutdown.d/")) return "pre";
	if (path.startsWith("/etc/my_init.post_shutdown.d/")) return "post";
	return "main";
}

/** Its own exit code, or 128 + N; only of use once it has been waited for. */
function codeOf({ status }: SimulatedProcess): number {
	const signal = status & 0x7f;
	return signal === 0 ? status >> 8 : 128 + signal;
}

/** The script that was running when a stop was asked for: it is told and waited for as a main child would be. */
export function scriptThatIsTold({ place, requestIndex }: StagedEvidence): Start | undefined {
	return place.findLast(
		({ role, index, reapedIndex }) =>
			role === "script" && index < requestIndex && reapedIndex > requestIndex,
	);
}

/** The script, or the main command, whose failure stops the container. */
export function failedStart({ place, orders, requestIndex }: StagedEvidence): Start | undefined {
	return place.find(({ role, process, code, reapedIndex }) => {
		if (reapedIndex > requestIndex || code === 0) return false;
		if (role === "main") return process === undefined;
		return role === "script" && !orders.continuesAfterFailure;
	});
}
