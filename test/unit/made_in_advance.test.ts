import { expect, test } from "vitest";
import { madeInAdvance } from "../../init/src/made_in_advance.ts";

test("what is made in advance is made at once, and handed out to the first who asks alone", () => {
	let made = 0;
	const newThing = madeInAdvance(() => ({ number: ++made }));
	expect(made).toBe(1);
	const things = [newThing(), newThing(), newThing()];
	expect(things).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
});
