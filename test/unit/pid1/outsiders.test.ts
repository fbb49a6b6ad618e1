import { describe, expect, test } from "vitest";
import { Outsiders } from "../../../init/src/pid1/outsiders.ts";
import { exit, sleep, sleepForever } from "../../simulation/actor.ts";
import type { Conditions } from "../../simulation/conditions.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

function worldWith(count: number, conditions: Partial<Conditions> = {}) {
	const world = new World({ main: null, conditions });
	for (let entered = 0; entered < count; entered++) {
		world.enter([sleep(100 * (entered + 1)), exit(0), sleepForever]);
	}
	return { kernel: world.kernel, outsiders: new Outsiders(world.kernel) };
}

describe("Outsiders", () => {
	test("watches nobody and needs no wake-up before it is asked", () => {
		const { outsiders } = worldWith(1);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("is gone where there is nobody else", () => {
		const { outsiders } = worldWith(0);
		expect(outsiders.areGone()).toBe(true);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("watches each one until it has ended", () => {
		const { kernel, outsiders } = worldWith(2);
		expect(outsiders.areGone()).toBe(false);
		expect(outsiders.descriptors).toHaveLength(2);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);

		const first = kernel.poll(outsiders.descriptors, -1);
		outsiders.ended(typeof first === "number" ? [] : first);
		expect(outsiders.descriptors).toHaveLength(1);
		expect(outsiders.areGone()).toBe(false);

		const second = kernel.poll(outsiders.descriptors, -1);
		outsiders.ended(typeof second === "number" ? [] : second);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.areGone()).toBe(true);
	});

	test("closes the descriptor of who has ended, and no other", () => {
		const { kernel, outsiders } = worldWith(2);
		const signals = kernel.openSignals();
		outsiders.areGone();
		const [first = -1, second = -1] = outsiders.descriptors;
		outsiders.ended([signals, first]);
		expect(outsiders.descriptors).toEqual([second]);
		expect(kernel.close(first)).toBeLessThan(0);
		expect(kernel.close(signals)).toBe(0);
		expect(kernel.close(second)).toBe(0);
	});

	test("does not open the descriptors a second time", () => {
		const { outsiders } = worldWith(2);
		outsiders.areGone();
		const before = outsiders.descriptors;
		outsiders.areGone();
		expect(outsiders.descriptors).toEqual(before);
	});

	test.each([
		{ processDescriptors: "unknown" },
		{ processDescriptors: "refused" },
		{ proc: "none" },
		{ proc: "foreign" },
		{ descriptorLimit: 3 },
	] as const)("looks again after 50 ms with %o", (conditions) => {
		const { kernel, outsiders } = worldWith(1, conditions);
		expect(outsiders.areGone()).toBe(false);
		expect(outsiders.timeoutMs).toBe(50);
		kernel.poll([], 200);
		expect(outsiders.areGone()).toBe(true);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("watches a descriptor that has the number 0, as where stdin was closed", () => {
		const { kernel } = worldWith(1);
		const outsiders = new Outsiders(overridden(kernel, { openProcess: () => 0 }));
		outsiders.areGone();
		expect(outsiders.descriptors).toEqual([0]);
	});

	test("opens nobody's descriptor where /proc does not tell who is there", () => {
		const opened: number[] = [];
		const { kernel } = worldWith(1, { proc: "none" });
		const openProcess = (pid: number): number => opened.push(pid);
		new Outsiders(overridden(kernel, { openProcess })).areGone();
		expect(opened).toEqual([]);
	});

	test("watches at most 64 at once", () => {
		const { outsiders } = worldWith(65);
		outsiders.areGone();
		expect(outsiders.descriptors).toHaveLength(64);
	});
});
