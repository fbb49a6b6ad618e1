// The end of npm run test:mutants: writes the last run's figures and survivors into docs/mutants.md, keeps the
// reasons that stand there, and fails when a survivor has none.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./root.ts";

const REPORT = "reports/mutation/mutation.json";
const PAGE = "docs/mutants.md";
/** What stands before it is written by hand. */
const BORDER =
	"<!-- From here on written by npm run test:mutants; only the last column is yours. -->";
const NO_REASON = "**?**";

/** As much of Stryker's report as is needed. */
interface Report {
	readonly files: Readonly<Record<string, MutatedFile>>;
}
interface MutatedFile {
	readonly source: string;
	readonly mutants: readonly Mutant[];
}
interface Mutant {
	readonly status: string;
	readonly replacement: string;
	readonly location: { readonly start: Position; readonly end: Position };
}
/** Both count from 1. */
interface Position {
	readonly line: number;
	readonly column: number;
}

/** The cells of a survivor's row but the last, without line numbers, which every change would move. */
function mutation(path: string, source: string, { location, replacement }: Mutant): string {
	const original = source.slice(offset(source, location.start), offset(source, location.end));
	return `| ${path.replace("init/src/pid1/", "")} | ${code(original)} → ${code(replacement)} |`;
}

function offset(source: string, { line, column }: Position): number {
	const before = source.split("\n").slice(0, line - 1);
	return before.reduce((sum, { length }) => sum + length + 1, column - 1);
}

function code(text: string): string {
	const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
	return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}

/** The reasons in the page's table, by the rest of their rows. */
function reasonsIn(page: string): Map<string, string> {
	const rows = page.matchAll(/^(\| .* \|) (.*) \|$/gm);
	return new Map([...rows].map(([, rest = "", reason = ""]) => [rest, reason]));
}

const report: Report = JSON.parse(await readFile(join(root, REPORT), "utf8"));
const page = await readFile(join(root, PAGE), "utf8");
const [byHand = ""] = page.split(BORDER);
const reasons = reasonsIn(page);

const all = Object.entries(report.files).flatMap(([path, { source, mutants }]) =>
	mutants.map((mutant) => ({ ...mutant, row: mutation(path, source, mutant) })),
);
const killed = all.filter(({ status }) => ["Killed", "Timeout"].includes(status)).length;
const survivors = all.filter(({ status }) => ["Survived", "NoCoverage"].includes(status));
const percent = ((killed / (killed + survivors.length)) * 100).toFixed(1);
const rows = survivors.map(({ row }) => row).sort();

await writeFile(
	join(root, PAGE),
	[
		`${byHand}${BORDER}\n`,
		`${killed + survivors.length} mutants, ${killed} killed (${percent} %), ${survivors.length} survived:\n`,
		"| file | mutation | why it survives |\n| --- | --- | --- |",
		...rows.map((row) => `${row} ${reasons.get(row) ?? NO_REASON} |`),
		"",
	].join("\n"),
);
const open = rows.filter((row) => (reasons.get(row) ?? NO_REASON) === NO_REASON);
for (const row of open)
	console.error(`mutants: kill it by a test, or say in ${PAGE} why not: ${row}`);
process.exitCode = open.length === 0 ? 0 : 1;
