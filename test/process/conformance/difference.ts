// A difference that is known and meant.

export interface Difference {
	readonly names: readonly string[];
	readonly cases: readonly string[];
	/** What was looked at. */
	readonly what: string;
	readonly peer: string;
	readonly ours: string;
	/** Whether ours is better for everybody, or only other. */
	readonly isBetter: boolean;
	readonly why: string;
}
