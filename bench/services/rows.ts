/** What is measured, against whom it is held, and what is promised of ours. */
import type { Unit } from "../measurements/measurement.ts";
import { RUNIT, S6 } from "./supervisors.ts";

export interface Limit {
	/** Times the reference, or in the row's own unit. */
	readonly of: "ratio" | "median";
	readonly most: number;
}

export interface RowHead {
	/** Stable: "boot.100". */
	readonly id: string;
	readonly title: string;
	readonly unit: Unit;
	/** Ratios are to this column. */
	readonly reference: string;
	readonly limit?: Limit;
	/** Services, for the charts of cost against size. */
	readonly size: number;
	readonly family: string;
}

/** Of the issue that asked for services: boot by s6's, stop and memory by runit's. */
const BOOT: Limit = { of: "ratio", most: 0.4 };
const STOP: Limit = { of: "ratio", most: 0.5 };
const MEMORY: Limit = { of: "ratio", most: 1 / 8 };
const RESTART: Limit = { of: "median", most: 5e6 };
/** 1.4 MB with 100 services, as the project counts: in 1,024s. */
const RESIDENT: Limit = { of: "median", most: 1_433 };
const WAKE_UPS: Limit = { of: "median", most: 0 };
const LIMITED_SIZE = 100;
/** Below it the ratios say what one process more or less costs, and nothing about many services. */
const LEAST_JUDGED = 100;

export type Figure =
	| "boot"
	| "boot-ready"
	| "stop"
	| "resident"
	| "proportional"
	| "cpu"
	| "wake-ups"
	| "restart";

const HEADS: Readonly<
	Record<Figure, Omit<RowHead, "id" | "size" | "title"> & { readonly words: string }>
> = {
	boot: { words: "boot until all run", unit: "ns", reference: S6, limit: BOOT, family: "Boot" },
	"boot-ready": {
		words: "boot until all have said that they are ready",
		unit: "ns",
		reference: S6,
		limit: BOOT,
		family: "Boot with readiness",
	},
	stop: {
		words: "stop until nothing is left",
		unit: "ns",
		reference: RUNIT,
		limit: STOP,
		family: "Stop",
	},
	resident: {
		words: "memory of all supervisors: resident (RSS)",
		unit: "KiB",
		reference: RUNIT,
		family: "Resident memory",
	},
	proportional: {
		words: "memory of all supervisors: proportional (PSS)",
		unit: "KiB",
		reference: RUNIT,
		limit: MEMORY,
		family: "Memory",
	},
	cpu: { words: "CPU at idle, per minute", unit: "ns", reference: RUNIT, family: "CPU at idle" },
	"wake-ups": {
		words: "wake-ups at idle",
		unit: "per minute",
		reference: RUNIT,
		limit: WAKE_UPS,
		family: "Wake-ups",
	},
	restart: {
		words: "a service is back after SIGKILL",
		unit: "ns",
		reference: RUNIT,
		limit: RESTART,
		family: "Restart",
	},
};

export function headOf(figure: Figure, size: number): RowHead {
	const { words, limit, ...head } = HEADS[figure];
	const isResident = figure === "resident" && size === LIMITED_SIZE;
	const isJudged = size >= LEAST_JUDGED || limit?.of === "median";
	const promised = isResident ? RESIDENT : isJudged ? limit : undefined;
	return {
		...head,
		id: `${figure}.${size}`,
		title: `${words}, ${size.toLocaleString("en-US")} ${size === 1 ? "service" : "services"}`,
		size,
		...(promised !== undefined && { limit: promised }),
	};
}
