// initctl metrics: Prometheus' text format, version 0.0.4.
import { STATES } from "./answers.ts";
import type { ServiceStatus, Totals } from "./protocol.ts";

type Value = number | undefined;

/** What is measured of each service; undefined: there is no such value. */
const PER_SERVICE: readonly (readonly [
	name: string,
	type: "gauge" | "counter",
	help: string,
	value: (service: ServiceStatus, nowMs: number) => Value,
])[] = [
	[
		"up",
		"gauge",
		"1 while the service runs and is ready",
		({ state }) => Number(state === "running"),
	],
	["wanted", "gauge", "1 where the service is to run", ({ isWanted }) => Number(isWanted)],
	[
		...(["healthy", "gauge", "1 while its health check succeeds; absent without one"] as const),
		({ health }) => (health === undefined ? undefined : Number(health === "healthy")),
	],
	["restarts_total", "counter", "Starts after the first one", ({ restarts }) => restarts],
	[
		...(["exit_code", "gauge", "Of its last end; 128 + N for signal N"] as const),
		({ exitCode }) => exitCode,
	],
	[
		...([
			"state_start_time_seconds",
			"gauge",
			"Since when it is in its state, from 1970 on",
		] as const),
		({ sinceMs }, nowMs) => Math.round(nowMs - sinceMs) / 1_000,
	],
];

/** All there is to say; `nowMs` since 1970. */
export function metricsText(
	services: readonly ServiceStatus[],
	totals: Totals,
	nowMs: number,
): string {
	const families = PER_SERVICE.map(([name, type, help, value]) => {
		const samples = services.map((service) =>
			sample(`{${labelOf(service)}}`, value(service, nowMs)),
		);
		return family(`my_init_service_${name}`, type, help, samples);
	});
	const states = services.flatMap((service) =>
		STATES.map((state) =>
			sample(`{${labelOf(service)},state="${state}"}`, Number(state === service.state)),
		),
	);
	return [
		...families,
		family("my_init_service_state", "gauge", "1 for the state that the service is in", states),
		family("my_init_services", "gauge", "Services that are defined", [sample("", totals.services)]),
		family("my_init_reaped_total", "counter", "Processes that PID 1 has waited for", [
			sample("", totals.reaped),
		]),
		family("my_init_uptime_seconds", "gauge", "Since PID 1 began to supervise", [
			sample("", totals.uptimeMs / 1_000),
		]),
	].join("");
}

function family(name: string, type: string, help: string, samples: readonly string[]): string {
	const lines = samples.filter((line) => line !== "").map((line) => `${name}${line}\n`);
	return lines.length === 0
		? ""
		: `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function sample(labels: string, value: Value): string {
	return value === undefined ? "" : `${labels} ${value}`;
}

function labelOf({ name }: ServiceStatus): string {
	const escaped = name.split("\\").join("\\\\").split('"').join('\\"').split("\n").join("\\n");
	return `service="${escaped}"`;
}
