import { describe, expect, test } from "vitest";
import { helpText } from "../../../init/src/options/help.ts";
import { OPTIONS } from "../../../init/src/options/schema.ts";

describe("helpText()", () => {
	const lines = helpText("my_init").split("\n");

	test("begins with the usage under the name that it is given", () => {
		expect(lines[0]).toBe("usage: my_init [OPTIONS] [--] COMMAND [ARG...]");
	});

	test.each(OPTIONS)("names --$long with its variable and default", (option) => {
		const index = lines.findIndex((line) => line.includes(`--${option.long} `));
		expect(lines[index]).toContain(option.text);
		expect(lines[index + 1]?.trim()).toBe(`[${option.variable}, default ${option.defaultText}]`);
	});

	test("explains the exit codes, fits on a screen, and ends with a line end", () => {
		expect(helpText("x")).toMatch(/exit code.*126.*127.*\n.*2 usage error; 111 system error\n$/s);
		expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
		expect(lines.length).toBeLessThanOrEqual(25);
	});
});
