// What decides how a container starts and stops, wherever it is written down.
import { signalName, signalNumber } from "../../../init/src/kernel/signals.ts";
import { listAt, numberAt, textAt, textsAt } from "../json.ts";

/** A health check as engines keep it: ["CMD", …], ["CMD-SHELL", TEXT], ["NONE"]. */
export interface HealthCheck {
	test: readonly string[];
}

/** A line of the user's own file, for annotations. */
export interface Place {
	file: string;
	/** Counted from 1. */
	line: number;
}

/** The part of a container's or image's configuration that PID 1 depends on. */
export interface StartConfig {
	entrypoint: readonly string[];
	cmd: readonly string[];
	env: Readonly<Record<string, string>>;
	workingDir: string;
	/** As it was written: `SIGTERM`, `QUIT`, `15`. Undefined: the engine's own, SIGTERM. */
	stopSignal: string | undefined;
	/** What the engine waits before it kills; undefined: its own 10 s. */
	stopTimeoutS: number | undefined;
	healthCheck: HealthCheck | undefined;
	/** The engine puts its own init in front: `docker run --init`, `init: true`. */
	engineInit: boolean;
	/** Where each of them was written, as far as it is known. */
	places: Readonly<Partial<Record<ConfigKey, Place>>>;
}

export type ConfigKey = "entrypoint" | "cmd" | "stopSignal" | "stopTimeout" | "healthCheck";

/** What an engine waits after the stop signal when nothing else is said. */
export const DEFAULT_STOP_S = 10;

/** A configuration that says nothing. */
export const EMPTY_CONFIG: StartConfig = {
	...{ entrypoint: [], cmd: [], env: {}, workingDir: "/", stopSignal: undefined },
	...{ stopTimeoutS: undefined, healthCheck: undefined, engineInit: false, places: {} },
};

/** Reads the configuration out of an engine's answer or out of an image's configuration blob. */
export function readConfig(config: unknown): StartConfig {
	const test = textsAt(config, "Healthcheck", "Test");
	return {
		entrypoint: entrypointOf(
			textsAt(config, "Entrypoint") ?? wordsOf(textAt(config, "Entrypoint")),
		),
		cmd: textsAt(config, "Cmd") ?? wordsOf(textAt(config, "Cmd")),
		env: readEnv(listAt(config, "Env")),
		workingDir: textAt(config, "WorkingDir") ?? "/",
		stopSignal: textAt(config, "StopSignal"),
		stopTimeoutS: numberAt(config, "StopTimeout"),
		healthCheck: test === undefined || test.length === 0 ? undefined : { test },
		engineInit: false,
		places: {},
	};
}

/** `["A=b"]` as an object. */
export function readEnv(entries: readonly unknown[]): Record<string, string> {
	return Object.fromEntries(
		entries
			.filter((entry) => typeof entry === "string")
			.map((entry) => [entry.split("=", 1)[0] ?? "", entry.slice(entry.indexOf("=") + 1)]),
	);
}

function wordsOf(text: string | undefined): string[] {
	return text === undefined ? [] : [text];
}

/** Engines take `ENTRYPOINT [""]` for none: it is how an image's own is taken away. */
export function entrypointOf(words: readonly string[]): readonly string[] {
	return words.length === 1 && words[0] === "" ? [] : words;
}

/** What PID 1 is started with. */
export function argvOf({ entrypoint, cmd, engineInit }: StartConfig): string[] {
	return [...(engineInit ? ["/sbin/docker-init", "--"] : []), ...entrypoint, ...cmd];
}

/** The number of the stop signal: 3 for `SIGQUIT`, `quit` or `3`; undefined: there is no such signal. */
export function stopSignalOf({ stopSignal }: Pick<StartConfig, "stopSignal">): number | undefined {
	return signalNumber(stopSignal ?? "SIGTERM");
}

/** `SIGTERM` for 15, on whatever machine this command runs: the numbers are Linux's. */
export function signalText(signal: number): string {
	return `SIG${signalName(signal)}`;
}
