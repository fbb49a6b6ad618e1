import Table from "cli-table3";
import { marked } from "../engine/image.ts";
import { grouped } from "../terminal/figures.ts";
import type { Paint, Tone } from "../terminal/paint.ts";
import { PATTERNS } from "./application.ts";
import { explanation } from "./explanation.ts";
import { signalOf, wasKilled } from "./judge.ts";
import type { Demonstration, FlushedFile, Observation } from "./result.ts";

/** The whole report for people: what ran, the table, what it means, how to use the image. */
export function render(demonstration: Demonstration, paint: Paint): string {
	const { pattern, command, plain, usage } = demonstration;
	const shown = columns(demonstration);
	return [
		`The same application in each: CMD [${command.map(quoted).join(", ")}],`,
		`${PATTERNS[pattern].says}.`,
		`A worker leaves ${grouped(plain.orphans)} orphans; a server has half a file to write at SIGTERM.`,
		"",
		...legend(shown),
		table(shown, plain.orphans, paint),
		...explanation(demonstration).map((line) => paint("quiet", line)),
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

/** A row of the table: its title, and its cell in any column. */
type Row = [title: string, cell: (seen: Observation) => Cell];

function rows(orphans: number): Row[] {
	return [
		["PID 1", ({ pid1 }) => ({ text: pid1 })],
		[
			`zombies of ${grouped(orphans)} orphans`,
			({ zombies }) => ({ text: grouped(zombies), tone: toneOf(zombies === 0) }),
		],
		["processes left", (seen) => ({ text: processesLeft(seen) })],
		[
			"docker stop",
			(seen) => ({ text: `${seen.stopSeconds.toFixed(1)} s`, tone: toneOf(!wasKilled(seen)) }),
		],
		["exit code", (seen) => ({ text: exitCode(seen), tone: toneOf(!wasKilled(seen)) })],
		[
			"the server's file",
			({ file }) => ({ text: contents(file), tone: toneOf(file.state === "whole") }),
		],
	];
}

/** One container: the head of its column, and what was seen in it. */
type Column = [head: string, seen: Observation];

function columns({ plain, dockerInit, baseimage }: Demonstration): Column[] {
	return [
		["plain base", plain],
		...(dockerInit === undefined ? [] : [["plain base, --init", dockerInit] satisfies Column]),
		["baseimage-ts", baseimage],
	];
}

/** Which image each column is of: their names are too long for a table on 80 columns. */
function legend(shown: readonly Column[]): string[] {
	const width = Math.max(...shown.map(([head]) => head.length));
	return shown.map(
		([head, { image, standIn }]) => `${head.padEnd(width)}  ${marked(image, standIn)}`,
	);
}

function table(shown: readonly Column[], orphans: number, paint: Paint): string {
	const drawn = new Table({
		head: ["", ...shown.map(([head, { standIn }]) => paint("strong", marked(head, standIn)))],
		// Colours come from `paint` alone, which knows NO_COLOR.
		style: { head: [], border: [], compact: true },
	});
	for (const [title, cell] of rows(orphans)) {
		const cells = shown.map(([, seen]) => {
			const { text, tone } = cell(seen);
			return tone === undefined ? text : paint(tone, text);
		});
		drawn.push([title, ...cells]);
	}
	return drawn.toString();
}

function quoted(word: string): string {
	return JSON.stringify(word);
}

function toneOf(good: boolean): Tone {
	return good ? "good" : "bad";
}

function processesLeft({ processesLeft: left, processesAlive }: Observation): string {
	return left === processesAlive ? grouped(left) : `${grouped(left)} (${processesAlive} alive)`;
}

function contents({ state, records, recordsExpected }: FlushedFile): string {
	return `${state === "whole" ? "flushed" : "torn"}: ${records}/${recordsExpected} records`;
}

function exitCode({ exitCode: code }: Observation): string {
	const signal = signalOf(code);
	return signal === "" ? String(code) : `${code} (${signal})`;
}
