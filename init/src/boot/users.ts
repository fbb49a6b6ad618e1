// Users and groups out of passwd(5) and group(5), read by ourselves: a static binary has no NSS, and musl and glibc differ.
import { wholeNumber } from "../kernel/signals.ts";

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

/** The user with the name, or with the number; undefined: there is none. Lines that are no entries are skipped. */
export function findUser(passwd: string, nameOrId: string): User | undefined {
	const id = parseId(nameOrId);
	let byId: User | undefined;
	let byName: User | undefined;
	eachEntry(passwd, USER_FIELDS, ([name = "", , uid = "", gid = "", , home = "", shell = ""]) => {
		const [number, group] = [parseId(uid), parseId(gid)];
		if (number === undefined || group === undefined) return;
		const user = { name, id: number, group, home, shell };
		if (name === nameOrId) byName ??= user;
		if (number === id) byId ??= user;
	});
	return byName ?? byId;
}

/** The number of the group with the name or the number; undefined: it is no number, and no group's name. */
export function findGroup(groups: string, nameOrId: string): number | undefined {
	let found: number | undefined;
	eachEntry(groups, GROUP_FIELDS, ([name, , gid = ""]) => {
		if (name === nameOrId) found ??= parseId(gid);
	});
	return found ?? parseId(nameOrId);
}

/** The groups that name the user as a member. */
export function groupsOf(groups: string, user: string): number[] {
	const found: number[] = [];
	eachEntry(groups, GROUP_FIELDS, ([, , gid = "", members = ""]) => {
		const id = parseId(gid);
		if (id !== undefined && members.split(",").includes(user) && !found.includes(id))
			found.push(id);
	});
	return found;
}

/** A number of a user or a group. */
export function parseId(text: string): number | undefined {
	const id = wholeNumber(text);
	return id !== undefined && id <= HIGHEST_ID ? id : undefined;
}

function eachEntry(text: string, fields: number, take: (entry: readonly string[]) => void): void {
	let start = 0;
	while (start < text.length) {
		const lineEnd = text.indexOf("\n", start);
		const end = lineEnd < 0 ? text.length : lineEnd;
		const line = text.slice(start, end);
		const entry = (line.endsWith("\r") ? line.slice(0, -1) : line).split(":");
		if (entry.length === fields && entry[0] !== "" && !line.includes("\0")) take(entry);
		start = end + 1;
	}
}
