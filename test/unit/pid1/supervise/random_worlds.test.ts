// The real PID 1 in worlds that nobody thought of: the same 1,000 each time. SEEDS=n runs n new ones, from a
// seed that is drawn and printed, or from FIRST_SEED=n on. SEED=n replays one with its full log.
import { expect, test } from "vitest";
import { describeFailure, describeRun, runSeed } from "../../../simulation/run_world.ts";

const one = process.env["SEED"];
const wanted = process.env["SEEDS"];
const drawn = wanted === undefined ? 1 : Math.floor(Math.random() * 1e9);
const first = Number(one ?? process.env["FIRST_SEED"] ?? drawn);
const count = one === undefined ? Number(wanted ?? 1_000) : 1;
/** As many failures as one can read. */
const SHOWN = 3;

test(`supervise() keeps every rule in ${count} random worlds from seed ${first} on`, {
	timeout: 60_000 + count * 20,
}, () => {
	const failures: string[] = [];
	const ends = new Set<string>();
	for (let seed = first; seed < first + count; seed++) {
		const judged = runSeed(seed);
		if (one !== undefined) console.log(describeRun(judged));
		ends.add(judged.run.end);
		if (judged.violations.length > 0) failures.push(describeFailure(judged));
		if (failures.length === SHOWN) break;
	}
	expect(failures.join("\n\n")).toBe("");
	expect([...ends]).toEqual(["exited"]);
});

test("a seed gives the same world and the same course of events again", () => {
	const [once, again] = [runSeed(first), runSeed(first)];
	expect(again.world).toEqual(once.world);
	expect(describeRun(again)).toBe(describeRun(once));
});
