// Who depends on whom: what is not there, what goes in a circle, and who is left out for that.

import { checkMainService } from "./main_service.ts";
import { didYouMean } from "./nearest.ts";
import type { Requirement } from "./requirements.ts";
import { MAIN } from "./schema.ts";
import type { Service } from "./service.ts";
import { quoted } from "./toml/read_toml.ts";
import type { Findings } from "./value.ts";

export interface Graph {
	readonly services: readonly Service[];
	readonly byName: Readonly<Record<string, Service>>;
}

export function graphOf(services: readonly Service[]): Graph {
	const byName: Record<string, Service> = Object.create(null);
	for (const service of services) byName[service.name] = service;
	return { services, byName };
}

/** Checks all dependencies; the names of services that are at fault. */
export function checkGraph(graph: Graph, findings: Findings): Record<string, boolean> {
	const faulty: Record<string, boolean> = Object.create(null);
	let names: readonly string[] | undefined;
	for (const service of graph.services) {
		for (const requirement of service.requirements) {
			const { key, name } = requirement;
			const required = graph.byName[name];
			if (required === undefined)
				names ??= graph.services.map((known) => known.name).filter((known) => known !== MAIN);
			const what =
				required === undefined
					? aboutUnknown(requirement, names ?? [])
					: aboutKnown(requirement, required);
			if (what === undefined) continue;
			findings.add(requirement.place, `${key} names ${quoted(name)}, ${what}`);
			faulty[service.name] = true;
		}
	}
	checkInstances(graph, findings, faulty);
	checkMainService(graph, findings, faulty);
	checkCircles(graph, findings, faulty);
	return faulty;
}

function aboutUnknown(
	{ name, isRequired }: Requirement,
	names: readonly string[],
): string | undefined {
	if (name === MAIN) return aboutMain();
	// It may be there or not: nothing waits for it.
	if (!isRequired) return undefined;
	return `which is no service; ${didYouMean(name, names, "define it, or write required = false")}`;
}

function aboutMain(): string {
	return "which nothing can depend on: the main command starts when services are there, and ends the container; take it out";
}

function aboutKnown(
	{ name, condition }: Requirement,
	{ definition, isRead }: Service,
): string | undefined {
	if (name === MAIN) return aboutMain();
	if (!isRead) return undefined;
	if (condition === "service_healthy" && definition.healthcheck === undefined)
		return 'which has no healthcheck to become healthy by; write one there, or condition = "service_started", which waits for ready';
	const { restart } = definition;
	const isLasting = restart === "always" || restart === "unless-stopped";
	if (condition === "service_completed_successfully" && isLasting && definition.schedule === "")
		return `which is started again whenever it ends; write restart = "no" or "on-failure" there`;
	return undefined;
}

/** An instance must not be called as another service is. */
function checkInstances(
	{ services, byName }: Graph,
	findings: Findings,
	faulty: Record<string, boolean>,
): void {
	for (const { name, scale, file } of services) {
		for (let number = 1; scale > 1 && number <= scale; number++) {
			const other = byName[`${name}-${number}`];
			if (other === undefined) continue;
			const what = `is called as instance ${number} of ${file}; give it another name`;
			findings.add({ file: other.file, line: 0, column: 0 }, what);
			faulty[other.name] = true;
		}
	}
}

/** Takes away those that wait for nobody who is left, again and again: what stays goes in circles, or waits for one. */
function checkCircles(graph: Graph, findings: Findings, faulty: Record<string, boolean>): void {
	const waitsFor: Record<string, number> = Object.create(null);
	const waitedForBy: Record<string, string[]> = Object.create(null);
	const free: string[] = [];
	for (const { name, requirements } of graph.services) {
		let count = 0;
		for (const required of requirements) {
			if (graph.byName[required.name] === undefined) continue;
			count++;
			waitedForBy[required.name] ??= [];
			waitedForBy[required.name]?.push(name);
		}
		waitsFor[name] = count;
		if (count === 0) free.push(name);
	}
	const release = (): void => {
		for (let name = free.pop(); name !== undefined; name = free.pop()) {
			for (const waiting of waitedForBy[name] ?? []) {
				const left = (waitsFor[waiting] ?? 0) - 1;
				waitsFor[waiting] = left;
				if (left === 0) free.push(waiting);
			}
		}
	};
	release();
	for (const { name } of graph.services) {
		if ((waitsFor[name] ?? 0) <= 0) continue;
		const circle = circleFrom(name, graph, waitsFor);
		const [first = name] = circle;
		const place = graph.byName[first]?.requirements.find(
			({ name: next }) => next === (circle[1] ?? first),
		)?.place;
		if (place !== undefined)
			findings.add(
				place,
				`depends_on goes in a circle: ${[...circle, first].join(" -> ")}; take one of them out`,
			);
		for (const member of circle) {
			faulty[member] = true;
			// Each circle is named once, and whoever waits for it is no part of it.
			waitsFor[member] = 0;
			free.push(member);
		}
		release();
	}
}

/** Goes on from service to service until one comes again: the circle, beginning with the first of its names. */
function circleFrom(start: string, graph: Graph, waitsFor: Record<string, number>): string[] {
	const seen: Record<string, number> = Object.create(null);
	const path: string[] = [];
	let name: string | undefined = start;
	while (name !== undefined && seen[name] === undefined) {
		seen[name] = path.length;
		path.push(name);
		name = graph.byName[name]?.requirements.find((next) => (waitsFor[next.name] ?? 0) > 0)?.name;
	}
	const circle = path.slice(name === undefined ? path.length : seen[name]);
	const least = circle.indexOf([...circle].sort()[0] ?? "");
	return [...circle.slice(least), ...circle.slice(0, least)];
}

/** Those that require what is left out, by name, with the one that each of them misses. */
export function leftOutWith(
	graph: Graph,
	faulty: Readonly<Record<string, boolean>>,
): Record<string, string> {
	const requiredBy: Record<string, string[]> = Object.create(null);
	const next: string[] = [];
	for (const { name, requirements } of graph.services) {
		if (faulty[name]) next.push(name);
		for (const required of requirements) {
			if (!required.isRequired) continue;
			requiredBy[required.name] ??= [];
			requiredBy[required.name]?.push(name);
		}
	}
	const missing: Record<string, string> = Object.create(null);
	for (let name = next.pop(); name !== undefined; name = next.pop()) {
		for (const dependent of requiredBy[name] ?? []) {
			if (faulty[dependent] || missing[dependent] !== undefined) continue;
			missing[dependent] = name;
			next.push(dependent);
		}
	}
	return missing;
}
