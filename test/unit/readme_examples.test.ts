// What README shows of examples/ is cut out of them.
import { expect, test } from "vitest";
import { withExamples } from "../../scripts/readme-examples.ts";

const README = "before\n<!-- example:start a/Dockerfile -->\nold\n<!-- example:end -->\nafter\n";
const DOCKERFILE = `ARG BASE=org/base\n# readme:start\nFROM \${BASE}:tag\nRUN $X\n# readme:end\nCMD c\n`;

function shown(file: string, readme = README): string {
	return withExamples(readme, new Map([["a/Dockerfile", file]]));
}

test("the region of a file takes the place of what lies between the marks", () => {
	const lines = [
		"<!-- example:start a/Dockerfile -->",
		"```Dockerfile",
		"FROM org/base:tag",
		"RUN $X",
	];
	const expected = ["before", ...lines, "```", "<!-- example:end -->", "after", ""].join("\n");
	expect(shown(DOCKERFILE)).toBe(expected);
	expect(shown(DOCKERFILE, expected)).toBe(expected);
});

test("a region goes as far to the left as its lines allow", () => {
	const text = "<!-- example:start a.yaml -->\n<!-- example:end -->";
	const yaml = "a:\n  # readme:start\n  b:\n    c: 1\n\n  # readme:end\n  d: 2\n";
	expect(withExamples(text, new Map([["a.yaml", yaml]]))).toContain("```yaml\nb:\n  c: 1\n\n```\n");
});

test("a session is shown as it is", () => {
	const text = "<!-- example:start a.console -->\n<!-- example:end -->";
	expect(withExamples(text, new Map([["a.console", "$ x\ny\n\n"]]))).toContain(
		"```console\n$ x\ny\n```\n",
	);
});

test.each([
	["no start", DOCKERFILE.replace("# readme:start\n", "")],
	["no end", DOCKERFILE.replace("# readme:end\n", "")],
	["two regions", `${DOCKERFILE}${DOCKERFILE}`],
	["nothing in it", "# readme:start\n# readme:end\n"],
])("a file with %s is named", (_, file) => {
	expect(() => shown(file)).toThrow(/a\/Dockerfile needs "# readme:start", lines, and/);
});

test.each([
	[
		"a mark without an end",
		README.replace("<!-- example:end -->\n", ""),
		'a/Dockerfile has no "<!--',
	],
	[
		"a mark in another",
		README.replace("old", "<!-- example:start b -->"),
		'a/Dockerfile has no "<!--',
	],
	["an end without a start", `<!-- example:end -->\n${README}`, "without a file before it"],
	[
		"a file that is not there",
		README.replace("a/Dockerfile", "b/Dockerfile"),
		"b/Dockerfile is no file",
	],
	["a file of another kind", README.replace("a/Dockerfile", "a/app.js"), "a/app.js is no file"],
])("%s is said", (_, readme, what) => {
	expect(() => shown(DOCKERFILE, readme)).toThrow(what);
});
