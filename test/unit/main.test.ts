import { describe, expect, test } from "vitest";
import "../../init/src/main.ts";
import { exit } from "../simulation/actor.ts";
import { overridden } from "../simulation/overridden.ts";
import { World } from "../simulation/world.ts";

function exitCodeUnder(name: string | undefined): number | undefined {
	const world = new World({ main: [exit(6)] });
	const named = overridden(world.kernel, {
		argument: (index) => (index === 0 ? name : world.kernel.argument(index)),
	});
	return world.run(() => globalThis.main(named)).exitCode;
}

describe("main()", () => {
	test.each([["my_init"], ["/sbin/my_init"], ["./my_init"], ["/sbin/anything"], [""], [undefined]])(
		"under the name %o is my_init",
		(name) => {
			expect(exitCodeUnder(name)).toBe(6);
		},
	);
});
