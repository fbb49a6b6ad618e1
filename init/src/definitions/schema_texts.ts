// The other half of the schema: what each key does, and which of Compose's means the same. Only for who reads about them:
// the binary is made without.
import type {
	DEPENDENCY_KEYS,
	HEALTH_KEYS,
	LIMIT_KEYS,
	LOG_KEYS,
	READY_KEYS,
	SERVICE_KEYS,
} from "./schema.ts";

/** What it does; Compose's key, with the difference where there is one (empty: it has none). */
export type KeyText = readonly [text: string, compose: string];
/** A text for each key. */
type Texts<Keys> = { readonly [Name in keyof Keys]: KeyText };

export const SERVICE_TEXTS: Texts<typeof SERVICE_KEYS> = {
	command: ["what is executed; of main where PID 1 is given no arguments", "command"],
	entrypoint: ["stands in front of command", "entrypoint"],
	user: [
		"whom it runs as, with the groups of the user, HOME, USER, LOGNAME, UID and SHELL; with :GROUP that group alone",
		"user, which sets only HOME",
	],
	group_add: ["further groups", "group_add"],
	working_dir: ["where it starts; not given: where PID 1 does", "working_dir"],
	environment: [
		"variables, over those of the container; nothing in them is expanded",
		"environment",
	],
	env_file: [
		"files of NAME=value lines, # comments and quotes; of two values the later, and environment before all",
		"env_file, without $VARIABLES",
	],
	umask: ["the bits that new files lack", ""],
	ulimits: ["limits of setrlimit(2), by their names in lower case without RLIMIT_", "ulimits"],
	oom_score_adj: ["the likelier it is killed for want of memory, the higher", "oom_score_adj"],
	nice: ["the less CPU time beside others, the higher", ""],
	tty: ["true is refused: a terminal belongs to the main command", "tty, false only"],
	depends_on: ["services that come first; a stop goes the other way round", "depends_on"],
	restart: [
		"what follows its end, as runit and s6 have it; N: so often in a row; unless-stopped: always",
		"restart, which is no where it is not given",
	],
	restart_delay: [
		"before the second restart in a row (the first follows at once), at least 10 ms, doubled for each further one, with some jitter; from anew after 10 s of running",
		"deploy.restart_policy.delay",
	],
	restart_max_delay: ["how far the delay grows", ""],
	stop_signal: ["what asks it to end", "stop_signal"],
	stop_grace_period: [
		"until it is killed then, but never longer than the container's own stop lasts",
		"stop_grace_period",
	],
	pre_stop: ["a command that is run before it is asked to end", "pre_stop, one command"],
	post_start: ["a command that is run once it is ready", "post_start, one command"],
	healthcheck: ["whether it still does its work: keys below", "healthcheck"],
	ready: [
		"how it says that it is ready, which those wait for that depend on it: keys below; not given: once it is started",
		"",
	],
	critical: [
		"its final failure ends the container, with its exit code: for `restart` `no` or `on-failure:N`, or `on_unhealthy` `fail`",
		"",
	],
	scale: ["from 2 on: so many of it, NAME-1, NAME-2 …, each with its number in INSTANCE", "scale"],
	schedule: ["when it is started, by the clock of the container's TZ, in place of the boot", ""],
	allow_overlap: ["a scheduled start comes while the last one still runs", ""],
	log: ["where its lines go: keys below", ""],
	service: [
		"of main.toml alone, and alone there: the service that runs in the main command's place, with the arguments of PID 1 in place of its own command",
		"",
	],
};

export const DEPENDENCY_TEXTS: Texts<typeof DEPENDENCY_KEYS> = {
	condition: [
		"what is waited for; service_started: that it is ready, where it has a way to say so",
		"condition",
	],
	restart: ["a restart of it that is asked for restarts this one too", "restart"],
	required: ["false: it is not waited for where it has failed or is not there", "required"],
};

export const READY_TEXTS: Texts<typeof READY_KEYS> = {
	sd_notify: [
		'it sends READY=1 to the socket in NOTIFY_SOCKET, as sd_notify(3) does; only true, and the same as `ready = "sd_notify"`',
		"",
	],
	fd: ["it writes a newline to this descriptor, as s6 has it", ""],
	tcp: [
		"HOST:PORT takes a connection; HOST is a number, localhost, or a name in /etc/hosts: DNS is not asked",
		"",
	],
	unix: ["the socket takes a connection", ""],
	file: ["the file is there", ""],
	http: ["http://HOST:PORT/PATH answers with a status from 200 to 399; HOST as for tcp", ""],
	exec: ["the command ends with 0", ""],
	timeout: ["a service that is not ready by then has failed", ""],
};

export const HEALTH_TEXTS: Texts<typeof HEALTH_KEYS> = {
	test: [
		"healthy where the command ends with 0; in a table tcp, unix, file, http or exec, as ready has them",
		"test",
	],
	interval: ["between two checks", "interval"],
	timeout: ["a check that lasts longer has failed", "timeout"],
	retries: ["so many failures in a row make it unhealthy", "retries"],
	start_period: ["so long after the start failures do not count", "start_period"],
	start_interval: ["between two checks in that time", "start_interval"],
	disable: ["no checks, whatever an earlier file says", "disable"],
	on_unhealthy: [
		"what follows; restart: as after a failure, and each time where `restart` is `no`; none: it is only shown, as Docker has it",
		"",
	],
};

export const LOG_TEXTS: Texts<typeof LOG_KEYS> = {
	format: [
		"inherit: stdout and stderr are the container's; prefix: each line behind the service's name; json: as a JSON object; none: nowhere. Where file is given: prefix",
		"",
	],
	file: [
		"where the lines go instead of the container's stdout; services and instances can share one, with the same max_size",
		"",
	],
	max_size: [
		"a file that would become larger is kept as FILE.1, the one before as FILE.2 …; 0: never",
		"logging.options.max-size",
	],
	max_files: ["how many are kept beside FILE", "logging.options.max-file"],
};

export const LIMIT_TEXTS: Texts<typeof LIMIT_KEYS> = {
	soft: ["what holds", "soft"],
	hard: ["how far the service can raise it", "hard"],
};
