import type { Engine } from "../engine/connect.ts";
import { applicationCommand } from "./application.ts";
import { passes } from "./judge.ts";
import type { Demonstration, Observation } from "./result.ts";
import { observe, type Report, type Scenario, type Subject } from "./subject.ts";

/** A container to run, and where its steps are reported. */
export interface Column {
	subject: Subject;
	report: Report;
}

/** The containers that are compared. */
export interface Columns {
	plain: Column;
	dockerInit?: Column;
	baseimage: Column;
}

/** Runs the application in all containers at once. When one fails, the others are given up. */
export async function demonstrate(
	engine: Engine,
	columns: Columns,
	scenario: Scenario,
	signal: AbortSignal,
): Promise<Demonstration> {
	const failed = new AbortController();
	const stop = AbortSignal.any([signal, failed.signal]);
	const run = ({ subject, report }: Column): Promise<Observation> =>
		observe(engine, subject, scenario, stop, report).catch((thrown: unknown) => {
			failed.abort(thrown);
			throw thrown;
		});

	const plain = run(columns.plain);
	const dockerInit = columns.dockerInit && run(columns.dockerInit);
	const baseimage = run(columns.baseimage);
	// All must have removed their containers before the first error goes on.
	await Promise.allSettled([plain, dockerInit, baseimage]);
	failed.signal.throwIfAborted();

	const seen = await baseimage;
	return {
		schema: 1,
		engine: engine.name,
		pattern: scenario.pattern,
		command: applicationCommand(scenario.pattern, scenario.orphans),
		plain: await plain,
		...(dockerInit && { dockerInit: await dockerInit }),
		baseimage: seen,
		passed: passes(seen),
		usage: usageLines(seen.image),
	};
}

/** The three lines that a user copies. */
export function usageLines(reference: string): string[] {
	return [`FROM ${reference}`, "COPY app /usr/local/bin/app", 'CMD ["app"]'];
}
