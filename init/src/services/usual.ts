// What most services are.
import { SIGTERM } from "../kernel/signals.ts";
import type { Definition } from "./definition.ts";
import { PLAIN_LAUNCH } from "./launch.ts";

/** A definition that says only what is to be executed, as definitions/schema.ts has it. */
export const USUAL_DEFINITION: Definition = {
	name: "",
	file: "",
	launch: PLAIN_LAUNCH,
	dependsOn: [],
	restart: "always",
	mostRestarts: -1,
	restartDelayMs: 100,
	restartMaxDelayMs: 60_000,
	stableMs: 10_000,
	stopSignal: SIGTERM,
	stopGraceMs: 10_000,
	preStop: undefined,
	postStart: undefined,
	isCritical: false,
	isMain: false,
	ready: undefined,
	healthcheck: undefined,
	schedule: "",
	mayOverlap: false,
	log: { format: "inherit", file: "", maxSize: 0, maxFiles: 0 },
	isDown: false,
	runitFolder: "",
};
