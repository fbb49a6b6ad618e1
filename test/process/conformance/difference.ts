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
	/** The issue that asked for it, in a peer's or a user's tracker ("tini #55") or ours ("our #5"); "nobody" where it is our wish. */
	readonly askedIn: string;
}
