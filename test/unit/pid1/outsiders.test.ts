import { describe, expect, test } from "vitest";
import { newOutsiders } from "../../../init/src/pid1/outsiders.ts";
import { exit, sleep, sleepForever } from "../../simulation/actor.ts";
import type { Conditions } from "../../simulation/conditions.ts";
import { EINTR, EMFILE } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { TERM } from "../../simulation/signal_actions.ts";
import { letPass } from "../../simulation/sleeping.ts";
import { World } from "../../simulation/world.ts";

function worldWith(count: number, conditions: Partial<Conditions> = {}) {
	const world = new World({ main: null, conditions });
	for (let entered = 0; entered < count; entered++) {
		world.enter([sleep(100 * (entered + 1)), exit(0), sleepForever]);
	}
	return { world, kernel: world.kernel, outsiders: newOutsiders() };
}

describe("Outsiders", () => {
	test("watches nobody and needs no wake-up before it is asked", () => {
		const { outsiders } = worldWith(1);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("is gone where there is nobody else", () => {
		const { kernel, outsiders } = worldWith(0);
		expect(outsiders.areGone(kernel)).toBe(true);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("watches each one until it has ended", () => {
		const { kernel, outsiders } = worldWith(2);
		expect(outsiders.areGone(kernel)).toBe(false);
		expect(outsiders.descriptors).toHaveLength(2);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);

		outsiders.sleep(kernel, -1, []);
		expect(outsiders.descriptors).toHaveLength(1);
		expect(outsiders.areGone(kernel)).toBe(false);

		outsiders.sleep(kernel, -1, []);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.areGone(kernel)).toBe(true);
	});

	test("closes the descriptor of who has ended, and no other", () => {
		const { kernel, outsiders } = worldWith(2);
		outsiders.areGone(kernel);
		const [first = -1, second = -1] = outsiders.descriptors;
		outsiders.sleep(kernel, -1, []);
		expect(outsiders.descriptors).toEqual([second]);
		expect(kernel.close(first)).toBeLessThan(0);
		expect(kernel.close(second)).toBe(0);
	});

	test("keeps watching when a signal has ended the sleep, or an interruption", () => {
		const { world, kernel, outsiders } = worldWith(1);
		outsiders.areGone(kernel);
		world.signal(TERM);
		outsiders.sleep(kernel, -1, []);
		expect(outsiders.descriptors).toHaveLength(1);
		outsiders.sleep(overridden(kernel, { poll: () => -EINTR }), -1, []);
		expect(outsiders.descriptors).toHaveLength(1);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("waits for what else is to be read as well, and tells which of it is readable", () => {
		const { world, kernel, outsiders } = worldWith(1);
		outsiders.areGone(kernel);
		const other = world.enter([sleep(50), exit(0)]);
		const [silent, awaited] = [kernel.openDevice(), kernel.openProcess(other?.pid ?? 0)];
		expect(outsiders.sleep(kernel, -1, [silent, awaited])).toEqual([awaited]);
		expect(outsiders.descriptors).toHaveLength(1);
		expect(outsiders.sleep(kernel, -1, [silent])).toEqual([]);
		expect(outsiders.descriptors).toEqual([]);
		const interrupted = overridden(kernel, { poll: () => -EINTR });
		expect(outsiders.sleep(interrupted, -1, [silent])).toEqual([]);
	});

	test("looks again after 50 ms, with nothing left open, where it cannot sleep", () => {
		const { kernel, outsiders } = worldWith(2);
		outsiders.areGone(kernel);
		const opened = [...outsiders.descriptors];
		outsiders.sleep(overridden(kernel, { poll: () => -EMFILE }), -1, []);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.timeoutMs).toBe(50);
		for (const descriptor of opened) expect(kernel.close(descriptor)).toBeLessThan(0);

		expect(outsiders.areGone(kernel)).toBe(false);
		expect(outsiders.descriptors).toEqual([]);
		expect(outsiders.timeoutMs).toBe(50);
	});

	test("does not open the descriptors a second time", () => {
		const { kernel, outsiders } = worldWith(2);
		outsiders.areGone(kernel);
		const before = [...outsiders.descriptors];
		outsiders.areGone(kernel);
		expect(outsiders.descriptors).toEqual(before);
	});

	test.each([
		{ processDescriptors: "unknown" },
		{ processDescriptors: "refused" },
		{ proc: "none" },
		{ proc: "foreign" },
		{ descriptorLimit: 3 },
	] as const)("looks again after 50 ms with %o", (conditions) => {
		const { world, kernel, outsiders } = worldWith(1, conditions);
		expect(outsiders.areGone(kernel)).toBe(false);
		expect(outsiders.timeoutMs).toBe(50);
		letPass(world.machine, 200);
		outsiders.lookNoMore();
		expect(outsiders.areGone(kernel)).toBe(true);
		expect(outsiders.timeoutMs).toBe(Number.POSITIVE_INFINITY);
	});

	test("watches a descriptor that has the number 0, as where stdin was closed", () => {
		const { kernel } = worldWith(1);
		const outsiders = newOutsiders();
		outsiders.areGone(overridden(kernel, { openProcess: () => 0 }));
		expect(outsiders.descriptors).toEqual([0]);
	});

	test("opens nobody's descriptor where /proc does not tell who is there", () => {
		const opened: number[] = [];
		const { kernel } = worldWith(1, { proc: "none" });
		const openProcess = (pid: number): number => opened.push(pid);
		newOutsiders().areGone(overridden(kernel, { openProcess }));
		expect(opened).toEqual([]);
	});

	test("watches at most 64 at once", () => {
		const { kernel, outsiders } = worldWith(65);
		outsiders.areGone(kernel);
		expect(outsiders.descriptors).toHaveLength(64);
	});
});
