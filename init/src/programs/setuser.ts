// setuser USER[:GROUP] [--] COMMAND [ARG...]: becomes the command as another user, as Phusion's program of that name does.
import { executeCommand } from "../boot/execute_command.ts";
import { whyUnreadable } from "../boot/user_files.ts";
import {
	findGroup,
	findUser,
	GROUP,
	groupsOf,
	MOST_GROUPS,
	PASSWD,
	parseId,
	type User,
} from "../boot/users.ts";
import { Variables } from "../boot/variables.ts";
import { describeErrno, EINVAL, EPERM } from "../kernel/errno.ts";
import type { Kernel, Result } from "../kernel/kernel.ts";
import { type Log, openLog, printableText } from "../log/log.ts";

const STDOUT = 1;
/** Whatever keeps us from becoming the user. */
const EXIT_FAILED = 1;
const USAGE = `usage: setuser USER[:GROUP] [--] COMMAND [ARG...]

Becomes COMMAND as USER (a name or a number), with the user's groups, or with GROUP alone, and with HOME, USER, LOGNAME, UID
and SHELL of that user. Who may not become others becomes itself, and keeps the groups that it has.

exit code: the command's own; 1 if USER or GROUP is unknown or not ours to become; 126 not executable; 127 not found;
111 the system lacks memory or processes
`;

/** Whom to become. */
export interface Target {
	readonly user: User;
	/** The first is the group proper. */
	readonly groups: readonly number[];
}

export function setuser(kernel: Kernel, first: number): number {
	const log = openLog(kernel, "warning");
	const whom = kernel.argument(first);
	if (whom === "-h" || whom === "--help") {
		kernel.write(STDOUT, USAGE);
		return 0;
	}
	const command = commandOfSetuser(kernel, first);
	if (whom === undefined || command === 0)
		return failed(log, `a user and a command are needed; ${USAGE.slice(0, USAGE.indexOf("\n"))}`);
	const colon = whom.indexOf(":");
	const userName = colon < 0 ? whom : whom.slice(0, colon);
	const groupName = colon < 0 ? undefined : whom.slice(colon + 1);
	const target = findTarget(kernel, userName, groupName);
	if (typeof target === "string") return failed(log, target);
	const { user, groups } = target;
	const [group = user.group] = groups;
	const result = kernel.becomeUser(user.id, group, groups);
	// Oneself can be become without any right.
	const isOurselves =
		kernel.userId() === user.id && (groupName === undefined || kernel.groupId() === group);
	if (result < 0 && !(result === -EPERM && isOurselves)) {
		const ids = `(uid ${user.id}, gid ${group})`;
		return failed(log, `cannot become ${quoted(whom)} ${ids}: ${whyNot(kernel, result)}`);
	}
	kernel.replaceEnvironment(environmentOf(kernel, user));
	return executeCommand(kernel, log, command);
}

/** The argument that the command begins with; 0: there is none. */
export function commandOfSetuser(kernel: Kernel, first: number): number {
	const command = kernel.argument(first + 1) === "--" ? first + 2 : first + 1;
	return command < kernel.argumentCount() ? command : 0;
}

/** What to do about a name that the file lacks. */
export type Advice = (path: string, name: string) => string;
export const ADD_IT = "add it there, or give a number";

/** Whom the words USER[:GROUP] mean, or why they mean nobody, and what to do. */
export function findTarget(
	kernel: Kernel,
	userName: string,
	groupName: string | undefined,
	advice: Advice = () => ADD_IT,
): Target | string {
	const found = findUser(kernel, userName);
	const isKnown = typeof found === "object";
	const user = isKnown ? found : unknownUser(userName);
	// A number alone would get the group 0: it may be another one in what cannot be read. Two numbers mean themselves.
	const needsEntry = user === undefined || parseId(groupName ?? "") === undefined;
	if (typeof found === "number" && needsEntry) return unreadable("user", userName, PASSWD, found);
	if (user === undefined) return unknown("user", userName, PASSWD, advice);
	if (groupName !== undefined) {
		const group = findGroup(kernel, groupName);
		if (group === undefined) return unknown("group", groupName, GROUP, advice);
		return group < 0 ? unreadable("group", groupName, GROUP, group) : { user, groups: [group] };
	}
	// Whose name nobody knows is no group's member.
	if (!isKnown) return { user, groups: [user.group] };
	const groups = groupsOf(kernel, user);
	if (typeof groups === "number") return unreadable("groups of", userName, GROUP, groups);
	return groups.length > MOST_GROUPS
		? `cannot become ${quoted(userName)}: ${GROUP} has it in more groups than the ${MOST_GROUPS} that Linux lets a process have; choose one: USER:GROUP`
		: { user, groups };
}

/** A number without an entry, as `docker run --user` has it: group 0, and no home. */
function unknownUser(number: string): User | undefined {
	const id = parseId(number);
	return id === undefined ? undefined : { name: String(id), id, group: 0, home: "/", shell: "" };
}

function unknown(kind: string, name: string, path: string, advice: Advice): string {
	return `there is no ${kind} ${quoted(name)} in ${path}; ${advice(path, name)}`;
}

function unreadable(kind: string, name: string, path: string, result: Result): string {
	return `cannot look up ${kind} ${quoted(name)}: ${whyUnreadable(path, result)}; mend it, or give two numbers: UID:GID`;
}

function whyNot(kernel: Kernel, result: Result): string {
	if (result === -EPERM)
		return `not permitted (EPERM) to uid ${kernel.userId()}, gid ${kernel.groupId()}; it takes root with CAP_SETUID and CAP_SETGID`;
	if (result === -EINVAL)
		return "this user namespace lacks one of its numbers (EINVAL); /proc/self/uid_map and gid_map have those that it has";
	return describeErrno(result);
}

function quoted(name: string): string {
	return `"${printableText(name)}"`;
}

function environmentOf(kernel: Kernel, { name, id, home, shell }: User): string[] {
	const variables = Variables.of(kernel.environmentEntries());
	variables.set("HOME", home === "" ? "/" : home);
	variables.set("USER", name);
	variables.set("LOGNAME", name);
	variables.set("UID", String(id));
	variables.set("SHELL", shell === "" ? "/bin/sh" : shell);
	return variables.entries();
}

function failed(log: Log, text: string): number {
	log.say("error", text);
	return EXIT_FAILED;
}
