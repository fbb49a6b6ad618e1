// What became of everything: as plain values for --json, and as a table for people.
import Table from "cli-table3";
import type { Paint } from "../terminal/paint.ts";
import {
	type Imported,
	type ImportedService,
	type LeftOut,
	type LogTarget,
	type Loss,
	type Place,
	type Problem,
	type Setting,
	type Word,
	written,
} from "./model.ts";
import { shellWord } from "./shell/quote.ts";
import type { Plan } from "./write/folders.ts";

/** A service as `--json` prints it: the model, with words as a shell writes them. */
export interface ReportedService
	extends Pick<
		ImportedService,
		| "name"
		| "origin"
		| "stage"
		| "umask"
		| "restart"
		| "enabled"
		| "stopSignal"
		| "stopsGroup"
		| "stopGraceMs"
		| "dependencies"
		| "after"
		| "readiness"
		| "schedule"
		| "critical"
		| "scale"
	> {
	/** FILE or FILE:LINE. */
	source: string;
	/** The files that it became, the one that is started first; relative to the folder. */
	became: string[];
	/** A command as a shell writes it; undefined: a program file, in `became`. */
	command?: string;
	user?: string;
	workingDirectory?: string;
	environment: Record<string, string>;
	logs: { stdout: string; stderr: string };
	losses: ReportedLoss[];
}

export interface ReportedLoss {
	source: string;
	what: string;
	why: string;
}

/** The outcome of `baseimage import`; with `--json` it is printed as it is. */
export interface Report {
	/** Version of this object's shape: a field may be added, none changes its meaning. */
	schema: 1;
	source: { kind: "path" | "image"; name: string; standIn: boolean };
	/** The folder that was written; null: none was. */
	folder: string | null;
	services: ReportedService[];
	leftOut: { source: string; name: string; why: string; isMissed: boolean }[];
	problems: { source: string; what: string; remedy: string }[];
	settings: Setting[];
	notes: string[];
	/** The lines of a Dockerfile. */
	usage: string[];
	/** Nothing was wrong, and everything that ran has become something. */
	passed: boolean;
}

export interface Reported {
	source: Report["source"];
	folder: string | null;
	imported: Imported;
	plan: Plan;
	/** A path of the source, as whoever named the source finds it. */
	shown: (path: string) => string;
}

export function reportOf({ source, folder, imported, plan, shown }: Reported): Report {
	const at = (place: Place) => written({ ...place, file: shown(place.file) });
	const lost = ({ place, what, why }: Loss) => ({ source: at(place), what, why });
	const problems = imported.problems.map(({ place, what, remedy }: Problem) => ({
		source: at(place),
		what,
		remedy,
	}));
	const leftOut = imported.leftOut.map(({ place, name, why, isMissed }: LeftOut) => ({
		source: at(place),
		name,
		why,
		isMissed,
	}));
	return readable({
		schema: 1,
		source,
		folder,
		services: plan.outcomes.map(({ service, files, losses }) => ({
			...reported(service),
			source: at(service.place),
			became: files.map(({ path }) => path),
			losses: [...service.losses, ...losses].map(lost),
		})),
		leftOut,
		problems,
		settings: plan.settings,
		notes: imported.notes,
		usage: usage(folder, plan.settings),
		passed: problems.length === 0 && leftOut.every(({ isMissed }) => !isMissed),
	});
}

/** Texts of the source are bytes, one code unit for each: here they become what a terminal shows, and nothing that controls it. */
function readable(report: Report): Report {
	return JSON.parse(
		JSON.stringify(report, (_key, value: unknown) =>
			typeof value === "string" ? decoded(value).replaceAll(/(?![\n\t])\p{Cc}/gu, "\ufffd") : value,
		),
	);
}

function decoded(text: string): string {
	if (!/^[^\u0100-\uffff]*[\u0080-\u00ff]/.test(text)) return text;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
	} catch {
		return text; // It was none of the source's texts, or is no UTF-8.
	}
}

function reported(service: ImportedService): Omit<ReportedService, "source" | "became" | "losses"> {
	const { program, companions: _, place: __, losses: ___, logs, ...rest } = service;
	const { workingDirectory, environment, ...same } = rest;
	return {
		...same,
		...(program.kind === "command" && { command: program.words.map(shellWord).join(" ") }),
		...(workingDirectory !== undefined && { workingDirectory: plain(workingDirectory) }),
		environment: Object.fromEntries(environment.map(({ name, value }) => [name, plain(value)])),
		logs: { stdout: target(logs.stdout), stderr: target(logs.stderr) },
	};
}

/** A value as it is, with variables in the notation of a shell. */
function plain(word: Word): string {
	return word.map((part) => (typeof part === "string" ? part : `\${${part.variable}}`)).join("");
}

function target(log: LogTarget): string {
	return log.kind === "file" ? plain(log.path) : log.kind;
}

function usage(folder: string | null, settings: readonly Setting[]): string[] {
	return [
		"FROM org/baseimage-ts:debian",
		`COPY ${folder ?? "FOLDER"}/ /`,
		...settings.map(({ variable, value }) => `ENV ${variable}=${value}`),
		"RUN initctl check",
	];
}

const NARROWEST = 60;
const WIDEST = 140;
const OTHERWISE = 100;

/** @param columns how wide the terminal is; undefined: there is none */
export function render(report: Report, paint: Paint, columns: number | undefined): string {
	const width = Math.min(Math.max(columns || OTHERWISE, NARROWEST), WIDEST);
	const { source, folder, services, leftOut, settings, notes } = report;
	const mark = source.standIn ? " (stand-in)" : "";
	const goal = folder === null ? "nothing is written without -o FOLDER" : `written to ${folder}`;
	return [
		`${source.kind} ${source.name}${mark}: ${services.length} imported, ${goal}`,
		...(services.length + leftOut.length === 0 ? [] : [table(report, paint, width)]),
		...section(
			"Set in the image:",
			settings.map(({ variable, value, why }) => `${variable}=${value}  (${why})`),
		),
		...section("Not read:", notes),
		...section("To use the files:", report.usage),
	].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function table({ services, leftOut }: Report, paint: Paint, width: number): string {
	// Four lines and a space on both sides of each text.
	const [source, became] = [Math.floor(width * 0.3), Math.floor(width * 0.28)];
	const drawn = new Table({
		head: ["source", "what it became", "lost, and why"].map((title) => paint("strong", title)),
		colWidths: [source, became, width - source - became - 4],
		wordWrap: true,
		wrapOnWordBoundary: true,
		style: { head: [], border: [] },
	});
	for (const [service, count] of withoutRepetition(services)) {
		const { source: from, became: files, losses, enabled } = service;
		const more = count > 1 ? ` and ${count - 1} more` : "";
		const what = `${files[0] ?? ""}${more}${enabled ? "" : " (down: not started)"}`;
		const lost = losses.map(({ what: asked, why }) => `${asked}: ${why}`).join("\n");
		drawn.push([
			broken(from, source - 2),
			broken(what, became - 2),
			lost === "" ? paint("good", "nothing") : lost,
		]);
	}
	for (const { source: from, name, why, isMissed } of leftOut) {
		const nothing = paint(isMissed ? "bad" : "quiet", "nothing");
		drawn.push([broken(from, source - 2), nothing, `${name}: ${why}`]);
	}
	return drawn.toString();
}

/** The processes of one program are one row. */
function withoutRepetition(services: readonly ReportedService[]): [ReportedService, number][] {
	const groups = Map.groupBy(services, ({ source, stage, losses }) =>
		JSON.stringify([source, stage, losses]),
	);
	return [...groups.values()].flatMap((group): [ReportedService, number][] => {
		const [first] = group;
		return first === undefined ? [] : [[first, group.length]];
	});
}

/** A path in lines that fit, broken behind a slash where there is one: the table breaks at spaces only. */
function broken(text: string, width: number): string {
	const lines = [""];
	for (const piece of text
		.split(/(?<=[/ ])/)
		.flatMap((part) => part.match(new RegExp(`.{1,${width}}`, "g")) ?? [])) {
		const last = lines.at(-1) ?? "";
		if (last.length + piece.length > width) lines.push(piece);
		else lines[lines.length - 1] = last + piece;
	}
	return lines.join("\n");
}
