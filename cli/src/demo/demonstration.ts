import type { Engine } from "../engine/connect.ts";
import type { Image } from "../engine/image.ts";
import { applicationCommand } from "./application.ts";
import { passes } from "./judge.ts";
import type { Demonstration, Observation } from "./result.ts";
import { observe, type Report, type Scenario } from "./subject.ts";

/** The two images that are compared. */
export interface Pair {
	plain: Image;
	baseimage: Image;
}

/** Runs the application on both images at once. When one fails, the other is given up too. */
export async function demonstrate(
	engine: Engine,
	images: Pair,
	scenario: Scenario,
	signal: AbortSignal,
	reports: { plain: Report; baseimage: Report },
): Promise<Demonstration> {
	const failed = new AbortController();
	const both = AbortSignal.any([signal, failed.signal]);
	const run = (which: keyof Pair): Promise<Observation> =>
		observe(engine, images[which], scenario, both, reports[which]).catch((thrown: unknown) => {
			failed.abort(thrown);
			throw thrown;
		});

	// All must have cleaned up before the first error goes on.
	const [plain, baseimage] = await Promise.allSettled([run("plain"), run("baseimage")]);
	if (plain.status === "rejected" || baseimage.status === "rejected") {
		throw failed.signal.reason;
	}
	return {
		schema: 1,
		engine: engine.name,
		pattern: scenario.pattern,
		command: applicationCommand(scenario.pattern, scenario.orphans),
		plain: plain.value,
		baseimage: baseimage.value,
		passed: passes(baseimage.value),
		usage: usageLines(images.baseimage.reference),
	};
}

/** The three lines that a user copies. */
export function usageLines(reference: string): string[] {
	return [`FROM ${reference}`, "COPY app /usr/local/bin/app", 'CMD ["app"]'];
}
