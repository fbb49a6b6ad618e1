/** What an image may have in /etc for its start, and a shell that does about the same with it. */
import type { EtcFiles } from "../native/own-etc.ts";

const FOLDERS = [
	"container_environment",
	"my_init.d",
	"service",
	"my_init.pre_shutdown.d",
	"my_init.post_shutdown.d",
];
const VARIABLES = 50;
const SCRIPTS = 10;

export interface StartupFiles {
	readonly id: "none" | "empty" | "variables" | "scripts";
	readonly title: string;
	readonly etc: EtcFiles;
	/** Whether others need a script to do with them what ours does. */
	readonly isWork: boolean;
}

export const STARTUP_FILES: readonly StartupFiles[] = [
	{ id: "none", title: "no start-up files", etc: {}, isWork: false },
	{ id: "empty", title: "empty start-up folders", etc: { folders: FOLDERS }, isWork: false },
	{
		id: "variables",
		title: `${VARIABLES} variables in files`,
		etc: {
			folders: FOLDERS,
			files: numbered(VARIABLES, (i) => [
				`container_environment/VARIABLE_${i}`,
				`the value of variable ${i}\n`,
			]),
		},
		isWork: true,
	},
	{
		id: "scripts",
		title: `${SCRIPTS} start-up scripts`,
		etc: {
			folders: FOLDERS,
			scripts: numbered(SCRIPTS, (i) => [`my_init.d/${i}`, "#!/bin/sh\n:\n"]),
		},
		isWork: true,
	},
];

/** A shell that exports the variables, runs the scripts and becomes the command. Of all that, it starts the scripts only. */
export function throughShell(command: readonly string[]): string[] {
	return ["/bin/sh", "-c", ENTRYPOINT, "sh", ...command];
}

const ENTRYPOINT = `
for file in /etc/container_environment/*; do
	[ -f "$file" ] || continue
	IFS= read -r value <"$file"
	export "\${file##*/}=$value"
done
for script in /etc/my_init.d/*; do
	[ -x "$script" ] || continue
	"$script" || exit
done
exec "$@"`;

/** Numbers of two digits, so that they are in order as names too. */
function numbered(
	count: number,
	entry: (number: string) => readonly [string, string],
): Record<string, string> {
	return Object.fromEntries(
		Array.from({ length: count }, (_, i) => entry(`${i + 1}`.padStart(2, "0"))),
	);
}
