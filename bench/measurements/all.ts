/** All measurements, in the order of the report. A new one is a file beside this and a line here. */
import { calls } from "./calls.ts";
import { containers } from "./containers.ts";
import { crowd } from "./crowd.ts";
import { endurance } from "./endurance.ts";
import { idle } from "./idle.ts";
import { images } from "./images.ts";
import type { Measurement } from "./measurement.ts";
import { memory } from "./memory.ts";
import { names } from "./names.ts";
import { reaping } from "./reaping.ts";
import { signals } from "./signals.ts";
import { size } from "./size.ts";
import { start } from "./start.ts";
import { startup } from "./startup.ts";
import { stop } from "./stop.ts";

export const MEASUREMENTS: readonly Measurement[] = [
	start,
	startup,
	calls,
	memory,
	names,
	crowd,
	endurance,
	size,
	images,
	idle,
	reaping,
	signals,
	stop,
	containers,
];
