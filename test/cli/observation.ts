// What a container on the base image looks like, for tests that change one thing of it.
import type { Demonstration, FlushedFile, Observation } from "../../cli/src/demo/result.ts";

export const flushed: FlushedFile = { state: "whole", records: 100, recordsExpected: 100 };

export function observation(changes: Partial<Observation> = {}): Observation {
	return {
		image: "org/baseimage-ts:debian",
		standIn: false,
		pid1: "my_init",
		orphans: 1000,
		zombies: 0,
		processesLeft: 6,
		processesAlive: 6,
		stopSeconds: 0.57,
		exitCode: 143,
		file: flushed,
		countedFrom: "the host's /proc",
		...changes,
	};
}

/** A container on a plain base. */
export const plain: Observation = observation({
	image: "debian:trixie",
	standIn: true,
	pid1: "tail",
	zombies: 1000,
	processesLeft: 1005,
	processesAlive: 5,
	stopSeconds: 10.14,
	exitCode: 137,
	file: { state: "torn", records: 50, recordsExpected: 100 },
});

export function demonstration(changes: Partial<Demonstration> = {}): Demonstration {
	return {
		schema: 1,
		engine: "Docker 28.5.2",
		pattern: "keep-alive",
		command: ["/demo/start-keep-alive.sh", "1000"],
		plain,
		baseimage: observation(),
		passed: true,
		usage: ["FROM org/baseimage-ts:debian", "COPY app /usr/local/bin/app", 'CMD ["app"]'],
		...changes,
	};
}
