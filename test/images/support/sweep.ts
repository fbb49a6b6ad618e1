// Removes what tests leave in the engine when they are killed.
import { docker } from "../../../scripts/engine/docker.ts";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { IMAGE_LABEL, isRunning, nameOfRun, RUN_LABEL } from "./labels.ts";

/** Removes the containers of runs that have ended, and of this one; another one that goes on keeps its own. */
export async function sweepContainers(engine: Engine): Promise<void> {
	const format = `{{.ID}} {{.Label "${RUN_LABEL}"}}`;
	const filter = `label=${RUN_LABEL}`;
	const listed = await docker(engine, "ps", "--all", "--filter", filter, "--format", format);
	const left = listed
		.split("\n")
		.map((line) => line.split(" "))
		.filter(([id = "", run = ""]) => id !== "" && (run === nameOfRun() || !isRunning(run)))
		.map(([id = ""]) => id);
	if (left.length > 0) await docker(engine, "rm", "--force", "--volumes", ...left);
}

/** Removes images of earlier runs that later ones have taken the names of. */
export async function sweepImages(engine: Engine): Promise<void> {
	await docker(engine, "image", "prune", "--force", "--filter", `label=${IMAGE_LABEL}`);
}
