// The hours of a schedule are those of the place: of TZ, or of /etc/localtime.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit } from "./support/suite.ts";

const ZONES = "/usr/share/zoneinfo";
const DAY_S = 86_400;
const UTC: Readonly<Record<string, string>> = { TZ: "UTC" };
/** The next of half past three of the clock there, in seconds since 1970. */
const ASK = `set -- $("$MY_INIT" as initctl status job --json | grep -o '"nextMs":[0-9]*' | cut -d : -f 2) $(date +%s)
	echo $(($2 + ($1 + 500) / 1000))`;
const LOCAL = (zone: string): string => `ln -sf ${ZONES}/${zone} /etc/localtime`;

const PLACES = [
	["by TZ=UTC", UTC, "", "03:30"],
	["by TZ, in words of its own, east", { TZ: "XXX-5:30" }, "", "22:00"],
	["by TZ, in words of its own, west", { TZ: "<-07>7" }, "", "10:30"],
	["by TZ, in words of its own, always in summer", { TZ: "AAA3BBB,0/0,J365/25" }, "", "05:30"],
	["by TZ, a zone", { TZ: "Asia/Kolkata" }, "", "22:00"],
	["by /etc/localtime", {}, LOCAL("Asia/Kolkata"), "22:00"],
	["by TZ, though /etc/localtime says something else", UTC, LOCAL("Asia/Kolkata"), "03:30"],
	["by TZ, of a zone that nobody knows", { TZ: "No/Where" }, "", "03:30"],
] as const;

describeInit("a schedule", (binary) => {
	test.skipIf(!existsSync(`${ZONES}/Asia/Kolkata`)).each(PLACES)(
		"is understood %s",
		async (_, environment, before, utc) => {
			using image = new Image(binary, {
				"my_init/services/job.toml": 'command = ["true"]\nschedule = "30 3 * * *"\n',
			});
			const { stdout, stderr } = await image.run(["sh", "-c", ASK], { environment, before });
			const atS = Number(stdout);
			expect(atS, stderr).toBeGreaterThan(Date.now() / 1_000 - 60);
			// Two clocks were asked one after the other.
			const minute = Math.round(atS / 60) * 60;
			expect(Math.abs(atS - minute)).toBeLessThan(20);
			expect(new Date((minute % DAY_S) * 1_000).toISOString().slice(11, 16)).toBe(utc);
		},
	);
});
