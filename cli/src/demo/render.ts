import Table from "cli-table3";
import { displayName } from "../engine/image.ts";
import type { Paint, Tone } from "../terminal/paint.ts";
import { PATTERNS } from "./application.ts";
import { explanation } from "./explanation.ts";
import { signalOf, wasKilled } from "./judge.ts";
import type { Demonstration, Observation } from "./result.ts";

/** The whole report for people: what ran, the table, what it means, how to use the image. */
export function render(demonstration: Demonstration, paint: Paint): string {
	const { pattern, command, plain, usage } = demonstration;
	return [
		`The same application in each container: CMD [${command.map(quoted).join(", ")}],`,
		`${PATTERNS[pattern].says}.`,
		`A worker leaves ${number(plain.orphans)} orphans; a server, at SIGTERM, has half of its file to write.`,
		"",
		table(demonstration, paint),
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

function table({ plain, dockerInit, baseimage }: Demonstration, paint: Paint): string {
	const columns: [title: string, seen: Observation | undefined][] = [
		["plain base", plain],
		["plain base, --init", dockerInit],
		["baseimage-ts", baseimage],
	];
	const shown = columns.flatMap(([title, seen]) => (seen === undefined ? [] : [{ title, seen }]));
	const drawn = new Table({
		head: ["", ...shown.map(({ title }) => paint("strong", title))],
		// Colours come from `paint` alone, which knows NO_COLOR.
		style: { head: [], border: [], compact: true },
	});
	for (const [title, cell] of rows(plain.orphans)) {
		const cells = shown.map(({ seen }) => {
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
	return left === processesAlive ? number(left) : `${number(left)} (${processesAlive} alive)`;
}

function exitCode({ exitCode: code }: Observation): string {
	const signal = signalOf(code);
	return signal === "" ? String(code) : `${code} (${signal})`;
}

function number(value: number): string {
	return value.toLocaleString("en-US");
}
