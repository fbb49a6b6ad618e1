// Crontabs, wherever a cron looks for them, as services with a schedule.
import { posix } from "node:path";
import { type Imported, type ImportedService, type Loss, nothingImported } from "../model.ts";
import type { SourceTree } from "../source/tree.ts";
import { type CrontabFormat, type CrontabLine, parseCrontab } from "./parse.ts";

/** A table, and as whom the jobs of a user's own run. */
interface Table {
	file: string;
	format: CrontabFormat;
	/** undefined: the container's own. */
	owner?: string;
}

const SYSTEM_TABLE = "/etc/crontab";
const SYSTEM_FOLDER = "/etc/cron.d";
/** Of Debian, of Alpine, of Fedora: one file for each user. */
const USER_FOLDERS = ["/var/spool/cron/crontabs", "/etc/crontabs", "/var/spool/cron"];
const SCRIPT_FOLDERS = [
	"/etc/cron.hourly",
	"/etc/cron.daily",
	"/etc/cron.weekly",
	"/etc/cron.monthly",
];
const CRONS = [
	...["/usr/sbin/cron", "/usr/sbin/crond", "/sbin/crond", "/usr/bin/crond", "/usr/bin/busybox"],
	...["/bin/busybox", "/usr/local/bin/supercronic", "/usr/bin/supercronic"],
];
/** Debian keeps empty folders with it. */
const PLACEHOLDER = ".placeholder";
/** What run-parts(8), and so cron, reads of /etc/cron.d. */
const PLAIN_NAME = /^[\w-]+$/;
const SHELL = "/bin/sh";

/** All tables of the source, where it has a cron or is no whole system. */
export async function importCrontabs(tree: SourceTree): Promise<Imported> {
	const imported = nothingImported();
	const tables = await tablesOf(tree);
	const isRun = await hasCron(tree);
	if (!isRun) {
		const why = "nothing in the source runs it, since it has no cron";
		imported.notes.push(...tables.map(({ file }) => `${file}: ${why}`));
		return imported;
	}
	for (const table of tables) await importTable(tree, table, imported);
	for (const folder of SCRIPT_FOLDERS) {
		const scripts = (await tree.list(folder)).filter((name) => name !== PLACEHOLDER);
		const isCalled = imported.services.some(({ program }) =>
			program.kind === "command" ? JSON.stringify(program.words).includes(folder) : false,
		);
		if (isCalled) continue;
		const why = "stays as it is, and nothing runs it; a service with a schedule could";
		imported.notes.push(...scripts.map((name) => `${folder}/${name}: ${why}`));
	}
	return imported;
}

/** One table that somebody has named. */
export async function importCrontab(tree: SourceTree, file: string): Promise<Imported> {
	const imported = nothingImported();
	const isSystem = file === SYSTEM_TABLE || posix.dirname(file) === SYSTEM_FOLDER;
	await importTable(tree, { file, format: isSystem ? "system" : "user" }, imported);
	return imported;
}

async function tablesOf(tree: SourceTree): Promise<Table[]> {
	const system = (await tree.list(SYSTEM_FOLDER)).filter((name) => PLAIN_NAME.test(name));
	const users = await Promise.all(
		USER_FOLDERS.map(async (folder) =>
			(await tree.list(folder)).map(
				(owner): Table => ({ file: `${folder}/${owner}`, format: "user", owner }),
			),
		),
	);
	const tables: Table[] = [
		...[SYSTEM_TABLE, ...system.map((name) => `${SYSTEM_FOLDER}/${name}`)].map(
			(file): Table => ({ file, format: "system" }),
		),
		...users.flat().filter(({ owner }) => owner !== undefined && !owner.startsWith(".")),
	];
	const kinds = await Promise.all(tables.map(({ file }) => tree.kindOf(file)));
	return tables.filter((_, index) => kinds[index] === "file");
}

async function hasCron(tree: SourceTree): Promise<boolean> {
	const kinds = await Promise.all([SHELL, ...CRONS].map((file) => tree.kindOf(file)));
	return kinds[0] === undefined || kinds.slice(1).includes("file");
}

async function importTable(tree: SourceTree, table: Table, imported: Imported): Promise<void> {
	const { file, format } = table;
	const { lines, problems } = parseCrontab((await tree.readText(file)) ?? "", format);
	imported.problems.push(
		...problems.map(({ line, ...told }) => ({ place: { file, line }, ...told })),
	);
	for (const [index, job] of lines.entries()) {
		const number = lines.length === 1 ? "" : `-${index + 1}`;
		const base = posix.basename(file);
		const name = base.startsWith("cron") ? `${base}${number}` : `cron-${base}${number}`;
		imported.services.push(await serviceOf(tree, table, job, name));
	}
}

async function serviceOf(
	tree: SourceTree,
	{ file, owner }: Table,
	job: CrontabLine,
	name: string,
): Promise<ImportedService> {
	const { line, command, variables } = job;
	const user = job.user ?? owner;
	const home = variables.get("HOME") ?? (await homeOf(tree, user));
	const isAtBoot = job.schedule.toLowerCase() === "@reboot";
	return {
		name,
		origin: "cron",
		place: { file, line },
		stage: "service",
		program: { kind: "command", words: [[variables.get("SHELL") ?? SHELL], ["-c"], [command]] },
		companions: [],
		...(user !== undefined && user !== "root" && { user }),
		...(home?.startsWith("/") && { workingDirectory: [home] }),
		environment: [...variables]
			.filter(([variable]) => !LOST.has(variable))
			.map(([variable, value]) => ({ name: variable, value: [value] })),
		restart: { kind: "never" },
		enabled: true,
		...(!isAtBoot && { schedule: job.schedule }),
		stopSignal: "TERM",
		stopsGroup: false,
		dependencies: [],
		logs: { stdout: { kind: "container" }, stderr: { kind: "container" } },
		losses: lossesOf(file, job),
	};
}

const LOST: ReadonlyMap<string, string> = new Map([
	["MAILTO", "nothing is mailed: the output goes to the container's log"],
	["MAILFROM", "nothing is mailed: the output goes to the container's log"],
	["CRON_TZ", "the schedule is by the clock of the container's TZ"],
	["RANDOM_DELAY", "it starts on time"],
]);

function lossesOf(file: string, { line, stdin, variables }: CrontabLine): Loss[] {
	const place = { file, line };
	const losses = [...LOST].flatMap(([variable, why]): Loss[] => {
		const value = variables.get(variable);
		return value ? [{ place, what: `${variable}=${value}`, why }] : [];
	});
	if (stdin === undefined) return losses;
	const what = `%${stdin.split("\n", 1)[0]?.slice(0, 40) ?? ""}`;
	const why =
		"lines for the command's stdin: it is empty here; write them into a file, or use printf and a pipe";
	return [...losses, { place, what, why }];
}

/** As passwd(5) of the source has it. */
async function homeOf(tree: SourceTree, user: string | undefined): Promise<string | undefined> {
	if (user === undefined) return undefined;
	const entries = ((await tree.readText("/etc/passwd")) ?? "").split("\n");
	const entry = entries.map((line) => line.split(":")).find(([name]) => name === user);
	const home = entry?.[5];
	// Where it is not there, cron starts the job in the root.
	if (home !== undefined) return (await tree.kindOf(home)) === "folder" ? home : "/";
	return user === "root" ? "/root" : undefined;
}
