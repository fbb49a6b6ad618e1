// The word that was probably meant: by the fewest letters that are changed, put in, taken out, or swapped with the next.

const LONGEST_WORD = 64;
/** Who has so many words that are none did not mistype them. */
export const MOST_HINTS = 20;

/** The nearest of the words, where one is near; undefined: none is. */
export function nearest(word: string, words: readonly string[]): string | undefined {
	if (word.length > LONGEST_WORD) return undefined;
	const given = word.toLowerCase();
	let best: string | undefined;
	// A third of the letters may be wrong.
	let least = 1 + Math.floor(Math.max(word.length, 3) / 3);
	for (const candidate of words) {
		if (Math.abs(candidate.length - given.length) >= least) continue;
		const distance = distanceOf(given, candidate.toLowerCase());
		if (distance >= least) continue;
		least = distance;
		best = candidate;
	}
	return best;
}

/** Damerau's and Levenshtein's distance, in the variant that swaps letters once. */
export function distanceOf(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last: number[] = [];
	for (let j = 0; j <= b.length; j++) last.push(j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const isSame = a[i - 1] === b[j - 1];
			let cost = Math.min(
				(last[j] ?? 0) + 1,
				(row[j - 1] ?? 0) + 1,
				(last[j - 1] ?? 0) + (isSame ? 0 : 1),
			);
			const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			if (isSwapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
			row.push(cost);
		}
		beforeLast = last;
		last = row;
	}
	return last[b.length] ?? 0;
}

/** Completes a message: the nearest word, or what to do where none is near. */
export function didYouMean(word: string, words: readonly string[], otherwise: string): string {
	const meant = nearest(word, words);
	return meant === undefined ? otherwise : `did you mean "${meant}"?`;
}
