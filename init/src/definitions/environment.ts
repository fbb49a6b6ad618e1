// environment and env_file: the variables of a service.
import type { User } from "../boot/users.ts";
import { LONGEST_ENTRY_BYTES, Variables } from "../boot/variables.ts";
import { describeErrno, EFBIG, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { readEnvFile } from "./env_file.ts";
import { type Fields, NUL, shown } from "./fields.ts";
import type { SERVICE_KEYS } from "./schema.ts";
import { quoted } from "./toml/read_toml.ts";
import { Table, type Value } from "./value.ts";

const MOST_FILE_BYTES = 262_144;
type ServiceFields = Fields<keyof typeof SERVICE_KEYS>;

/** In this order: what the user sets, the files, the table. */
export function readEnvironment(
	kernel: Kernel,
	fields: ServiceFields,
	user: User | undefined,
): Variables {
	const variables = Variables.of([]);
	if (user !== undefined) setUser(variables, user);
	for (const file of filesOf(fields)) readFile(kernel, fields, file, variables);
	const value = fields.entry("environment")?.value;
	if (value instanceof Table) {
		for (const { key, value: text } of value.entries) setOne(fields, variables, key, text);
	} else {
		for (const text of fields.strings("environment") ?? []) {
			const equals = text.indexOf("=");
			if (equals > 0) setOne(fields, variables, text.slice(0, equals), text.slice(equals + 1));
			else fields.bad("environment", `has ${quoted(text)} in its list; write "NAME=value"`);
		}
	}
	return variables;
}

/** As setuser sets them. */
function setUser(variables: Variables, { name, id, home, shell }: User): void {
	variables.set("HOME", home === "" ? "/" : home);
	variables.set("USER", name);
	variables.set("LOGNAME", name);
	variables.set("UID", String(id));
	variables.set("SHELL", shell === "" ? "/bin/sh" : shell);
}

function setOne(fields: ServiceFields, variables: Variables, name: string, value: Value): void {
	if (typeof value !== "string" && typeof value !== "number") {
		fields.bad(
			"environment",
			`has ${shown(value)} for ${quoted(name)}; write a string between quotes`,
		);
	} else if (name === "" || name.includes("=")) {
		fields.bad("environment", `has the name ${quoted(name)}; write one without =`);
	} else if (`${name}${value}`.includes("\0")) {
		fields.bad("environment", NUL);
	} else if (name.length + 1 + String(value).length > LONGEST_ENTRY_BYTES) {
		fields.bad(
			"environment",
			`has a value for ${quoted(name)} that is too long; at most ${LONGEST_ENTRY_BYTES} bytes can be given, with the name`,
		);
	} else {
		variables.set(name, String(value));
	}
}

function filesOf(fields: ServiceFields): readonly string[] {
	const value = fields.entry("env_file")?.value;
	if (value === undefined) return [];
	const files = typeof value === "string" ? [value] : fields.strings("env_file");
	const relative = files?.find((file) => !file.startsWith("/"));
	if (relative !== undefined) fields.unexpected("env_file", relative);
	return (files ?? []).filter((file) => file.startsWith("/"));
}

function readFile(kernel: Kernel, fields: ServiceFields, file: string, variables: Variables): void {
	if (file.includes("\0")) {
		fields.bad("env_file", NUL);
		return;
	}
	const text = kernel.readRegularFile(file, MOST_FILE_BYTES);
	if (typeof text === "string") {
		readEnvFile(file, text, fields.findings, (name, value) => variables.set(name, value));
		return;
	}
	const why =
		text === -EFBIG
			? `which has more than ${MOST_FILE_BYTES} bytes; make it shorter`
			: text === -ENOENT
				? "which is not there; make it, or correct the path"
				: `which cannot be read: ${describeErrno(text)}; name a file that can`;
	fields.bad("env_file", `names ${quoted(file)}, ${why}`);
}
