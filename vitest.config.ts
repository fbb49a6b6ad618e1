// The levels of tests, each runnable alone: npm run test:unit, test:process and so on.
import { defineConfig } from "vitest/config";

export default defineConfig({
	define: { FAULTS: "false", PACKAGE_VERSION: JSON.stringify("0.0.0-test") },
	test: {
		reporters: ["default", "./scripts/test/counting-reporter.ts"],
		projects: [
			{ extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
			{
				extends: true,
				test: { name: "process", include: ["test/process/**/*.test.ts"], testTimeout: 60_000 },
			},
			{
				extends: true,
				test: {
					name: "cli",
					include: ["test/cli/**/*.test.ts"],
					globalSetup: ["test/cli/setup.ts"],
				},
			},
			{ extends: true, test: { name: "bench", include: ["test/bench/**/*.test.ts"] } },
			{ extends: true, test: { name: "smoke", include: ["test/smoke/**/*.test.ts"] } },
			{
				extends: true,
				test: {
					name: "images",
					include: ["test/images/**/*.test.ts"],
					globalSetup: ["test/images/setup.ts"],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					maxWorkers: 4,
				},
			},
		],
	},
});
