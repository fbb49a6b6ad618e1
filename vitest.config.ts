// The levels of tests, each runnable alone: npm run test:unit, test:process and so on.
import { defineConfig } from "vitest/config";
import { tomlForTests } from "./scripts/toml-library.ts";

const SCENARIOS = ["test/process/scenarios.test.ts"];

const LEVELS = [
	{
		name: "unit",
		include: ["test/unit/**/*.test.ts"],
		maxWorkers: 2,
	},
	{
		name: "process",
		include: ["test/process/**/*.test.ts"],
		exclude: SCENARIOS,
		testTimeout: 120_000,
		// Most of them wait for processes to end.
		maxWorkers: 3,
	},
	{
		// Things happen at their times there: nothing else runs beside it.
		name: "process-scenarios",
		include: SCENARIOS,
		testTimeout: 120_000,
	},
	{
		name: "cli",
		include: ["test/cli/**/*.test.ts"],
		globalSetup: ["test/cli/setup.ts"],
		// An engine that is busy with other tests takes its time.
		testTimeout: 180_000,
		// Most of them wait for containers to stop.
		maxWorkers: 3,
	},
	{
		name: "release",
		include: ["test/release/**/*.test.ts"],
		globalSetup: ["test/release/setup.ts"],
		testTimeout: 300_000,
		hookTimeout: 300_000,
		maxWorkers: 2,
	},
	{
		name: "platforms",
		include: ["test/platforms/**/*.test.ts"],
		globalSetup: ["test/platforms/setup.ts"],
		testTimeout: 60_000,
	},
	{ name: "bench", include: ["test/bench/**/*.test.ts"] },
	{ name: "smoke", include: ["test/smoke/**/*.test.ts"] },
	{
		name: "images",
		include: ["test/images/**/*.test.ts"],
		globalSetup: ["test/images/setup.ts"],
		testTimeout: 120_000,
		hookTimeout: 120_000,
		maxWorkers: 4,
	},
];

export default defineConfig({
	define: { FAULTS: "false", PACKAGE_VERSION: JSON.stringify("0.0.0-test") },
	plugins: [tomlForTests()],
	test: {
		server: { deps: { inline: ["smol-toml"] } },
		reporters: ["default", "./scripts/test/counting-reporter.ts"],
		projects: LEVELS.map((test, groupOrder) => ({
			extends: true,
			// One level after the other, each with its own number of workers.
			test: { ...test, sequence: { groupOrder } },
		})),
	},
});
