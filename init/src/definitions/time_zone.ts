// TZ, as musl's localtime_r(3) reads it: a name whose file is not there silently means UTC.
import { quoted } from "./toml/read_toml.ts";

const FOLDERS = ["/usr/share/zoneinfo", "/share/zoneinfo", "/etc/zoneinfo"];
/** How the file of a time zone begins: tzfile(5). */
const MAGIC = "TZif";
/** What these mean is what comes of it without a file. */
const UTC = ["UTC", "GMT"];

/**
 * Why a clock that is to go by this TZ goes by UTC, and what to do; empty: it goes by TZ.
 * @param readFile the first bytes of a file, or −errno
 */
export function timeZoneProblem(
	zone: string | undefined,
	readFile: (path: string, bytes: number) => string | number,
): string {
	if (zone === undefined || zone === "" || isPosixForm(zone)) return "";
	const name = zone.startsWith(":") ? zone.slice(1) : zone;
	if (UTC.includes(name.slice(name.lastIndexOf("/") + 1))) return "";
	const isPath = name.startsWith("/") || name.startsWith(".");
	const paths = isPath ? [name] : FOLDERS.map((folder) => `${folder}/${name}`);
	const isSearched = isPath || !name.includes(".");
	if (isSearched && paths.some((path) => readFile(path, MAGIC.length) === MAGIC)) return "";
	return `${quoted(zone)} is no time zone in ${FOLDERS[0]}: schedules go by UTC; install tzdata, or correct it`;
}

/** "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3": a name, and how far UTC is away. */
function isPosixForm(zone: string): boolean {
	let end = 0;
	if (zone.startsWith("<")) end = zone.indexOf(">") + 1;
	else while (isLetter(zone.charAt(end))) end++;
	const next = zone.charAt(end);
	return end > 0 && next !== "" && "+-0123456789".includes(next);
}

function isLetter(unit: string): boolean {
	const lower = unit.toLowerCase();
	return lower >= "a" && lower <= "z";
}
