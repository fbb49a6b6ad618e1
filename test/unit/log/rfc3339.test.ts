import { expect, test } from "vitest";
import { rfc3339 } from "../../../init/src/log/rfc3339.ts";

test("rfc3339() agrees with Date on every day of 420 years", () => {
	const begin = Date.UTC(1600, 0, 1);
	for (let day = 0; day < 420 * 366; day++) {
		const ms = begin + day * 86_400_000 + ((day * 7_919_317) % 86_400_000);
		if (rfc3339(ms) !== new Date(ms).toISOString())
			expect(rfc3339(ms)).toBe(new Date(ms).toISOString());
	}
});

test.each([0, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 253_402_300_799_999])(
	"rfc3339() has the milliseconds of %d",
	(ms) => {
		expect(rfc3339(ms)).toBe(new Date(ms).toISOString());
		expect(rfc3339(ms + 0.75)).toBe(new Date(ms).toISOString());
	},
);
