import type { ArchiveEntry } from "../engine/archive.ts";

/** Where the application lies in the containers. */
export const HOME = "/demo";

/** The records that the server has when it is told to stop: half of them still unwritten. */
export const RECORDS = 100;

/** How the application is started: each way is found in countless images. */
export const PATTERNS = {
	"keep-alive": {
		command: "start-keep-alive.sh",
		says: "a start script that starts all in the background and ends in `exec tail -f`",
		script: `./worker.sh "$1" &
./server.sh &
exec tail -f server.log`,
	},
	"start-script": {
		command: "start-script.sh",
		says: "a start script whose last line runs the server, without `exec`",
		script: `./worker.sh "$1" &
./server.sh`,
	},
} as const;

/** A name of PATTERNS. */
export type Pattern = keyof typeof PATTERNS;

/** The names of all patterns; the first is the default. */
export const PATTERN_NAMES: readonly Pattern[] = ["keep-alive", "start-script"];

/** Each script begins so. They need a POSIX shell, `sleep` and `tail`: any userland has them. */
const FROM_OWN_FOLDER = `cd "\${0%/*}" || exit 111`;

/** Writes records until it is told to stop; then half of them are still to be written. */
const SERVER = `#!/bin/sh
${FROM_OWN_FOLDER}
write() {
	number=$1
	while [ "$number" -le "$2" ]; do
		echo "record $number"
		number=$((number + 1))
	done >>records
}
flush() {
	trap '' TERM
	write ${RECORDS / 2 + 1} ${(RECORDS * 3) / 4}
	sleep 0.5 || sleep 1
	write ${(RECORDS * 3) / 4 + 1} ${RECORDS}
	echo end >>records
	exit 0
}
trap flush TERM
write 1 ${RECORDS / 2}
echo "$$" >server.ready
while :; do
	sleep 3600 &
	wait $!
done
`;

/** Has the batch done, then goes on, as workers do. The pipe holds the batch's children back. */
const WORKER = `#!/bin/sh
${FROM_OWN_FOLDER}
hold() {
	until [ -e release ]; do sleep 1; done
}
hold | ./batch.sh "$1"
while :; do sleep 3600; done
`;

/** A parent that ends before its children do: the kernel gives them to PID 1. */
const BATCH = `#!/bin/sh
exec 3<&0
count=0
while [ "$count" -lt "$1" ]; do
	read -r _ <&3 &
	count=$((count + 1))
done
`;

/** The name of the orphans' program in the process table. */
export const ORPHAN_NAME = "batch.sh";

/** What is copied to the root of the container's file system before it starts. */
export function applicationFiles(): ArchiveEntry[] {
	const folder = `${HOME.slice(1)}/`;
	const script = (name: string, content: string) => ({
		name: `${folder}${name}`,
		mode: 0o755,
		content,
	});
	return [
		// Writable for everyone: the image's USER may be anybody.
		{ name: folder, mode: 0o1777 },
		{ name: `${folder}server.log`, mode: 0o644, content: "" },
		script("server.sh", SERVER),
		script("worker.sh", WORKER),
		script(ORPHAN_NAME, BATCH),
		...PATTERN_NAMES.map((name) => {
			const { command, script: lines } = PATTERNS[name];
			return script(command, `#!/bin/sh\n${FROM_OWN_FOLDER}\n${lines}\n`);
		}),
	];
}

/** Its arrival lets all held children of the batch end at once. */
export function releaseFile(): ArchiveEntry {
	return { name: `${HOME.slice(1)}/release`, mode: 0o644, content: "" };
}

/** The container's command, the same on every image. */
export function applicationCommand(pattern: Pattern, orphans: number): string[] {
	return [`${HOME}/${PATTERNS[pattern].command}`, String(orphans)];
}
