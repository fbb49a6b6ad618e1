// runit's folders of services: `run`, `finish`, `down`, `log/run`, `control`.

import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";
import { SERVICES_FOLDER } from "../pid1/services.ts";
import type { Definition } from "./definition.ts";
import { PLAIN_LAUNCH } from "./launch.ts";
import { USUAL_DEFINITION } from "./usual.ts";

const MOST_NAMES = 1_024;
/** runit waits without end; a stop of the container has its own. */
const GRACE_MS = 1e9;

/** runsv's names for the scripts in control/, by signal; `d` and `x` are commands. */
const CONTROL_LETTERS: readonly (readonly [signal: number, letter: string])[] = [
	[15, "t"],
	[1, "h"],
	[14, "a"],
	[2, "i"],
	[3, "q"],
	[10, "1"],
	[12, "2"],
	[9, "k"],
	[19, "p"],
	[18, "c"],
];

/** The names of the folders that hold a service, in byte order. As runsvdir(8) has it: none that begins with a dot. */
export function runitNames(kernel: Kernel): string[] {
	const names = kernel.listDirectory(SERVICES_FOLDER, MOST_NAMES);
	if (typeof names === "number") return [];
	return names
		.filter(
			(name) =>
				!name.startsWith(".") && kernel.checkExecutable(`${SERVICES_FOLDER}/${name}/run`) >= 0,
		)
		.sort();
}

export function runitDefinition(kernel: Kernel, name: string): Definition {
	const folder = `${SERVICES_FOLDER}/${name}`;
	return {
		...USUAL_DEFINITION,
		name,
		file: printableText(folder),
		launch: { ...PLAIN_LAUNCH, words: ["./run"], directory: folder },
		stopGraceMs: GRACE_MS,
		isDown: kernel.hasAnyFile(`${folder}/down`),
		runitFolder: folder,
	};
}

/** Whether runit's service has a logger of its own. */
export function hasRunitLog(kernel: Kernel, { runitFolder }: Definition): boolean {
	return runitFolder !== "" && kernel.checkExecutable(`${runitFolder}/log/run`) >= 0;
}

/** Whether it has a program that is run each time it has ended. */
export function hasFinish(kernel: Kernel, { runitFolder }: Definition): boolean {
	return kernel.checkExecutable(`${runitFolder}/finish`) >= 0;
}

/** The letter of the signal; empty: it has none. */
export function letterOf(signal: number): string {
	return CONTROL_LETTERS.find(([number]) => number === signal)?.[1] ?? "";
}

/** The script that is run for a letter. */
export function controlScript(
	kernel: Kernel,
	{ runitFolder }: Definition,
	letter: string,
): string | undefined {
	if (runitFolder === "" || letter === "") return undefined;
	const path = `${runitFolder}/control/${letter}`;
	return kernel.checkExecutable(path) >= 0 ? path : undefined;
}
