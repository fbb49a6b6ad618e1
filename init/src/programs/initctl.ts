// initctl VERB: questions to the init's configuration.
import { EXIT_USAGE } from "../exit_codes.ts";
import { explain } from "../explain/explain.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { openLog, printableText } from "../log/log.ts";
import { readOptions, readVariables } from "../options/read_options.ts";
import { completeSettings, defaultSettings } from "../options/settings.ts";

const STDOUT = 1;
const USAGE = `usage: initctl explain [OPTIONS of my_init] [--] COMMAND [ARG...]

explain  says what my_init would do with these options, this environment and this command, and starts nothing
`;

export function initctl(kernel: Kernel, first: number): number {
	const log = openLog(kernel, "warning");
	const verb = kernel.argument(first);
	if (verb === "-h" || verb === "--help") {
		kernel.write(STDOUT, USAGE);
		return 0;
	}
	if (verb !== "explain") {
		log.say("error", `the verbs of initctl are: explain; got ${printableText(verb ?? "nothing")}`);
		return EXIT_USAGE;
	}
	const settings = defaultSettings();
	readVariables(kernel, log, settings);
	const request = readOptions(kernel, first + 1, settings);
	if (typeof request === "object") {
		if (request.kind !== "usage-error") kernel.write(STDOUT, USAGE);
		else log.say("error", request.text);
		return request.kind === "usage-error" ? EXIT_USAGE : 0;
	}
	completeSettings(settings);
	kernel.write(STDOUT, explain(kernel, settings, request));
	return 0;
}
