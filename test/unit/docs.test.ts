// Papers that are generated from code say what the code says.
import { expect, test } from "vitest";
import { stalePages } from "../../scripts/docs.ts";

test("the generated pages are not stale: npm run docs writes them", async () => {
	expect(await stalePages()).toEqual([]);
});
