// What lies in bench/results, and what the README quotes of it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { parseReport } from "../../bench/report/read.ts";
import { limitSentences } from "../../bench/report/words.ts";
import { findStale } from "../../scripts/readme-figures.ts";
import { root } from "../../scripts/root.ts";

const RESULTS = join(root, "bench/results");
const LATEST = join(RESULTS, "latest.json");

// It draws every chart anew; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(({ skip }) => skip(!existsSync(LATEST), "bench/results is empty: npm run bench"));

test("README, results.md and charts say what latest.json says", async () => {
	expect(await findStale(root)).toEqual([]);
});

test("the results tell of all twelve limits, and none is broken", () => {
	const kept = limitSentences(parseReport(readFileSync(LATEST, "utf8"), LATEST));
	expect(kept).toHaveLength(12);
	expect(kept.filter(({ keeping }) => keeping === "broken")).toEqual([]);
});

test("the results name no place of the machine that they come from", () => {
	for (const name of readdirSync(RESULTS).filter((file) => /\.(json|md|svg)$/.test(file))) {
		expect(readFileSync(join(RESULTS, name), "utf8"), name).not.toMatch(
			/\/(root|home|tmp|work|opt|srv|mnt|Users)\//,
		);
	}
});
