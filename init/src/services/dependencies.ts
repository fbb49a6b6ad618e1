// Who waits for whom.
import type { Dependency } from "./definition.ts";
import { find, type Machine } from "./machine.ts";
import { isAlive, isFinal, isUsable, type Service } from "./service.ts";

/** What keeps somebody from starting. */
export interface Obstacle {
	readonly text: string;
	/** Whether it will not go away by itself. */
	readonly isForEver: boolean;
	/** Who is not there yet: there may be no such service. */
	readonly name: string;
}

/** The first of the dependencies that is not there; undefined: all are. */
export function obstacle(
	machine: Machine,
	dependencies: readonly Dependency[],
): Obstacle | undefined {
	for (const dependency of dependencies) {
		const found = find(machine, dependency.name);
		const text = missing(dependency, found);
		if (text === "") continue;
		const isGone = found === undefined || isLost(dependency, found);
		if (isGone && !dependency.isRequired) continue;
		return { text, isForEver: isGone && !wasStopped(found), name: dependency.name };
	}
	return undefined;
}

/** What keeps the condition from being met; empty: nothing. */
function missing({ name, condition }: Dependency, found: Service | undefined): string {
	if (found === undefined) return `there is no service ${name}`;
	if (found.stopStep !== "none") return `${name} is being stopped`;
	switch (condition) {
		case "service_started":
			return isUsable(found) ? "" : `${name} is not ready`;
		case "service_healthy":
			return found.health === "healthy" ? "" : `${name} is not healthy`;
		case "service_completed_successfully":
			return found.state === "completed" || (found.state === "scheduled" && found.endStatus === 0)
				? ""
				: `${name} has not completed`;
	}
}

/** Whether the condition cannot be met any more without somebody asking for it. */
function isLost({ condition }: Dependency, found: Service): boolean {
	if (isFinal(found) && !isAlive(found)) return true;
	return condition === "service_healthy" && found.definition.healthcheck === undefined;
}

/** Whether somebody has stopped it, who may start it again. */
function wasStopped(found: Service | undefined): boolean {
	return found !== undefined && found.state === "stopped" && found.starts > 0;
}

/** Whether somebody who depends on it, and is to end as well, is alive still: it is stopped after them. */
export function isNeeded({ isStopping }: Machine, { dependents }: Service): boolean {
	return dependents.some((one) => isAlive(one) && (isStopping || one.stopStep !== "none"));
}
