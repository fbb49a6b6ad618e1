// initctl VERB: what one does with an init beside starting commands.
import { findCommand } from "../boot/find_command.ts";
import { findStages } from "../boot/startup_files.ts";
import { EXIT_USAGE } from "../exit_codes.ts";
import { explain } from "../explain/explain.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { openLog, printableText } from "../log/log.ts";
import { type Request, readOptions, readVariables } from "../options/read_options.ts";
import { completeSettings, defaultSettings, type Settings } from "../options/settings.ts";
import { VERSION } from "../version.ts";
import { initctlEnv } from "./initctl_env.ts";
import { probe } from "./probe.ts";
import { meantBy } from "./program.ts";
import { syslog } from "./syslog.ts";

const STDOUT = 1;
const VERBS =
	"await, check, env, events, explain, health, log, metrics, probe, restart, show, signal, start, status, stop, syslog, wait";
/** Not among these: compile, which PID 1 starts for itself. main.ts knows which script has which verb. */
const USAGE = `usage: initctl check [--json]
       initctl explain [OPTIONS of my_init] [--] COMMAND [ARG...]
       initctl env [-i] [--] COMMAND [ARG...]
       initctl probe STEP...
       initctl show [SERVICE...]
       initctl syslog [SOCKET]
       initctl status|start|stop|restart|signal|wait|health|events|metrics ...
       initctl await tcp|unix|file|http|exec ...
       initctl log NAME FORMAT ...

check    names start-up files that would not run, and what is wrong with the definitions of services, as RUN initctl check
         in a Dockerfile; 1 if there is anything; with --json as an array of {file, line, column, text}
env      runs a command with the container environment; with -i with nothing else
explain  says what my_init would do with these options, this environment and this command, and starts nothing
probe    shows the processes of this container; it is what baseimage doctor asks
show     lists the services and the files that define them; of some that are named all keys, each with its file
syslog   writes what programs send to SOCKET (/dev/log) to stdout, until TERM or INT
status to metrics   ask PID 1 about its services, or have it start and stop them: initctl status --help
await    waits until a server accepts connections, a file exists, a command succeeds: initctl await --help
log      writes the lines of its stdin to stdout or a file, each with NAME; FORMAT is prefix, json or none
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
	if (verb === "env") return initctlEnv(kernel, log, first + 1);
	if (verb === "probe") return probe(kernel, log, first + 1);
	if (verb === "syslog") return syslog(kernel, log, first + 1);
	if (verb !== "explain") {
		log.say("error", `the verbs of initctl are: ${VERBS}; got ${printableText(verb ?? "nothing")}`);
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
