// The main command as main.toml has it.
import type { Failure } from "../boot/failure.ts";
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import type { Definition } from "./definition.ts";
import { launchWords } from "./launch.ts";
import { MAIN } from "./machine.ts";

/** Its pid, or why it cannot be started. */
export function startMainCommand(
	kernel: Kernel,
	log: Log,
	{ launch }: Definition,
	environment: readonly string[],
	terminal: number,
): number | Failure {
	log.say("notice", `Running ${printableText(launch.words[0] ?? "")}...`);
	const started = launchWords(kernel, launch, launch.words, false, {
		environment,
		marker: MAIN,
		variables: [],
		descriptors: [],
		terminal,
		leads: LEADS_GROUP,
		cgroup: "",
		isMain: true,
	});
	return typeof started === "number" ? started : { ...started, isUsual: true };
}
