// setuser USER[:GROUP] [--] COMMAND [ARG...]: becomes the command as another user, as Phusion's program of that name does.
import { executeCommand } from "../boot/execute_command.ts";
import { findGroup, findUser, groupsOf, parseId, type User } from "../boot/users.ts";
import { Variables } from "../boot/variables.ts";
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, openLog, printableText } from "../log/log.ts";

const STDOUT = 1;
/** Whatever keeps us from becoming the user. */
const EXIT_FAILED = 1;
const MOST_BYTES = 1_048_576;
const USAGE = `usage: setuser USER[:GROUP] [--] COMMAND [ARG...]

Becomes COMMAND as USER (a name or a number), with the user's groups, or with GROUP alone, and with HOME, USER, LOGNAME, UID
and SHELL of that user.

exit code: the command's own; 1 if USER or GROUP is unknown or not ours to become; 126 not executable; 127 not found
`;

/** Whom to become. */
interface Target {
	readonly user: User;
	readonly group: number;
	readonly groups: readonly number[];
}

export function setuser(kernel: Kernel, first: number): number {
	const log = openLog(kernel, "warning");
	const whom = kernel.argument(first);
	if (whom === "-h" || whom === "--help") {
		kernel.write(STDOUT, USAGE);
		return 0;
	}
	const command = kernel.argument(first + 1) === "--" ? first + 2 : first + 1;
	if (whom === undefined || command >= kernel.argumentCount())
		return failed(log, `a user and a command are needed; ${USAGE.slice(0, USAGE.indexOf("\n"))}`);
	const target = findTarget(kernel, whom);
	if (typeof target === "string") return failed(log, target);
	const { user, group, groups } = target;
	// Oneself can be become without any right.
	if (kernel.userId() !== user.id || kernel.groupId() !== group || kernel.userId() === 0) {
		const result = kernel.becomeUser(user.id, group, groups);
		if (result < 0)
			return failed(log, `cannot become ${printableText(whom)}: ${describeErrno(result)}`);
	}
	kernel.replaceEnvironment(environmentOf(kernel, user));
	return executeCommand(kernel, log, command);
}

/** What the words USER[:GROUP] mean, or why they mean nothing. */
function findTarget(kernel: Kernel, whom: string): Target | string {
	const colon = whom.indexOf(":");
	const userName = colon < 0 ? whom : whom.slice(0, colon);
	const groupName = colon < 0 ? undefined : whom.slice(colon + 1);
	const passwd = kernel.readRegularFile("/etc/passwd", MOST_BYTES);
	const known = typeof passwd === "string" ? findUser(passwd, userName) : undefined;
	const user = known ?? unknownUser(userName);
	if (user === undefined) {
		const why = typeof passwd === "number" ? `: /etc/passwd: ${describeErrno(passwd)}` : "";
		return `there is no user ${printableText(userName)}${why}`;
	}
	const groups = kernel.readRegularFile("/etc/group", MOST_BYTES);
	const text = typeof groups === "string" ? groups : "";
	if (groupName === undefined)
		return { user, group: user.group, groups: withFirst(user.group, groupsOf(text, user.name)) };
	const group = findGroup(text, groupName);
	if (group !== undefined) return { user, group, groups: [group] };
	const why = typeof groups === "number" ? `: /etc/group: ${describeErrno(groups)}` : "";
	return `there is no group ${printableText(groupName)}${why}`;
}

/** A number without an entry, as `docker run --user` has it: group 0, and no home. */
function unknownUser(nameOrId: string): User | undefined {
	const id = parseId(nameOrId);
	return id === undefined ? undefined : { name: nameOrId, id, group: 0, home: "/", shell: "" };
}

function withFirst(first: number, others: readonly number[]): number[] {
	return [first, ...others.filter((other) => other !== first)];
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
