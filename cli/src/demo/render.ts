import Table from "cli-table3";
import { displayName } from "../engine/image.ts";
import type { Paint, Tone } from "../terminal/paint.ts";
import { PATTERNS, type Pattern } from "./application.ts";
import { signalOf, wasKilled } from "./judge.ts";
import type { Demonstration, Observation } from "./result.ts";

/** The whole report for people: what ran, the table, what it means, how to use the image. */
export function render(demonstration: Demonstration, paint: Paint): string {
	const { pattern, plain, baseimage, usage } = demonstration;
	return [
		`The same application in both, as ${command(demonstration)}:`,
		`${PATTERNS[pattern].says}.`,
		`A worker leaves ${number(plain.orphans)} orphans; a server has half of its file to write when it gets SIGTERM.`,
		"",
		table(demonstration, paint),
		...notes(pattern, plain, baseimage).map((line) => paint("quiet", line)),
		"",
		"To use the image:",
		"",
		...usage.map((line) => `  ${paint("strong", line)}`),
	].join("\n");
}

/** A cell: what was seen, and whether that is as it should be. */
interface Cell {
	text: string;
	tone?: Tone;
}

/** A row of the table, for one column at a time. */
type Row = [title: string, cell: (seen: Observation) => Cell];

function rows(orphans: number): Row[] {
	return [
		["image", (seen) => ({ text: displayName({ ...seen, reference: seen.image }) })],
		["PID 1", ({ pid1 }) => ({ text: pid1 })],
		[
			`zombies after ${number(orphans)} orphans`,
			({ zombies }) => ({ text: number(zombies), tone: toneOf(zombies === 0) }),
		],
		["processes left", (seen) => ({ text: processesLeft(seen) })],
		[
			"docker stop",
			(seen) => ({ text: `${seen.stopSeconds.toFixed(1)} s`, tone: toneOf(!wasKilled(seen)) }),
		],
		["exit code", (seen) => ({ text: exitCode(seen), tone: toneOf(!wasKilled(seen)) })],
		[
			"the server's file",
			({ file }) => ({
				text: `${file.state === "whole" ? "flushed" : "torn"}: ${file.records} of ${file.recordsExpected} records`,
				tone: toneOf(file.state === "whole"),
			}),
		],
	];
}

function table({ plain, baseimage }: Demonstration, paint: Paint): string {
	const drawn = new Table({
		head: ["", paint("strong", "plain base"), paint("strong", "baseimage-ts")],
		// Colours come from `paint` alone, which knows NO_COLOR.
		style: { head: [], border: [] },
	});
	for (const [title, cell] of rows(plain.orphans)) {
		const painted = [plain, baseimage].map((seen) => {
			const { text, tone } = cell(seen);
			return tone === undefined ? text : paint(tone, text);
		});
		drawn.push([title, ...painted]);
	}
	return drawn.toString();
}

/** How it was measured, and why the columns differ. */
function notes(pattern: Pattern, plain: Observation, baseimage: Observation): string[] {
	const sources = new Set([plain.countedFrom, baseimage.countedFrom]);
	return [
		`All orphans were seen alive first, each a process of its own under PID 1; zombies are counted among them in`,
		`${[...sources].join(" and ")}, 1 s after the last has ended. "docker stop" has its usual 10 s; --init is off.`,
		...WHY[pattern].map((line) => line.replaceAll("%", plain.pid1)),
	];
}

const WHY: Readonly<Record<Pattern, readonly string[]>> = {
	"keep-alive": [
		"On the plain base PID 1 is %: it never waits for children that it did not start, and the kernel ignores SIGTERM",
		"for a PID 1 without a handler. After 10 s everything is killed.",
	],
	"start-script": [
		"On the plain base PID 1 is the shell of %: a shell reaps while it waits, but passes no signal on, and the kernel",
		"ignores SIGTERM for a PID 1 without a handler. After 10 s everything is killed.",
	],
};

function command({ command: words }: Demonstration): string {
	return `CMD [${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

function toneOf(good: boolean): Tone {
	return good ? "good" : "bad";
}

function processesLeft({ processesLeft: left, processesAlive }: Observation): string {
	return left === processesAlive ? number(left) : `${number(left)} (${processesAlive} alive)`;
}

function exitCode({ exitCode: code }: Observation): string {
	const signal = signalOf(code);
	return signal === "" ? String(code) : `${code} (${signal})`;
}

function number(value: number): string {
	return value.toLocaleString("en-US");
}
