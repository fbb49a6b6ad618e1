import Table from "cli-table3";
import { signalOf } from "../demo/judge.ts";
import { marked } from "../engine/image.ts";
import { grouped } from "../terminal/figures.ts";
import type { Paint } from "../terminal/paint.ts";
import type { BenchReport, Measured, Spread } from "./result.ts";

/** The table for people: a row for each image, medians with the lowest and the highest below. */
export function render(report: BenchReport, paint: Paint): string {
	const { images, runs, ready, command } = report;
	const drawn = new Table({
		head: [
			"",
			`start, to ${ready === "first byte on stdout" ? "1st byte" : ready}`,
			"stop",
			"RSS of PID 1",
			"zombies",
			"exit code",
		].map((title) => paint("strong", title)),
		// Colours come from `paint` alone, which knows NO_COLOR.
		style: { head: [], border: [] },
		wordWrap: true,
	});
	images.forEach((image, index) => {
		drawn.push([
			letter(index),
			`${milliseconds(image.startMs.median)}\n${paint("quiet", range(image.startMs, milliseconds))}`,
			stopCell(image, paint),
			image.rssKiB === null
				? "unknown"
				: `${kibibytes(image.rssKiB.median)}\n${paint("quiet", range(image.rssKiB, kibibytes))}`,
			zombieCell(image, paint),
			image.exitCodes.map(exitCode).join("\n"),
		]);
	});
	const unmeasured = images.flatMap(({ stormUnmeasured }, index) =>
		stormUnmeasured === null ? [] : [`${letter(index)}: no storm of orphans: ${stormUnmeasured}.`],
	);
	return [
		...images.map(
			(image, index) =>
				`${letter(index)}  ${marked(image.image, image.standIn)}, PID 1: ${image.pid1}`,
		),
		...(command === null
			? []
			: [`The same command in each: ${command.map((word) => JSON.stringify(word)).join(" ")}`]),
		drawn.toString(),
		...[
			`Medians of ${grouped(runs)} ${runs === 1 ? "run" : "runs"} in turn, lowest and highest below; the engine's part is in all of them.`,
			...unmeasured,
		].map((line) => paint("quiet", line)),
	].join("\n");
}

/** A, B, … Z, A2: names of images are too long for a table on 80 columns. */
export function letter(index: number): string {
	const name = String.fromCharCode("A".charCodeAt(0) + (index % 26));
	return index < 26 ? name : `${name}${Math.floor(index / 26) + 1}`;
}

export function milliseconds(value: number): string {
	return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(2)} s`;
}

export function kibibytes(value: number): string {
	return value < 10_240 ? `${grouped(value)} KiB` : `${(value / 1_024).toFixed(1)} MiB`;
}

function range({ lowest, highest }: Spread, show: (value: number) => string): string {
	return lowest === highest ? "" : `${show(lowest)}–${show(highest)}`;
}

function stopCell({ stopMs, exitCodes }: Measured, paint: Paint): string {
	const isKilled = exitCodes.some((code) => signalOf(code) === "SIGKILL");
	const text = milliseconds(stopMs.median);
	return `${paint(isKilled ? "bad" : "good", text)}\n${paint("quiet", range(stopMs, milliseconds))}`;
}

function zombieCell({ storm }: Measured, paint: Paint): string {
	if (storm === null) return "unknown";
	const text = `${grouped(storm.zombies)} of ${grouped(storm.orphans)}`;
	return paint(storm.zombies === 0 ? "good" : "bad", text);
}

function exitCode(code: number): string {
	const signal = signalOf(code);
	return signal === "" ? String(code) : `${code} (${signal})`;
}
