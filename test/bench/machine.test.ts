import { loadavg } from "node:os";
import { expect, test } from "vitest";
import { currentLoad, describeMachine, withoutFolders } from "../../bench/machine.ts";
import { root } from "../../scripts/root.ts";

test.each([
	[
		`launch: cannot clone for ${root}/build/my_init: No such file`,
		"launch: cannot clone for my_init: No such file",
	],
	["/opt/init/x failed", "x failed"],
	["Command failed: '/opt/some folder/x'", "Command failed: 'some folder/x'"],
	["apt-get -o Dir::Cache=/tmp/a/b update", "apt-get -o Dir::Cache=b update"],
	["sh: 1: /nowhere: not found", "sh: 1: nowhere: not found"],
	["4 of 5 and/or 1/2", "4 of 5 and/or 1/2"],
	["nothing to cut", "nothing to cut"],
	["", ""],
])("withoutFolders() makes of %j %j", (message, cut) => {
	expect(withoutFolders(message)).toBe(cut);
});

test("describeMachine() tells what figures depend on, and nothing that tells whose machine it is", async () => {
	const machine = await describeMachine();
	expect(Object.keys(machine).sort()).toEqual([
		"architecture",
		"compiler",
		"cores",
		"cpu",
		"distribution",
		"kernel",
		"libc",
		"memoryBytes",
		"node",
	]);
	for (const [name, value] of Object.entries(machine)) {
		expect(value, name).toBeTruthy();
		expect(`${value}`, name).not.toMatch(/[\n]|^\/|\s\//);
	}
	expect(machine.cores).toBeGreaterThanOrEqual(1);
	expect(machine.node).toBe(process.version);
});

test("currentLoad() has three averages", () => {
	expect(currentLoad()).toHaveLength(3);
	expect(currentLoad()[2]).toBeCloseTo(loadavg()[2] ?? Number.NaN, 0);
});
