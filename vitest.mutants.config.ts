// The unit tests as Stryker runs them against each mutant: those that play the code of the sandbox.
import { defineConfig } from "vitest/config";
import levels from "./vitest.config.ts";

export default defineConfig({
	...(levels.define === undefined ? {} : { define: levels.define }),
	test: {
		name: "unit",
		include: ["test/unit/**/*.test.ts"],
		// They read source text and papers, which a mutant does not have.
		exclude: ["test/unit/{bundle,docs,house_rules}.test.ts"],
		// Always the same worlds: Stryker finds tests by their names, which hold the seed.
		env: { FIRST_SEED: "1", SEEDS: "1000" },
	},
});
