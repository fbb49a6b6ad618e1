import { describe, expect, test } from "vitest";
import { findTerminal } from "../../../init/src/boot/terminal.ts";
import { ENOTTY } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

/** A kernel whose descriptors 0, 1 and 2 lead to terminals with these foreground groups, or to none. */
function kernelWith(groups: readonly (number | undefined)[]) {
	return overridden(new World().kernel, {
		foregroundGroup: (descriptor) => groups[descriptor] ?? -ENOTTY,
		processGroup: () => 50,
	});
}

describe("findTerminal()", () => {
	test.each([
		["on stdin", [1, 1, 1], 0],
		["on stdout", [undefined, 1, 1], 1],
		["on stderr", [undefined, undefined, 1], 2],
		["nowhere", [], -1],
		["with an empty foreground", [0], 0],
	])("as PID 1 finds it %s", (_where, groups, descriptor) => {
		expect(findTerminal(kernelWith(groups), true, 2)).toBe(descriptor);
	});

	test.each([
		["takes the one in whose foreground we stand", [50], 0],
		["leaves the one to which a shell started us in the background", [77, 50], -1],
		["finds none where there is none", [], -1],
	])("elsewhere %s", (_what, groups, descriptor) => {
		expect(findTerminal(kernelWith(groups), false, 2)).toBe(descriptor);
	});

	test("looks no further than at the last descriptor", () => {
		const onlyOnStderr = [-ENOTTY, -ENOTTY, 5];
		expect(findTerminal(kernelWith(onlyOnStderr), true, 2)).toBe(2);
		expect(findTerminal(kernelWith(onlyOnStderr), true, 0)).toBe(-1);
		expect(findTerminal(kernelWith([5, 5, 5]), true, -1)).toBe(-1);
	});
});
