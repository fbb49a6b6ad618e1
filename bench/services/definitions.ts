/** The same services in the files of each supervisor. Nothing but the command is asked for: each has its own defaults. */
import { join } from "node:path";
import { stringify } from "smol-toml";
import type { Services } from "./supervisors.ts";

export interface Definitions {
	/** Text by path. */
	readonly files: Readonly<Record<string, string>>;
	/** Executable files. */
	readonly scripts: Readonly<Record<string, string>>;
	/** PID 1 and its arguments. */
	readonly command: readonly string[];
	/** The folder that is laid over /etc; undefined: none is. */
	readonly etc?: string;
}

/** runsvdir(8): a folder for each. */
export function ofRunit({ count, command, folder }: Services, runsvdir: string): Definitions {
	return {
		files: {},
		scripts: forEach(count, (name) => [join(folder, name, "run"), execOf(command)]),
		command: [runsvdir, folder],
	};
}

/** s6-svscan: a folder for each, with notification-fd where each says that it is ready. */
export function ofS6({ count, command, readyFd, folder }: Services, svscan: string): Definitions {
	return {
		files:
			readyFd === undefined
				? {}
				: forEach(count, (name) => [join(folder, name, "notification-fd"), `${readyFd}\n`]),
		scripts: forEach(count, (name) => [join(folder, name, "run"), execOf(command)]),
		// By default it has room for 500.
		command: [svscan, "-c", String(MOST), folder],
	};
}

/** supervisord: a section for each. Its own log would be a file that grows. */
export function ofSupervisord(
	{ count, command, folder }: Services,
	supervisord: readonly string[],
): Definitions {
	const file = join(folder, "supervisord.conf");
	const head = "[supervisord]\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\nminfds=8192\n";
	const program = (name: string) =>
		`[program:${name}]\ncommand=${command.join(" ")}\nautorestart=true\nstdout_logfile=NONE\nstderr_logfile=NONE\n`;
	const text = names(count).map(program).join("");
	return {
		files: { [file]: `${head}${text}` },
		scripts: {},
		command: [...supervisord, "-n", "-c", file],
	};
}

/** A file for each in /etc/my_init/services. */
export function ofOurs({ count, command, readyFd, folder }: Services, init: string): Definitions {
	const definition = stringify({
		command: [...command],
		...(readyFd !== undefined && { ready: { fd: readyFd } }),
	});
	return {
		files: forEach(count, (name) => [join(folder, "my_init/services", `${name}.toml`), definition]),
		scripts: {},
		// Without a command it runs the services alone.
		command: [init],
		etc: folder,
	};
}

const MOST = 2_000;

function names(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `s${String(index).padStart(4, "0")}`);
}

function forEach(
	count: number,
	entry: (name: string) => readonly [string, string],
): Record<string, string> {
	return Object.fromEntries(names(count).map(entry));
}

function execOf(command: readonly string[]): string {
	return `#!/bin/sh\nexec ${command.join(" ")}\n`;
}
