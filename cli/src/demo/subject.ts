import type { ContainerCreateOptions } from "dockerode";
import { pack } from "../engine/archive.ts";
import type { Engine } from "../engine/connect.ts";
import { readFileInside, withContainer } from "../engine/container.ts";
import type { Image } from "../engine/image.ts";
import { readerFor } from "../processes/reader.ts";
import { isZombie } from "../processes/table.ts";
import { grouped } from "../terminal/figures.ts";
import { abandonOn } from "../waiting.ts";
import {
	applicationCommand,
	applicationFiles,
	HOME,
	type Pattern,
	releaseFile,
} from "./application.ts";
import { judgeFile } from "./judge.ts";
import type { Observation } from "./result.ts";
import { orphansAlive, serverReady, startApplication, tableAfterEnd } from "./steps.ts";

/** What all containers have in common. */
export interface Scenario {
	pattern: Pattern;
	orphans: number;
}

/** One of the containers that are compared. */
export interface Subject {
	image: Image;
	/** `docker run --init`: the engine puts its own init in front. */
	dockerInit: boolean;
}

/** Called with a phrase at every step, for a progress display. */
export type Report = (step: string) => void;

/** What `docker stop` gives by default. Always said: Podman's API takes a missing one for 0. */
const STOP_GRACE_S = 10;

/** Runs the application in one container, watches it and stops it. The container is gone afterwards. */
export function observe(
	engine: Engine,
	subject: Subject,
	scenario: Scenario,
	signal: AbortSignal,
	report: Report,
): Promise<Observation> {
	const { image } = subject;
	report("creating the container");
	return withContainer(engine, "demo", containerOptions(subject, scenario), async (container) => {
		signal.throwIfAborted();
		await container.putArchive(pack(applicationFiles()), { path: "/" });
		await startApplication(container, image);
		const processes = await readerFor(engine, container);

		report(`waiting for ${grouped(scenario.orphans)} orphans`);
		const orphans = await orphansAlive(container, processes, scenario.orphans, signal);
		await serverReady(container, signal);

		report(`letting ${grouped(scenario.orphans)} orphans end`);
		await container.putArchive(pack([releaseFile()]), { path: "/" });
		const after = await tableAfterEnd(processes, orphans, signal);

		report("stopping the container");
		const begin = performance.now();
		await abandonOn(signal, container.stop({ t: STOP_GRACE_S }));
		const stopSeconds = Math.round((performance.now() - begin) / 10) / 100;

		const { State } = await container.inspect();
		const file = judgeFile(await readFileInside(container, `${HOME}/records`));
		report(`stopped after ${stopSeconds.toFixed(1)} s`);
		return {
			image: image.reference,
			standIn: image.standIn,
			pid1: after.find(({ pid }) => pid === processes.rootPid)?.name ?? "?",
			orphans: orphans.size,
			zombies: after.filter((entry) => orphans.has(entry.pid) && isZombie(entry)).length,
			processesLeft: after.length,
			processesAlive: after.filter((entry) => !isZombie(entry)).length,
			stopSeconds,
			exitCode: State.ExitCode,
			file,
			countedFrom: processes.source,
		};
	});
}

function containerOptions(subject: Subject, scenario: Scenario): ContainerCreateOptions {
	return {
		Image: subject.image.reference,
		Cmd: applicationCommand(scenario.pattern, scenario.orphans),
		HostConfig: {
			// Always said: an engine may be set up to put its own init in front of everything.
			Init: subject.dockerInit,
			NetworkMode: "none",
		},
	};
}
