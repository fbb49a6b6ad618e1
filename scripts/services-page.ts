// docs/services.md: every key of a service's definition, from the one schema that the checker uses.
import { CONTROL_USAGE } from "../init/src/control/arguments.ts";
import {
	DEPENDENCY_KEYS,
	EXPECTED,
	HEALTH_KEYS,
	type Key,
	type Keys,
	LIMIT_KEYS,
	LIMITS,
	LOG_KEYS,
	NOT_OF_MAIN,
	READY_KEYS,
	SERVICE_KEYS,
	type Type,
} from "../init/src/definitions/schema.ts";
import {
	DEPENDENCY_TEXTS,
	HEALTH_TEXTS,
	type KeyText,
	LIMIT_TEXTS,
	LOG_TEXTS,
	READY_TEXTS,
	SERVICE_TEXTS,
} from "../init/src/definitions/schema_texts.ts";

/** A table of keys, with what they are for. */
export interface Group {
	/** What they belong to; empty: the service. */
	readonly owner: string;
	readonly keys: Keys;
	readonly texts: Readonly<Record<string, KeyText>>;
}

export const GROUPS: readonly Group[] = [
	{ owner: "", keys: SERVICE_KEYS, texts: SERVICE_TEXTS },
	{ owner: "depends_on.NAME", keys: DEPENDENCY_KEYS, texts: DEPENDENCY_TEXTS },
	{ owner: "ready", keys: READY_KEYS, texts: READY_TEXTS },
	{ owner: "healthcheck", keys: HEALTH_KEYS, texts: HEALTH_TEXTS },
	{ owner: "log", keys: LOG_KEYS, texts: LOG_TEXTS },
	{ owner: "ulimits.NAME", keys: LIMIT_KEYS, texts: LIMIT_TEXTS },
];

const UNITS: Partial<Readonly<Record<Type, string>>> = {
	duration: "s, or as written",
	size: "bytes, or as written",
};
/** What a number of these counts. */
const UNITS_OF_KEYS: Readonly<Record<string, string>> = {
	retries: "checks",
	max_files: "files",
	scale: "instances",
	fd: "descriptor",
};

/** What its values are, where the type alone does not say so. */
function valuesOf({ allowed, range }: Key): string {
	if (allowed !== undefined)
		return `<br>one of ${allowed.map((word) => `\`"${word}"\``).join(", ")}`;
	return range === undefined ? "" : `<br>from ${range[0]} to ${range[1]}`;
}

function table({ owner, keys, texts }: Group): string[] {
	const rows = Object.entries(keys).map(([name, key]) => {
		const [text = "", compose = ""] = texts[name] ?? [];
		const preset = key.preset === "" ? "" : `\`${key.preset}\``;
		const unit = UNITS[key.type] ?? UNITS_OF_KEYS[name] ?? "";
		const cells = [`\`${name}\``, key.type, preset, unit, `${text}${valuesOf(key)}`, compose];
		return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
	});
	return [
		owner === "" ? "## Keys" : `## Keys of \`${owner}\``,
		"",
		"| key | type | default | unit | what it does | Compose |",
		"| --- | --- | --- | --- | --- | --- |",
		...rows,
		"",
	];
}

export function servicesPage(): string {
	const notOfMain = Object.keys(NOT_OF_MAIN).map((name) => `\`${name}\``);
	const types = Object.entries(EXPECTED)
		.filter(([type]) => type !== "choice" && type !== "table")
		.map(([type, expected]) => `| ${type} | ${expected.replaceAll("|", "\\|")} |`)
		.join("\n");
	return `<!-- Written by npm run docs from init/src/definitions/schema.ts; do not edit. -->
# Services: one file each

\`/etc/my_init/services/NAME.toml\` defines a service, in [TOML](https://toml.io) with the words that the Compose specification has:

\`\`\`toml
command = ["nginx", "-g", "daemon off;"]
depends_on = ["php-fpm"]
ready = { http = "http://127.0.0.1:8080/health" }
\`\`\`

- Three folders, of which a later one refines an earlier one: \`/usr/lib/my_init/services\` (a base image's) < \`/etc/my_init/services\` (an image's)
  < \`/run/my_init/services\` (mounted). A \`NAME.toml\` takes the place of an earlier one. One that is empty, or is \`/dev/null\` (linked or mounted), takes the service away.
- \`NAME.toml.d/*.toml\` of all three folders are laid over it, in order of their names, folder by folder: tables merge key by key, all else replaces.
- A NAME is made of letters, digits, \`-\`, \`_\` and \`.\`, no \`-\` first, 64 at most.
- \`RUN initctl check\` in a Dockerfile names everything that is wrong, with file, line and column, and fails then; \`--json\` is for programs.
  What may be meant so, it warns of on stderr, and the boot does in the log: a \`TZ\` or a host that is not there, for one.
  At boot a fault ends the start. With \`INIT_ON_STARTUP_FAILURE=continue\` a service that has one is left out and named in the log, and so are
  those that require it.
- \`initctl show\` lists the services and their files, \`initctl show NAME\` its keys, each with the file that it came from; of an instance (\`web-1\`) those of its service.
- \`# :schema ./services.schema.json\` as first line of a file, with a copy of [services.schema.json](services.schema.json), gives completion in editors (Even Better TOML, taplo).

A command that is a string is split into words at blanks; quotes (\`"\`, \`'\`) keep words together, \`\\\` escapes. There is no shell: no variables, no \`&&\`, no \`>\`;
write \`["/bin/sh", "-c", "…"]\` for that. Files are UTF-8; nothing in them is expanded.

## The main command

\`main.toml\` is about the command that PID 1 is given. Its \`command\` is what runs where PID 1 is given none; its \`entrypoint\` stands in front of either.
It waits for what it \`depends_on\`; without that key, until each service that is started at boot is there or has failed. Nothing can depend on it, and these keys mean nothing for it: ${notOfMain.join(", ")}.

Where the main command is to be supervised itself, be restarted, checked, or depended on, \`main.toml\` says \`service = "web"\` and nothing else: the arguments of PID 1 are
given to that service, in place of its \`command\` and behind its \`entrypoint\`. Its last end (by its \`restart\`) is the container's, with its exit code, and so is
the one that the container's stop brings it; a stop that somebody asks for is not. As every service it has no terminal and no stdin, and gets those signals alone that \`initctl signal\` sends.

## Control

\`docker exec CONTAINER initctl …\` asks PID 1, as root or as the container's own user. \`initctl wait\` in a CI job lasts until PID 1 listens, which it does
once its start-up scripts are done, and until all services are ready; one that waits for its schedule counts as ready, one without a health check as
healthy once it is ready.

\`\`\`text
${CONTROL_USAGE.trimEnd()}
\`\`\`

Of a service with \`scale\`, \`web\` means all instances and \`web-1\` one, for each of these verbs and for \`sv\`; \`depends_on\` takes \`web\` alone, and means all.

\`sv\` takes runit's words and ends with runit's codes; \`SVWAIT\` and \`-w\` are its seconds. \`exit\` is \`down\`: there is no runsv that
could end. A start begins what the service depends on as well; of that, what has completed runs once more.

## runit's folders

\`/etc/service/NAME\` with an executable \`run\` is a service too, as runsv(8) has it: \`finish\`, \`check\` (asked by \`sv\`), \`log/run\`, \`down\`, and
\`control/\` \`t d u x h a i q 1 2 k p c\`. Folders come and go while the container runs, where there is the folder once the start-up scripts have ended. Move a folder in whole
(\`mv\` within a file system): of one that is copied in, file by file, \`run\` may be seen before \`log/run\`. A TOML definition of the same name takes its place,
unless it is left out for a fault. A folder that another one replaces under its name (\`ln -sfn\`) is a new service: the old one is stopped first.

## Failures

A service that has ended is started again as \`restart\` says. Where that is not at all (\`no\`, after a code other than 0) or not any more (\`on-failure:N\`, after N
restarts in a row), and where \`on_unhealthy = "fail"\` ends it, the failure is final: the service is \`failed\` until somebody starts it, and

- what requires it and is not started yet fails too; what runs goes on;
- \`initctl health\` ends with 1, \`initctl status\` with 3;
- the container goes on, and its exit code is the main command's. Without a main command it ends once no service runs or will run: with the code of one that has
  failed, 1 if none of these was ever started, 0 if none has failed;
- with \`critical = true\` the container ends, with the service's exit code (1 where that is 0, or where it failed by what it requires).

A service that is always started again fails for good only by what it requires, and one with a schedule never: \`initctl check\` refuses \`critical\` where it has
no effect, and warns where it is about what is required alone. An end with 0 is no failure.

## A stop of the container

Each service is asked as soon as nobody runs any more who needs it, and has its \`stop_grace_period\`, but never more than its share of what the
container's stop leaves: where web needs app and app needs db, web has a third of it, then app half of what is left, then db all. Who ends
sooner leaves more to the others. A \`pre_stop\` has half of its service's time. Who has not ended by then is killed, and named.

With a stopped dependency a service waits for somebody to start that one again; a scheduled one whose dependency has failed is left out for once.

## Schedules

A service with \`schedule\` has \`restart = "no"\`; another value, \`ready\`, \`healthcheck\` and \`critical\` are refused beside it.

The time is that of PID 1's \`TZ\` (\`ENV\`, \`docker run -e\`), and without one of \`/etc/localtime\`; \`TZ\` in a service's own \`environment\`
is the program's alone. A name such as \`Europe/Berlin\` needs its file (package \`tzdata\`): without it, schedules go by UTC, and the check and the boot warn.
\`CET-1CEST,M3.5.0,M10.5.0/3\` needs none.

They go by the clock on the wall, as cron does. A time with a fixed hour that the clock leaps over in spring comes right after, and one that it shows
twice in autumn comes once; what comes at every hour follows the clock alone. The same holds where somebody sets the clock back by less than three hours.
By more, it is followed, within an hour at the latest, and times come again. A clock that is set ahead brings what was due meanwhile once.

## Logs

With \`prefix\`, \`json\` or \`file\`, stderr goes the same way as stdout: to the container's stdout, or to the file. Each line has the name of the service or instance:

\`\`\`text
web | a line
web + the rest of a line
{"time":"2026-01-01T00:00:00.000Z","service":"web","line":"a line"}
{"time":"2026-01-01T00:00:00.000Z","service":"web","line":"a part of one","partial":true}
\`\`\`

A line goes on as another, behind \`+\` or after \`partial\`, where it is longer than 1 MiB, or where its end has not come within 0.2 s. The time is in UTC; bytes that are no UTF-8 become
U+FFFD in JSON.

## What a dead service leaves behind

A worker that outlives its service, and holds its port, is ended before the service starts again: asked by TERM, killed after 2 s. It is known by

- the cgroup of the service, where cgroup v2 can be written to, as in a privileged container: nobody escapes from it unasked. Elsewhere by
- the session that each service leads, and
- \`INIT_SERVICE=NAME\` in its environment. Of another user's process that can be read only with \`--cap-add SYS_PTRACE\`, and programs that show a title in
  place of their command line (postgres, nginx, sshd) overwrite it: such a process is found by its session alone, or not at all.

With \`allow_overlap\`, nothing is cleared while an earlier run goes on. At the container's stop, everybody is ended, whoever started it.

${GROUPS.flatMap(table).join("\n")}
## Types

| type | what a value looks like |
| --- | --- |
${types}

\`ready\` and \`healthcheck.test\` take one of their ways to ask; a file that is laid over another and has one replaces the other's. The names of \`ulimits\`:
${LIMITS.map((name) => `\`${name}\``).join(", ")}.
`;
}
