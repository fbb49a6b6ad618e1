// What an init keeps for itself while the main child runs.
import { readdirSync, readlinkSync } from "node:fs";
import type { Binary } from "../support/binaries.ts";
import { until } from "../support/until.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, pidOfInit, start } from "./launch.ts";

const STANDARD = ["0", "1", "2"];
/** A file that the init inherits, and has no use for. */
const INHERITED = "/dev/null";
const SETTLED_MS = 500;

/** Which of what it inherits an init with these options keeps: its working directory, and descriptors. */
export function initView(name: string, options: readonly string[], placed: Placed = {}): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		const command = [...options, "listener", "main"];
		await using namespace = start(init, command, {
			...placed,
			before: `cd /usr; exec 5<${INHERITED} 7<${INHERITED};`,
		});
		await namespace.stdout.contains(/^main ready/m);
		const pid = await pidOfInit(namespace, placed.place);
		// The child may run before its parent goes on.
		await until("it closes them", () => !hasInherited(pid), SETTLED_MS).catch(() => undefined);
		return {
			"the init's directory": readlinkSync(`/proc/${pid}/cwd`),
			"inherited descriptors": hasInherited(pid) ? "kept" : "closed",
		};
	};
	return { name, observe };
}

function hasInherited(pid: number): boolean {
	return readdirSync(`/proc/${pid}/fd`)
		.filter((descriptor) => !STANDARD.includes(descriptor))
		.some((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`) === INHERITED);
}
