// Differences: what is seen, and which of them are known and meant.

/** What was looked at and seen differently; "nothing" where one side shows no such thing. */
export interface Deviation {
	readonly what: string;
	readonly peer: string;
	readonly ours: string;
}

/** Deviations that are meant, in each of the cases of each of the names. */
export interface Difference {
	readonly names: readonly string[];
	readonly cases: readonly string[];
	readonly seen: readonly Deviation[];
	/** Whether ours is better for everybody, or only other. */
	readonly isBetter: boolean;
	readonly why: string;
}
