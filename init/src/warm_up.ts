// What QuickJS makes when it is first asked for, made while the heap is frozen: a start then finds it there.

/** Built-in functions that a start asks for, by whatever name. */
export function makeBuiltIns(): void {
	const list: string[] = [];
	const text = "";
	void [list.find, list.includes, list.indexOf, list.push, list.values().next];
	void [text.includes, text.lastIndexOf, text.slice, text.split, text.startsWith];
	// Called, since the bundler leaves out what has no effect.
	Math.max(Math.min(0, 0), 0);
}
