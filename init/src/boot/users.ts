// Users and groups out of passwd(5) and group(5), read by ourselves: a static binary has no NSS, and musl and glibc differ.
import type { Kernel, Result } from "../kernel/kernel.ts";
import { wholeNumber } from "../kernel/signals.ts";
import { eachEntry } from "./user_files.ts";

export const PASSWD = "/etc/passwd";
export const GROUP = "/etc/group";
/** What setgroups(2) takes: NGROUPS_MAX of limits.h, since Linux 2.6.4. */
export const MOST_GROUPS = 65_536;

export interface User {
	readonly name: string;
	readonly id: number;
	readonly group: number;
	readonly home: string;
	readonly shell: string;
}

/** The highest number that is one: −1 stands for "leave it as it is" in setuid(2) and chown(2). */
const HIGHEST_ID = 4_294_967_294;
const USER_FIELDS = 7;
const GROUP_FIELDS = 4;
const MOST_NAMES = 1_000;

/** The user with the name, or with the number; undefined: there is none; −errno where passwd cannot be read. */
export function findUser(kernel: Kernel, nameOrId: string): User | Result | undefined {
	const id = parseId(nameOrId);
	let byId: User | undefined;
	let byName: User | undefined;
	const needle = id === undefined ? nameOrId : String(id);
	const result = eachEntry(kernel, PASSWD, USER_FIELDS, needle, (entry) => {
		const [name = "", , uid = "", gid = "", , home = "", shell = ""] = entry;
		const [number, group] = [parseId(uid), parseId(gid)];
		if (number === undefined || group === undefined) return;
		const user = { name, id: number, group, home, shell };
		if (name === nameOrId) byName ??= user;
		if (number === id) byId ??= user;
	});
	return result < 0 ? result : (byName ?? byId);
}

/** The names in passwd or group, for a message: no more than a person would have made. */
export function namesIn(kernel: Kernel, path: string): string[] {
	const names: string[] = [];
	eachEntry(kernel, path, path === PASSWD ? USER_FIELDS : GROUP_FIELDS, ":", ([name = ""]) => {
		if (names.length < MOST_NAMES) names.push(name);
	});
	return names;
}

/**
 * The number of the group with the name or the number; undefined: it is no number, and no group's name; −errno where it is no
 * number and the file cannot be read.
 */
export function findGroup(kernel: Kernel, nameOrId: string): Result | undefined {
	let found: number | undefined;
	const result = eachEntry(kernel, GROUP, GROUP_FIELDS, nameOrId, ([name, , gid = ""]) => {
		if (name === nameOrId) found ??= parseId(gid);
	});
	return (result < 0 ? undefined : found) ?? parseId(nameOrId) ?? (result < 0 ? result : undefined);
}

/**
 * The user's own group and those that name the user as a member, once each; one more than MOST_GROUPS where there are too many;
 * −errno where the file cannot be read.
 */
export function groupsOf(kernel: Kernel, { name, group }: User): number[] | Result {
	const found = [group];
	// Asked for each line: a search through what was found would take ten seconds for 40,000 groups. By ":NUMBER", since QuickJS
	// looks numbers up by their lowest bits, which may be the same for all.
	const isFound: Record<string, boolean> = { [`:${group}`]: true };
	const result = eachEntry(kernel, GROUP, GROUP_FIELDS, name, (entry) => {
		const id = parseId(entry[2] ?? "");
		if (id === undefined || found.length > MOST_GROUPS) return;
		if (isFound[`:${id}`] || !isMember(entry[3] ?? "", name)) return;
		isFound[`:${id}`] = true;
		found.push(id);
	});
	return result < 0 ? result : found;
}

/** Not by split(): the list of a large group would become as many strings. */
function isMember(members: string, user: string): boolean {
	return !user.includes(",") && `,${members},`.includes(`,${user},`);
}

/** A number of a user or a group. */
export function parseId(text: string): number | undefined {
	const id = wholeNumber(text);
	return id !== undefined && id <= HIGHEST_ID ? id : undefined;
}
