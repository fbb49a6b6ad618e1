import { describe, expect, test } from "vitest";
import type { Init } from "../../../bench/inits/init.ts";
import { MEASUREMENTS } from "../../../bench/measurements/all.ts";
import { interleave, rowOf } from "../../../bench/measurements/rounds.ts";
import { Unmeasurable } from "../../../bench/native/launcher.ts";

const INITS = ["a", "b", "c"].map(
	(name): Init => ({
		name,
		role: "peer",
		version: "1",
		file: `/${name}`,
		linkage: "static",
		words: {},
		reaps: true,
	}),
);

describe("interleave()", () => {
	test("gives every init one turn in each round, and another one begins each", async () => {
		const turns: string[] = [];
		await interleave(INITS, 4, async ({ name }, round) => turns.push(`${round}${name}`));
		expect(turns.join(" ")).toBe("0a 0b 0c 1b 1c 1a 2c 2a 2b 3a 3b 3c");
	});

	test("keeps what each gave in the order of the rounds, so that they can be paired", async () => {
		const { taken } = await interleave(INITS, 3, async ({ name }, round) => `${name}${round}`);
		expect([...taken]).toEqual([
			["a", ["a0", "a1", "a2"]],
			["b", ["b0", "b1", "b2"]],
			["c", ["c0", "c1", "c2"]],
		]);
	});

	test("gives no turn before the one before it has ended: they would share the machine", async () => {
		let running = 0;
		let most = 0;
		await interleave(INITS, 2, async () => {
			running++;
			most = Math.max(most, running);
			await Promise.resolve();
			running--;
		});
		expect(most).toBe(1);
	});

	test("leaves out an init that cannot be measured, with the reason, and asks it no more", async () => {
		const asked: string[] = [];
		const { taken, absent } = await interleave(INITS, 3, async ({ name }, round) => {
			asked.push(`${round}${name}`);
			if (name === "b" && round === 1) throw new Unmeasurable("it ended too early");
			return round;
		});
		expect([...taken.keys()]).toEqual(["a", "c"]);
		expect(taken.get("a")).toEqual([0, 1, 2]);
		expect([...absent]).toEqual([["b", "it ended too early"]]);
		expect(asked.filter((turn) => turn.endsWith("b"))).toEqual(["0b", "1b"]);
	});

	test("does not take a fault of the benchmark for one of the init", async () => {
		const failing = interleave(INITS, 1, async () => {
			throw new TypeError("a slip of ours");
		});
		await expect(failing).rejects.toThrow("a slip of ours");
	});
});

test("rowOf() picks one number out of each turn", async () => {
	const turns = await interleave(INITS, 2, async ({ name }, round) => {
		if (name === "c") throw new Unmeasurable("no");
		return { round, half: round / 2 };
	});
	const head = {
		id: "x",
		title: "x",
		unit: "ns",
		better: "less",
		headline: false,
		whenBehind: "x",
	} as const;
	const row = rowOf(head, turns, ({ half }) => half);
	expect(row).toMatchObject(head);
	expect(row.samples.get("a")).toEqual([0, 0.5]);
	expect([...row.absent]).toEqual([["c", "no"]]);
});

test("each measurement has a name of its own, which is a word for the command line and for a file", () => {
	const names = MEASUREMENTS.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	for (const name of names) expect(name).toMatch(/^[a-z]+$/);
});
