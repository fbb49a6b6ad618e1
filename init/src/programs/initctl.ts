// initctl VERB: what one does with an init beside starting commands.
import { findCommand } from "../boot/find_command.ts";
import { findStages } from "../boot/startup_files.ts";
import { EXIT_USAGE } from "../exit_codes.ts";
import { problems } from "../explain/check.ts";
import { explain } from "../explain/explain.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, openLog, printableText } from "../log/log.ts";
import { type Request, readOptions, readVariables } from "../options/read_options.ts";
import { completeSettings, defaultSettings, type Settings } from "../options/settings.ts";
import { VERSION } from "../version.ts";
import { initctlEnv } from "./initctl_env.ts";
import { meantBy } from "./program.ts";
import { syslog } from "./syslog.ts";

const STDOUT = 1;
/** What `check` ends with when it has found something. */
const EXIT_PROBLEMS = 1;
const USAGE = `usage: initctl check
       initctl explain [OPTIONS of my_init] [--] COMMAND [ARG...]
       initctl env [-i] [--] COMMAND [ARG...]
       initctl syslog [SOCKET]

check    names start-up files that would not run, as RUN initctl check in a Dockerfile; 1 if there are any
env      runs a command with the container environment; with -i with nothing else
explain  says what my_init would do with these options, this environment and this command, and starts nothing
syslog   writes what programs send to SOCKET (/dev/log) to stdout, until TERM or INT
`;

export function initctl(kernel: Kernel, first: number): number {
	const log = openLog(kernel, "warning");
	const verb = kernel.argument(first);
	if (verb === "-h" || verb === "--help") {
		kernel.write(STDOUT, USAGE);
		return 0;
	}
	if (verb === "--version") {
		kernel.write(STDOUT, `initctl version ${VERSION}\n`);
		return 0;
	}
	if (verb === "check") return check(kernel, log);
	if (verb === "env") return initctlEnv(kernel, log, first + 1);
	if (verb === "syslog") return syslog(kernel, log, first + 1);
	if (verb !== "explain") {
		log.say(
			"error",
			`the verbs of initctl are: check, env, explain, syslog; got ${printableText(verb ?? "nothing")}`,
		);
		return EXIT_USAGE;
	}
	const settings = defaultSettings();
	readVariables(kernel, log, settings);
	const request = commandOf(kernel, first + 1, settings);
	if (typeof request === "object") {
		if (request.kind !== "usage-error") kernel.write(STDOUT, USAGE);
		else log.say("error", request.text);
		return request.kind === "usage-error" ? EXIT_USAGE : 0;
	}
	completeSettings(settings);
	const stages = findStages(kernel, log, settings);
	kernel.write(STDOUT, explain(kernel, settings, stages, request));
	return 0;
}

function check(kernel: Kernel, log: Log): number {
	const found = problems(kernel, log);
	const lines = found.length > 0 ? found : ["nothing is wrong with the start-up files"];
	kernel.write(STDOUT, `${lines.join("\n")}\n`);
	return found.length > 0 ? EXIT_PROBLEMS : 0;
}

/** The command that is asked about; a my_init as command is read as my_init itself reads it. */
function commandOf(kernel: Kernel, first: number, settings: Settings): Request {
	let options = first;
	for (;;) {
		const request = readOptions(kernel, options, settings);
		if (typeof request === "object" || request === 0) return request;
		const found = findCommand(kernel, request);
		if ("exitCode" in found || !found.isOurselves) return request;
		const meant = meantBy(kernel, request);
		if (meant.name !== "my_init") return request;
		options = meant.first;
	}
}
