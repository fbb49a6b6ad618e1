// Objects that are made while the heap is frozen, so that a start finds them there.

/**
 * A function that hands out the object made now when it is called first, and a new one each later time. What `make` returns
 * must be the same whenever it is called: now is when the binary is built.
 */
export function madeInAdvance<Made>(make: () => Made): () => Made {
	const first = make();
	let isTaken = false;
	return () => {
		if (isTaken) return make();
		isTaken = true;
		return first;
	};
}
