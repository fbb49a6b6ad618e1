import { describe, expect, test } from "vitest";
import { descendantsOf, listOthers, readProcess } from "../../../init/src/pid1/processes.ts";
import { exec, exit, fork, newSession, sleepForever } from "../../simulation/actor.ts";
import { ENOENT } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

/** A kernel whose every /proc file holds the text. */
const kernelReading = (text: string) => overridden(new World().kernel, { readFile: () => text });

describe("readProcess()", () => {
	const FIELDS = "S 1 7 8 34816 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 4711 1 2 3";

	test("takes what it needs out of /proc/PID/stat", () => {
		expect(readProcess(kernelReading(`9 (sh) ${FIELDS}\n`), 9)).toEqual({
			...{ pid: 9, parent: 1, session: 8, terminal: 34816 },
			...{ isZombie: false, startTime: "4711" },
		});
	});

	test.each(["a) Z 2 3 4", ") Z 99 (", "\n", "((", "\xff"])(
		"is not led astray by the name %o",
		(name) => {
			const process = readProcess(kernelReading(`9 (${name}) ${FIELDS}\n`), 9);
			expect(process).toMatchObject({ parent: 1, session: 8, isZombie: false, startTime: "4711" });
		},
	);

	test.each([
		["Z", true],
		["X", true],
		["R", false],
		["S", false],
		["D", false],
		["T", false],
		["t", false],
		["I", false],
	])("knows whether a process in state %s has ended", (letter, isZombie) => {
		const text = `9 (sh) ${letter}${FIELDS.slice(1)}\n`;
		expect(readProcess(kernelReading(text), 9)?.isZombie).toBe(isZombie);
	});

	test("takes a process whose first thread alone has ended for one that lives", () => {
		const threads = FIELDS.replace(" 20 0 1 0 ", " 20 0 2 0 ");
		const process = readProcess(kernelReading(`9 (java) Z${threads.slice(1)}\n`), 9);
		expect(process?.isZombie).toBe(false);
	});

	test("is undefined when the process is gone", () => {
		const kernel = overridden(new World().kernel, { readFile: () => -ENOENT });
		expect(readProcess(kernel, 9)).toBeUndefined();
	});

	test("makes do with a stat that ends early", () => {
		expect(readProcess(kernelReading("9 (sh) S 1 7 8 0"), 9)?.startTime).toBe("");
	});
});

describe("listOthers()", () => {
	const main = [fork(newSession, exec("daemon", sleepForever)), fork(exit(0)), sleepForever];

	test("lists who lives, but neither ourselves nor zombies", () => {
		const world = new World({ main });
		let pids: number[] | undefined;
		world.at(10, () => {
			pids = listOthers(world.kernel)?.map(({ pid }) => pid);
		});
		world.run();
		expect(pids).toEqual([2, 3]);
	});

	test.each(["none", "foreign"] as const)("is undefined when /proc is %s", (proc) => {
		expect(listOthers(new World({ conditions: { proc } }).kernel)).toBeUndefined();
	});

	test("is undefined when /proc cannot be listed", () => {
		const kernel = overridden(new World().kernel, { listProcesses: () => -ENOENT });
		expect(listOthers(kernel)).toBeUndefined();
	});

	test("leaves out who is gone between the list and the look", () => {
		const kernel = overridden(new World().kernel, { listProcesses: () => [1, 99] });
		expect(listOthers(kernel)).toEqual([]);
	});
});

describe("descendantsOf()", () => {
	const process = (pid: number, parent: number) => ({
		...{ pid, parent, session: 1, terminal: 0, isZombie: false, startTime: "1" },
	});

	test("finds children, grandchildren and so on, in generations, and nobody else", () => {
		const all = [
			process(9, 7),
			process(2, 1),
			process(5, 50),
			process(50, 2),
			process(7, 5),
			process(3, 1),
		];
		expect(descendantsOf(50, all).map(({ pid }) => pid)).toEqual([5, 7, 9]);
		expect(descendantsOf(99, all)).toEqual([]);
	});

	test("comes to an end even if the parents form a ring", () => {
		const ring = [process(2, 3), process(3, 2)];
		expect(descendantsOf(3, ring).map(({ pid }) => pid)).toEqual([2, 3]);
	});
});
