// A crontab as crontab(5) has it: lines of variables, and lines of when and what.

/** `system`: with whom a job runs as, between when and what, as /etc/crontab and /etc/cron.d have it. */
export type CrontabFormat = "user" | "system";

export interface CrontabLine {
	/** From 1. */
	line: number;
	/** Five fields, or @daily and the like. */
	schedule: string;
	/** Of the system format alone. */
	user: string | undefined;
	/** For the shell: up to the first % that no backslash precedes. */
	command: string;
	/** What follows it: lines for the command's stdin. */
	stdin: string | undefined;
	/** The variables that were set above it. */
	variables: ReadonlyMap<string, string>;
}

export interface CrontabProblem {
	line: number;
	what: string;
	remedy: string;
}

const NICKNAMES = [
	...["@reboot", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"],
];
const VARIABLE = /^\s*("[^"]*"|'[^']*'|[A-Za-z_]\w*)\s*=\s*(.*)$/;
const JOB = /^(@\w+|(?:\S+\s+){4}\S+)\s+(.+)$/;
const WITH_USER = /^(\S+)\s+(.+)$/;

const MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
const DAYS = "sun|mon|tue|wed|thu|fri|sat";
/** The least and the greatest of each field, and its names. */
const FIELDS: readonly (readonly [name: string, least: number, most: number, names?: string])[] = [
	["minute", 0, 59],
	["hour", 0, 23],
	["day of the month", 1, 31],
	["month", 1, 12, MONTHS],
	["day of the week", 0, 7, DAYS],
];

export function parseCrontab(
	text: string,
	format: CrontabFormat,
): { lines: CrontabLine[]; problems: CrontabProblem[] } {
	const lines: CrontabLine[] = [];
	const problems: CrontabProblem[] = [];
	let variables: ReadonlyMap<string, string> = new Map();
	for (const [index, raw] of text.split("\n").entries()) {
		const written = raw.replace(/\r$/, "").trimStart();
		const line = index + 1;
		if (written.trim() === "" || written.startsWith("#")) continue;
		const [, name, value] = VARIABLE.exec(written) ?? [];
		if (name !== undefined && value !== undefined) {
			variables = new Map([...variables, [unquoted(name), unquoted(value.trim())]]);
			continue;
		}
		const [, schedule, rest] = JOB.exec(written) ?? [];
		const wrong = schedule === undefined ? "no time and command" : faultOf(schedule);
		const [, user, shell] =
			format === "user" ? [undefined, undefined, rest] : (WITH_USER.exec(rest ?? "") ?? []);
		if (wrong !== undefined || schedule === undefined || shell === undefined) {
			const what = `"${written.slice(0, 60)}" has ${wrong ?? "no command behind the user"}`;
			problems.push({ line, what, remedy: "Mend the line; cron does not run it either." });
			continue;
		}
		const { command, stdin } = splitAtPercent(shell);
		lines.push({
			line,
			schedule: schedule.replaceAll(/\s+/g, " "),
			user,
			command,
			stdin,
			variables,
		});
	}
	return { lines, problems };
}

/** Whether a file's lines are those of a crontab, which has no other mark. */
export function looksLikeCrontab(text: string): boolean {
	const { lines, problems } = parseCrontab(text, "user");
	return lines.length > 0 && problems.length === 0;
}

function unquoted(text: string): string {
	return text.replace(/^(["'])(.*)\1$/, "$2");
}

/** "No equivalent" begins there: a % is the end of the command, and each further one the end of a line. */
function splitAtPercent(text: string): { command: string; stdin: string | undefined } {
	const [command = "", ...input] = text.split(/(?<!\\)%/);
	const plain = (part: string) => part.replaceAll("\\%", "%");
	return {
		command: plain(command).trim(),
		stdin: input.length === 0 ? undefined : input.map(plain).join("\n"),
	};
}

/** What is wrong with a time; undefined: nothing. */
function faultOf(schedule: string): string | undefined {
	if (schedule.startsWith("@")) {
		return NICKNAMES.includes(schedule.toLowerCase())
			? undefined
			: `the time ${schedule}; there are ${NICKNAMES.join(", ")}`;
	}
	for (const [index, text] of schedule.split(/\s+/).entries()) {
		const [name, least, most, names] = FIELDS[index] ?? ["field", 0, 0];
		if (!text.split(",").every((part) => isPart(part.toLowerCase(), least, most, names))) {
			return `"${text}" as ${name}`;
		}
	}
	return undefined;
}

/** `*`, a number or name, or a range of them, with a step. */
function isPart(text: string, least: number, most: number, names: string | undefined): boolean {
	const value = names === undefined ? "\\d+" : `\\d+|${names}`;
	const [, from, to, step] = new RegExp(`^(?:\\*|(${value})(?:-(${value}))?)(?:/(\\d+))?$`).exec(
		text,
	) ?? ["none", "none"];
	const isInside = (word = String(least)) =>
		/^\d+$/.test(word) ? Number(word) >= least && Number(word) <= most : names?.includes(word);
	return from !== "none" && isInside(from) === true && isInside(to) === true && step !== "0";
}
