// What two looks into a container are judged to mean, without a container.
import { expect, test } from "vitest";
import { EMPTY_CONFIG } from "../../cli/src/command/config.ts";
import { judgeLive } from "../../cli/src/doctor/live.ts";
import type { ProcessSeen, Snapshot } from "../../cli/src/probe/snapshot.ts";

const pid1: ProcessSeen = {
	...{ pid: 1, parentPid: 0, state: "S", name: "keeper", startTicks: 1, ageS: 60 },
	...{ commandLine: "/keeper", exe: "/keeper", written: [] },
	signals: { caught: [], ignored: [], blocked: [] },
};

function look(waitsForSignals: boolean): Snapshot {
	return { processes: [pid1], pid1, waitsForSignals };
}

test.each([
	[true, true, "passed"],
	// PID 1 was at work in one of the two moments.
	[true, false, "passed"],
	[false, true, "passed"],
	[false, false, "failed"],
])("a PID 1 without handlers that waits for signals: %s, then %s", (first, second, verdict) => {
	const { findings } = judgeLive({
		...{ config: EMPTY_CONFIG, before: look(first), after: look(second) },
		...{ orphan: undefined, willStop: false },
	});
	expect(findings.find(({ rule }) => rule === "signal-taken")).toMatchObject({ verdict });
});
