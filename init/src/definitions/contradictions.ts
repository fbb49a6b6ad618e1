// Keys of a service that contradict each other.
import type { Definition } from "../services/definition.ts";
import type { ServiceFields } from "./launch.ts";
import type { Requirement } from "./requirements.ts";
import { isServiceKey, MAIN, NOT_OF_MAIN, SERVICE_KEYS } from "./schema.ts";

/** Names all that do; what each of them is alone has been checked. */
export function checkTogether(
	fields: ServiceFields,
	definition: Definition,
	requirements: readonly Requirement[],
): void {
	if (fields.flag("tty"))
		fields.bad("tty", "= true cannot be: the terminal belongs to the main command; take it out");
	const isScheduled = fields.has("schedule");
	for (const key of ["ready", "healthcheck"] as const) {
		if (isScheduled && fields.has(key))
			fields.bad(
				key,
				"and schedule contradict each other: a scheduled service ends when its work is done; take one out",
			);
	}
	const restart = fields.entry("restart")?.value;
	if (isScheduled && restart !== undefined && restart !== "no")
		fields.bad(
			"restart",
			'and schedule contradict each other: the clock starts it again; write restart = "no", or take one out',
		);
	if (fields.has("allow_overlap") && !isScheduled)
		fields.bad(
			"allow_overlap",
			"is about a schedule, and there is none; write schedule, or take it out",
		);
	if (definition.name === MAIN) checkMain(fields);
	else if (definition.isCritical) checkCritical(fields, definition, requirements);
}

function checkMain(fields: ServiceFields): void {
	for (const key of Object.keys(SERVICE_KEYS)) {
		const why = NOT_OF_MAIN[key];
		const entry = isServiceKey(key) ? fields.entry(key) : undefined;
		if (why !== undefined && entry !== undefined)
			fields.findings.add(
				entry.place,
				`${key} means nothing for the main command: ${why}; take it out`,
			);
	}
}

/** Only a final failure ends the container: of one that is always started again there is none. */
function checkCritical(
	fields: ServiceFields,
	{ restart, mostRestarts, healthcheck }: Definition,
	requirements: readonly Requirement[],
): void {
	if (fields.has("schedule")) {
		fields.bad(
			"critical",
			"and schedule contradict each other: the clock starts it again, whatever comes of it, and so it never fails for good; take one out",
		);
		return;
	}
	const isFinal = restart === "no" || mostRestarts >= 0 || healthcheck?.onUnhealthy === "fail";
	if (isFinal) return;
	const why = `with restart = "${restart}" it is started again whenever it ends, and so never fails for good; write restart = "no" or "on-failure:N"`;
	// It fails for good with one that it requires.
	if (requirements.some(({ isRequired }) => isRequired))
		fields.warn("critical", `is only about what it depends on: ${why}`);
	else fields.bad("critical", `means nothing here: ${why}, or take critical out`);
}
