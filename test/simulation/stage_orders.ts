// What a world has beside the main command, as far as the checks must know it.
export interface StageOrders {
	/** The paths of all scripts, hooks and services. */
	readonly programs: readonly string[];
	readonly hasMain: boolean;
	readonly wait: "none" | "term" | "all";
	readonly continuesAfterFailure: boolean;
	/** 0: no limit. */
	readonly startupTimeoutMs: number;
	/** Which part of the budget the main child has to itself. */
	readonly mainShare: number;
}
