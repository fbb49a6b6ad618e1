// Images one after the other, again and again: what changes on the machine meanwhile meets all of them.
import { max, median, min } from "simple-statistics";
import type { Engine } from "../engine/connect.ts";
import type { Image } from "../engine/image.ts";
import type { Measured, Run, Spread, Storm } from "./result.ts";
import { measure, type Observed, type Report, type Scenario } from "./subject.ts";

/** An image, and where its steps are reported. */
export interface Contestant {
	image: Image;
	report: Report;
}

/** A first round that does not count brings everything into the caches; then come those that do. */
export async function measureRounds(
	engine: Engine,
	contestants: readonly Contestant[],
	runs: number,
	scenario: Scenario,
	signal: AbortSignal,
): Promise<Measured[]> {
	const seen = contestants.map((): Observed[] => []);
	for (let round = 0; round <= runs; round++) {
		const name = round === 0 ? "warming up" : `run ${round} of ${runs}`;
		for (const index of order(contestants.length, round)) {
			const contestant = contestants[index];
			if (contestant === undefined) continue;
			const { image, report } = contestant;
			const step: Report = (text) => report(`${name}: ${text}`);
			const observed = await measure(engine, image, scenario, signal, step);
			if (round > 0) seen[index]?.push(observed);
			report(round === runs ? "done" : `${name}: waiting for the others`);
		}
	}
	return contestants.map(({ image }, index) => summarize(image, seen[index] ?? []));
}

/** Whoever was first is last in the next round. */
export function order(count: number, round: number): number[] {
	const forwards = Array.from({ length: count }, (_, index) => index);
	return round % 2 === 0 ? forwards : forwards.reverse();
}

/** What came out of an image's runs, of which there is one at least. */
export function summarize(
	{ reference, standIn, platform }: Pick<Image, "reference" | "standIn" | "platform">,
	runs: readonly Observed[],
): Measured {
	const rss = runs.map(({ rssKiB }) => rssKiB).filter((value) => value !== undefined);
	const storms = runs.map(({ storm }) => storm);
	return {
		image: reference,
		standIn,
		platform,
		pid1: runs[0]?.pid1 ?? "?",
		startMs: spread(runs.map(({ startMs }) => startMs)),
		stopMs: spread(runs.map(({ stopMs }) => stopMs)),
		rssKiB: rss.length === 0 ? null : spread(rss),
		storm: worst(storms),
		stormUnmeasured:
			storms.map((seen) => ("unmeasured" in seen ? seen.unmeasured : null)).find(Boolean) ?? null,
		exitCodes: [...new Set(runs.map(({ exitCode }) => exitCode))].sort((a, b) => a - b),
	};
}

function worst(storms: readonly Run["storm"][]): Storm | null {
	return storms.reduce<Storm | null>((found, storm) => {
		if ("unmeasured" in storm) return found;
		return found === null || storm.zombies > found.zombies ? storm : found;
	}, null);
}

/** Tenths of a millisecond are noise already. */
function spread(values: readonly number[]): Spread {
	const rounded = values.map((value) => Math.round(value * 10) / 10);
	return {
		median: median(rounded),
		lowest: min(rounded),
		highest: max(rounded),
		values: rounded,
	};
}
