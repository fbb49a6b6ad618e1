// Every key that a file of definitions can have: what the checker, docs/services.md and docs/services.schema.json are made of.

/** How a value is written. */
export type Type =
	| "words"
	| "text"
	| "path"
	| "paths"
	| "integer"
	| "flag"
	| "duration"
	| "size"
	| "choice"
	| "umask"
	| "signal"
	| "user"
	| "groups"
	| "environment"
	| "limits"
	| "dependencies"
	| "restart"
	| "schedule"
	| "ready"
	| "test"
	| "table";

/** What a value of the type looks like: completes "write …". */
export const EXPECTED: Readonly<Record<Type, string>> = {
	words:
		'a list such as ["nginx", "-g", "daemon off;"], or a string that is split into words as a shell does, without one',
	text: "a string",
	path: 'an absolute path such as "/srv/app"',
	paths: "an absolute path, or a list of them",
	integer: "a whole number",
	flag: "true or false",
	duration:
		'a duration of at most 7 days such as "500ms", "9s" or "1m30s" (a bare number is seconds)',
	size: 'a size such as "64k", "10m" or "1g" (a bare number is bytes)',
	choice: "one of the words",
	umask: 'octal digits between quotes such as "022"',
	signal: 'a signal such as "SIGTERM", "INT" or 10',
	user: '"NAME", "UID", "USER:GROUP" or a number',
	groups: "a list of names and numbers of groups",
	environment: 'a table of NAME = "value", or a list of "NAME=value"',
	limits:
		"a table such as {nofile = 1024} or {nofile = {soft = 1024, hard = 4096}}; -1 is no limit",
	dependencies: 'a list of services, or a table of NAME = {condition = "service_started"}',
	restart: '"no", "always", "on-failure", "on-failure:N" or "unless-stopped"',
	schedule: "five fields as crontab(5) has them, or @hourly, @daily, @weekly, @monthly, @yearly",
	ready:
		'"sd_notify", or a table with one of sd_notify = true, fd, tcp, unix, file, http, exec, and timeout',
	test: '["CMD", "PROGRAM", "ARGUMENT"], ["CMD-SHELL", "TEXT"], ["NONE"], a string for the shell, or a table with one of tcp, unix, file, http, exec',
	table: "a table",
};

export interface Key {
	readonly type: Type;
	/** What holds where it is not given, as it would be written; empty: nothing. */
	readonly preset: string;
	/** The words of a choice. */
	readonly allowed?: readonly string[];
	/** The least and the greatest number. */
	readonly range?: readonly [least: number, most: number];
}

export type Keys = Readonly<Record<string, Key>>;

export const SERVICE_KEYS = {
	command: { type: "words", preset: "" },
	entrypoint: { type: "words", preset: "" },
	user: { type: "user", preset: "" },
	group_add: { type: "groups", preset: "" },
	working_dir: { type: "path", preset: "" },
	environment: { type: "environment", preset: "" },
	env_file: { type: "paths", preset: "" },
	umask: { type: "umask", preset: "" },
	ulimits: { type: "limits", preset: "" },
	oom_score_adj: { type: "integer", preset: "", range: [-1000, 1000] },
	nice: { type: "integer", preset: "", range: [-20, 19] },
	tty: { type: "flag", preset: "false" },
	depends_on: { type: "dependencies", preset: "" },
	restart: { type: "restart", preset: "always" },
	restart_delay: { type: "duration", preset: "100ms" },
	restart_max_delay: { type: "duration", preset: "1m" },
	stop_signal: { type: "signal", preset: "SIGTERM" },
	stop_grace_period: { type: "duration", preset: "10s" },
	pre_stop: { type: "words", preset: "" },
	post_start: { type: "words", preset: "" },
	healthcheck: { type: "table", preset: "" },
	ready: { type: "ready", preset: "" },
	critical: { type: "flag", preset: "false" },
	scale: { type: "integer", preset: "1", range: [1, 100] },
	schedule: { type: "schedule", preset: "" },
	allow_overlap: { type: "flag", preset: "false" },
	log: { type: "table", preset: "" },
	service: { type: "text", preset: "" },
} as const satisfies Keys;

export function isServiceKey(key: string): key is keyof typeof SERVICE_KEYS {
	return Object.hasOwn(SERVICE_KEYS, key);
}

export const DEPENDENCY_KEYS = {
	condition: {
		type: "choice",
		preset: "service_started",
		allowed: ["service_started", "service_healthy", "service_completed_successfully"],
	},
	restart: { type: "flag", preset: "false" },
	required: { type: "flag", preset: "true" },
} as const satisfies Keys;

/** The ways to ask from outside, that ready and healthcheck.test share. */
export const PROBE_KEYS = {
	tcp: { type: "text", preset: "" },
	unix: { type: "path", preset: "" },
	file: { type: "path", preset: "" },
	http: { type: "text", preset: "" },
	exec: { type: "words", preset: "" },
} as const satisfies Keys;

export const READY_KEYS = {
	sd_notify: { type: "flag", preset: "" },
	fd: { type: "integer", preset: "", range: [3, 255] },
	...PROBE_KEYS,
	timeout: { type: "duration", preset: "1m" },
} as const satisfies Keys;

export const HEALTH_KEYS = {
	test: { type: "test", preset: "" },
	interval: { type: "duration", preset: "30s" },
	timeout: { type: "duration", preset: "30s" },
	retries: { type: "integer", preset: "3", range: [1, 1_000_000] },
	start_period: { type: "duration", preset: "0s" },
	start_interval: { type: "duration", preset: "5s" },
	disable: { type: "flag", preset: "false" },
	on_unhealthy: { type: "choice", preset: "none", allowed: ["restart", "fail", "none"] },
} as const satisfies Keys;

export const LOG_KEYS = {
	format: { type: "choice", preset: "inherit", allowed: ["inherit", "prefix", "json", "none"] },
	file: { type: "path", preset: "" },
	max_size: { type: "size", preset: "10m" },
	max_files: { type: "integer", preset: "5", range: [0, 1000] },
} as const satisfies Keys;

export const LIMIT_KEYS = {
	soft: { type: "integer", preset: "", range: [-1, 9_007_199_254_740_991] },
	hard: { type: "integer", preset: "", range: [-1, 9_007_199_254_740_991] },
} as const satisfies Keys;

/** setrlimit(2), by the numbers that they have on every platform that there is a binary for. */
export const LIMITS: readonly string[] = [
	...["cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as"],
	...["locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"],
];

/** The main command's service. */
export const MAIN = "main";

/** Keys that mean nothing for the main command, and why. */
export const NOT_OF_MAIN: Readonly<Record<string, string>> = {
	restart: "its end is the container's",
	restart_delay: "its end is the container's",
	restart_max_delay: "its end is the container's",
	critical: "its end is the container's",
	stop_signal: "it gets the signals that PID 1 gets, which INIT_REWRITE changes",
	stop_grace_period: "INIT_STOP_TIMEOUT is the time that it has",
	pre_stop: "scripts in /etc/my_init.pre_shutdown.d are run for the container",
	post_start: "nothing waits until it is ready",
	schedule: "it is started at boot",
	allow_overlap: "it is started at boot",
	scale: "there is one",
	log: "it writes to the container's stdout and stderr itself",
	ready: "nothing can depend on it",
	healthcheck: "the image's HEALTHCHECK is for it",
};

/** Compose's keys that are about the container, or an image, and so not about what runs in it. */
export const OF_CONTAINERS: readonly string[] = [
	...[
		"annotations",
		"attach",
		"blkio_config",
		"build",
		"cap_add",
		"cap_drop",
		"cgroup",
		"cgroup_parent",
	],
	...[
		"configs",
		"container_name",
		"cpu_count",
		"cpu_shares",
		"cpus",
		"cpuset",
		"deploy",
		"devices",
		"dns",
	],
	...[
		"domainname",
		"expose",
		"extends",
		"extra_hosts",
		"hostname",
		"image",
		"init",
		"ipc",
		"isolation",
	],
	...["labels", "links", "logging", "mac_address", "mem_limit", "mem_reservation", "memswap_limit"],
	...[
		"network_mode",
		"networks",
		"pid",
		"pids_limit",
		"platform",
		"ports",
		"privileged",
		"profiles",
	],
	...["pull_policy", "read_only", "runtime", "secrets", "security_opt", "shm_size", "stdin_open"],
	...["storage_opt", "sysctls", "tmpfs", "userns_mode", "uts", "volumes", "volumes_from"],
];
