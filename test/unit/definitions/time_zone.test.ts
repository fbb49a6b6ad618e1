// TZ of which there is no file: schedules would go by UTC without a word.
import { describe, expect, test } from "vitest";
import { directory, plainFile } from "../../simulation/files.ts";
import { type Files, initctl } from "./machine.ts";

const SCHEDULED = 'command = ["sleep"]\nschedule = "@daily"\n';
const FILE = plainFile("TZif2\0\0");

/** What is said of TZ, on stderr, by the check and at boot alike. */
function said(zone: string | undefined, files: Files = {}, web = SCHEDULED): string {
	const environment: Record<string, string> = zone === undefined ? {} : { TZ: zone };
	const [checked, compiled] = ["check", "compile"].map((verb) =>
		initctl([verb], { web, ...files }, environment),
	);
	expect(checked?.exitCode).toBe(0);
	expect(compiled).toMatchObject({ exitCode: 0, stderr: checked?.stderr });
	return checked?.stderr ?? "";
}

describe("TZ", () => {
	test.each([
		["Europe/Berlin", {}],
		[":Europe/Berlin", {}],
		["CET", {}],
		["Europe/Berlni", { "/usr/share/zoneinfo/Europe/Berlin": FILE }],
		["Europe", { "/usr/share/zoneinfo/Europe": directory() }],
		["Europe/Berlin", { "/usr/share/zoneinfo/Europe/Berlin": plainFile("#") }],
		["/etc/zone", { "/usr/share/zoneinfo//etc/zone": FILE }],
		["../../x", { "/usr/share/zoneinfo/../../x": FILE }],
		["a.b", { "/usr/share/zoneinfo/a.b": FILE }],
		["<CET", {}],
		["<CET>", {}],
		["-1", {}],
	])("%j is said to be none, once", (zone, files) => {
		expect(said(zone, { ...files, other: SCHEDULED })).toBe(
			`*** warning: TZ: "${zone}" is no time zone in /usr/share/zoneinfo: schedules go by UTC; install tzdata, or correct it\n`,
		);
	});

	test.each([
		[undefined, {}],
		["", {}],
		["UTC", {}],
		["Etc/UTC", {}],
		[":GMT", {}],
		["CET-1CEST,M3.5.0,M10.5.0/3", {}],
		["EST5EDT", {}],
		["<+03>-3", {}],
		["Europe/Berlin", { "/usr/share/zoneinfo/Europe/Berlin": FILE }],
		["Europe/Berlin", { "/share/zoneinfo/Europe/Berlin": FILE }],
		[":CET", { "/etc/zoneinfo/CET": FILE }],
		["/etc/zone", { "/etc/zone": FILE }],
		[":/etc/zone", { "/etc/zone": FILE }],
	])("%j is one", (zone, files) => {
		expect(said(zone, files)).toBe("");
	});

	test("does not matter where nothing has a schedule", () => {
		expect(said("Europe/Berlin", {}, 'command = ["sleep"]\n')).toBe("");
	});
});
