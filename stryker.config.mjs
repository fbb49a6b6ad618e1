// Mutation tests of PID 1: npm run test:mutants. docs/mutants.md explains who survives.

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
	mutate: ["init/src/pid1/**/*.ts"],
	testRunner: "vitest",
	// Tests reach the code through the simulated machine: Vitest cannot tell by imports which ones to run.
	vitest: { configFile: "vitest.mutants.config.ts", related: false },
	coverageAnalysis: "perTest",
	concurrency: 2,
	// A busy machine must not look like an endless loop; nearly all of those are found by counting, not by time.
	timeoutMS: 30_000,
	thresholds: { high: 95, low: 90, break: 85 },
	reporters: ["clear-text", "progress", "html", "json"],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	htmlReporter: { fileName: "reports/mutation/mutation.html" },
	jsonReporter: { fileName: "reports/mutation/mutation.json" },
	// The sandbox holds what these tests need, and nothing of what builds leave behind. A tsconfig.json in it
	// Stryker would rewrite, by an interface that TypeScript 7 does not have.
	ignorePatterns: [
		...["**", "!init/src/**/*.ts", "!test/simulation/**/*.ts", "!test/scenarios/**/*.ts"],
		...["!test/unit/**/*.ts", "!vitest*.config.ts", "!package.json"],
		// What the configuration itself needs.
		...["!scripts/toml-library.ts", "!scripts/root.ts"],
	],
	tempDirName: ".stryker-tmp",
	// The sandbox lies below our node_modules. To link them Stryker would search every folder, the engine's too,
	// which vanish under its hands.
	symlinkNodeModules: false,
	cleanTempDir: "always",
	incremental: false,
};
