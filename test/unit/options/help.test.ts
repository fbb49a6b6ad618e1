import { describe, expect, test } from "vitest";
import { helpText } from "../../../init/src/options/help.ts";
import { OPTIONS } from "../../../init/src/options/schema.ts";

describe("helpText()", () => {
	const lines = helpText("my_init").split("\n");

	test("begins with the usage under the name that it is given", () => {
		expect(lines[0]).toBe("usage: my_init [OPTIONS] [--] COMMAND [ARG...]");
	});

	test.each(OPTIONS)("names --$long with its default", (option) => {
		const line = lines.find((one) => one.startsWith(`  --${option.long} `));
		expect(line).toMatch(option.type === "flag" ? /^ {2}\S+ {2,}[a-z]/ : /^ {2}\S+ [A-Z]+ +/);
		expect(line?.endsWith(` ${option.text} [${option.defaultText}]`)).toBe(true);
	});

	test("explains the exit codes, fits on a screen, and ends with a line end", () => {
		expect(helpText("x")).toMatch(/exit code.*126.*127.*\n.*2 usage error; 111 system error\n$/s);
		expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
		expect(lines.length).toBeLessThanOrEqual(35);
	});
});
