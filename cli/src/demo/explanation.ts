import type { Pattern } from "./application.ts";
import { wasKilled } from "./judge.ts";
import type { Demonstration } from "./result.ts";

const ON_PLAIN_BASE: Readonly<Record<Pattern, readonly string[]>> = {
	"keep-alive": [
		"On the plain base, tail is PID 1. It never waits for children that it did not",
		"start, and the kernel ignores SIGTERM for a PID 1 without a handler: after 10 s",
		"everything in the container is killed.",
	],
	"start-script": [
		"On the plain base, a shell is PID 1. It reaps while it waits, but it passes no",
		"signal on, and the kernel ignores SIGTERM for a PID 1 without a handler: after",
		"10 s everything in the container is killed.",
	],
};

const WITH_DOCKER_INIT = [
	"With --init, the engine's init reaps and forwards, but ends together with the",
	"command that it started: the kernel then kills the server at its work.",
];

/**
 * How it was measured, and why the columns differ, in lines of at most 80 characters. An image may
 * bring an init of its own: what did not happen is not explained.
 */
export function explanation({ pattern, plain, dockerInit, baseimage }: Demonstration): string[] {
	return [
		"All orphans were first seen alive, each a process of its own under PID 1.",
		`Zombies: counted among them in ${baseimage.countedFrom}, 1 s after they ended.`,
		...(wasKilled(plain) ? ON_PLAIN_BASE[pattern] : []),
		...(dockerInit?.file.state === "torn" ? WITH_DOCKER_INIT : []),
	];
}
