// All definitions of services, checked one by one and together.
import type { Kernel } from "../kernel/kernel.ts";
import { type Definition, type Dependency, EVERY_SERVICE } from "../services/definition.ts";
import { Files } from "./files.ts";
import { checkGraph, type Graph, graphOf, leftOutWith } from "./graph.ts";
import { Identities } from "./identities.ts";
import { readLayers } from "./layers.ts";
import { asMain } from "./main_service.ts";
import { MAIN } from "./schema.ts";
import { readService, type Service } from "./service.ts";
import { timeZoneProblem } from "./time_zone.ts";
import { Findings, type Problem, sortProblems } from "./value.ts";

export interface Definitions {
	readonly graph: Graph;
	/** Sorted. */
	readonly problems: readonly Problem[];
	/** Sorted too: nothing fails for them. */
	readonly warnings: readonly Problem[];
	/** By name: those that cannot be used. */
	readonly faulty: Readonly<Record<string, boolean>>;
	/** By name: those that require one of them, and which. */
	readonly leftOut: Readonly<Record<string, string>>;
}

/** @param given the arguments of PID 1, which are the main command */
export function readDefinitions(kernel: Kernel, given: readonly string[]): Definitions {
	const findings = new Findings();
	const system = { kernel, identities: new Identities(kernel), files: new Files(kernel) };
	const services: Service[] = [];
	readLayers(kernel, findings, (source) => {
		if (source.removedBy !== "") return;
		const isRead = source.table !== undefined;
		// What could not be read is at fault for that alone.
		const service = readService(system, source, given, isRead ? findings : new Findings());
		services.push(isRead ? service : { ...service, isRead, isSound: false });
	});
	const graph = graphOf(services);
	const faulty = checkGraph(graph, findings);
	for (const { name, isSound } of services) if (!isSound) faulty[name] = true;
	const zone = services.some(({ definition }) => definition.schedule !== "")
		? timeZoneProblem(kernel.environment("TZ"), (path, bytes) => kernel.readFile(path, bytes))
		: "";
	if (zone !== "") findings.warn({ file: "TZ", line: 0, column: 0 }, zone);
	const { problems, warnings } = findings;
	sortProblems(problems);
	sortProblems(warnings);
	return { graph, problems, warnings, faulty, leftOut: leftOutWith(graph, faulty) };
}

/** One definition for each instance, with the names of instances for those of services. @param given as above */
export function instancesOf(
	service: Service,
	definitions: Definitions,
	given: readonly string[],
): Definition[] {
	const { dependsOn, scale, name } = service;
	const runsMain = definitions.graph.byName[MAIN]?.mainService?.name === name;
	const definition = runsMain ? asMain(service, given) : service.definition;
	const requirements = service.saysRequirements ? service.requirements : allFor(service);
	for (const requirement of requirements) addInstances(dependsOn, requirement, definitions.graph);
	if (scale <= 1) return [definition];
	const instances: Definition[] = [];
	const { launch } = definition;
	const environment = launch.environment.filter((entry) => !entry.startsWith("INSTANCE="));
	for (let number = 1; number <= scale; number++) {
		instances.push({
			...definition,
			name: `${name}-${number}`,
			launch: { ...launch, environment: [...environment, `INSTANCE=${number}`] },
		});
	}
	return instances;
}

/** The main command waits for all that is started at boot, where it does not say for whom; not for what has failed. */
function allFor({ name }: Service): readonly Dependency[] {
	return name === MAIN ? [EVERY_SERVICE] : [];
}

function addInstances(to: Dependency[], required: Dependency, { byName }: Graph): void {
	const { name, condition, restarts, isRequired } = required;
	const scale = byName[name]?.scale ?? 1;
	if (scale <= 1) to.push({ name, condition, restarts, isRequired });
	for (let number = 1; scale > 1 && number <= scale; number++)
		to.push({ name: `${name}-${number}`, condition, restarts, isRequired });
}
