import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { exitCodesHelp } from "./exit-codes.ts";
import { benchVerb } from "./verbs/bench.ts";
import { completionVerb } from "./verbs/completion.ts";
import { demoVerb } from "./verbs/demo.ts";
import { doctorVerb } from "./verbs/doctor.ts";
import { explainVerb } from "./verbs/explain.ts";
import { graftVerb } from "./verbs/graft.ts";
import { importVerb } from "./verbs/import.ts";
import { initVerb } from "./verbs/init.ts";
import { licensesVerb } from "./verbs/licenses.ts";
import { ungraftVerb } from "./verbs/ungraft.ts";
import type { Conclude, Verb } from "./verbs/verb.ts";

/** Every verb of the command, in the order of the help. */
const VERBS: readonly Verb[] = [
	// One a line.
	demoVerb,
	doctorVerb,
	explainVerb,
	graftVerb,
	ungraftVerb,
	benchVerb,
	importVerb,
	initVerb,
	completionVerb,
	licensesVerb,
];

/** The command line: throws CommanderError instead of ending the process. */
export function createProgram(conclude: Conclude): Command {
	const program = new Command("baseimage")
		.description("What PID 1 does in your containers, and what baseimage-ts does about it")
		.version(manifest.version)
		.exitOverride()
		.showHelpAfterError("(`--help` shows what is possible)")
		.addHelpText("after", `\n${exitCodesHelp()}`)
		.addHelpText(
			"after",
			"\nThe engine is the one of DOCKER_HOST, else of the docker context, else the first of the\n" +
				"usual sockets of Docker and Podman that answers. ssh://USER@HOST is one behind ssh, where a docker\n" +
				"command is. NO_COLOR turns colours off.",
		);
	for (const verb of VERBS) program.addCommand(verb(conclude).copyInheritedSettings(program));
	return program;
}
