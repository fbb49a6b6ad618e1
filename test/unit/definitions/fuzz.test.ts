// Whatever a file holds, the checker says what is wrong, and never fails itself.
import { expect, test } from "vitest";
import { plainFile } from "../../simulation/files.ts";
import { Random } from "../../simulation/random.ts";
import { AROUND, EVERY_KEY, SCHEDULED } from "./examples.ts";
import { bytesOf, ETC, initctl } from "./machine.ts";

const FILES = 2000;
const PARTS = [
	...[
		'"',
		"'",
		"[",
		"]",
		"{",
		"}",
		"=",
		"\n",
		"#",
		".",
		",",
		"\\",
		"\0",
		"\x80",
		"\xff",
		"\xc3\xbc",
		"'''",
		'"""',
	],
	...[
		"-1",
		"0",
		"1e400",
		"nan",
		"1979-05-27",
		"true",
		"[[x]]\n",
		"[x]\n",
		"[healthcheck]\n",
		"a = 1\n",
		'"\\u0000"',
	],
	...[
		"__proto__",
		"constructor",
		"depends_on",
		"test",
		"ready",
		"{ soft = {} }",
		"[[]]",
		"web",
		"main",
	],
];

function mutated(text: string, random: Random): string {
	let bytes = text;
	for (let left = random.whole(1, 4); left > 0; left--) {
		const at = random.whole(0, bytes.length);
		const until = Math.min(bytes.length, at + random.whole(0, random.whole(0, 1) === 0 ? 3 : 60));
		const part = random.pick(PARTS);
		const moved = bytes.slice(at, until);
		const kind = random.whole(0, 3);
		if (kind === 0) bytes = bytes.slice(0, at) + part + bytes.slice(until);
		else if (kind === 1) bytes = bytes.slice(0, at) + bytes.slice(until);
		else if (kind === 2) bytes = bytes.slice(0, at) + part + bytes.slice(at);
		else bytes = bytes.slice(0, until) + moved + bytes.slice(until);
	}
	return bytes;
}

test(`${FILES} files that were changed at random are read or refused, with sound lines`, {
	timeout: 60_000,
}, () => {
	const random = new Random(1);
	let refused = 0;
	for (let i = 0; i < FILES; i++) {
		const web = mutated(bytesOf(i % 5 === 0 ? SCHEDULED : EVERY_KEY), random);
		const name = i % 7 === 0 ? "main" : "web";
		const run = initctl(["compile"], { ...AROUND, [name]: plainFile(web) });
		const about = JSON.stringify(web);
		for (const line of run.stderr.split("\n").slice(0, -1)) {
			expect(line, about).toMatch(
				/^\*\*\* (?:error|warning): (\/[\w./-]+(:\d+:\d+)?: .+; .+|\w+ is left out: .+|\/[\w./-]+(:\d+:\d+)?: .*\?)$/,
			);
			expect(line, about).toMatch(/^[ -~]*$/);
		}
		for (const line of run.stdout.split("\n").slice(0, -1)) JSON.parse(line);
		expect(run.exitCode, about).toBe(run.stderr === "" ? 0 : 1);
		if (run.exitCode === 1) refused++;
		// What is shown can be read again, and says the same.
		if (i % 4 !== 0) continue;
		const shown = initctl(["show", name], { [name]: plainFile(web) });
		if (shown.exitCode !== 0) continue;
		const again = initctl(["show", name], { [name]: plainFile(shown.stdout) });
		expect(again.stdout, about).toBe(shown.stdout);
		expect(again.stderr.replaceAll(ETC, ""), about).toBe("");
	}
	expect(refused).toBeGreaterThan(FILES / 2);
	expect(refused).toBeLessThan(FILES);
});
