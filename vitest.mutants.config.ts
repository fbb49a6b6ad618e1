// The unit tests as Stryker runs them against each mutant: those that play the code of the sandbox.
import { defineConfig } from "vitest/config";
import { tomlForTests } from "./scripts/toml-library.ts";
import levels from "./vitest.config.ts";

export default defineConfig({
	...(levels.define === undefined ? {} : { define: levels.define }),
	plugins: [tomlForTests()],
	test: {
		server: { deps: { inline: ["smol-toml"] } },
		name: "unit",
		include: ["test/unit/**/*.test.ts"],
		// They read source text, papers and scripts, which a mutant does not have.
		exclude: [
			"test/unit/{bundle,docs,house_rules,hot_functions,readme_examples,start_page,toolchain_lock}.test.ts",
			"test/unit/release/**",
			// What they find the others find, too, and sooner.
			"test/unit/definitions/{bundle,fuzz,schema}.test.ts",
		],
		// Always the same worlds: Stryker finds tests by their names, which hold the seed.
		env: { FIRST_SEED: "1", SEEDS: "1000" },
	},
});
