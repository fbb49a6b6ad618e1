// A simulated image with definitions of services, and what initctl says of it.
import type { Definition } from "../../../init/src/services/definition.ts";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { type Run, World } from "../../simulation/world.ts";

export const ETC = "/etc/my_init/services";
const PASSWD =
	"root:x:0:0:root:/root:/bin/bash\nwww:x:33:33::/var/www:\napp:x:1000:1000:App:/home/app:/bin/sh\n";
const GROUP = "root:x:0:\nwww:x:33:\napp:x:1000:\nlog:x:4:app,www\nssl:x:50:app\n";

/** Files by path; those of services by the name of the service alone. */
export type Files = Readonly<Record<string, string | SimulatedFile>>;

export function initctl(
	given: readonly string[],
	files: Files = {},
	environment: Record<string, string> = {},
): Run {
	const all: Record<string, SimulatedFile> = {
		...{ "/bin/sh": program([]), "/usr/bin/sleep": program([]), "/opt/tool": program([]) },
		...{ "/etc/passwd": plainFile(PASSWD), "/etc/group": plainFile(GROUP), "/srv": directory() },
		"/opt/plain": plainFile(),
	};
	for (const [name, file] of Object.entries(files)) {
		const path = name.startsWith("/") ? name : `${ETC}/${name}.toml`;
		all[path] = typeof file === "string" ? plainFile(bytesOf(file)) : file;
	}
	return new World({ name: "initctl", arguments: given, files: all, environment }).run();
}

/** Text as files have it. */
export function bytesOf(text: string): string {
	return Buffer.from(text).toString("latin1");
}

/** The definitions that are printed, by name. */
export function compile(files: Files, command: readonly string[] = []): Record<string, Definition> {
	const { stdout } = initctl(["compile", "--", ...command], files);
	const lines = stdout.split("\n").filter((line) => line !== "");
	const definitions = lines.map((line): Definition => JSON.parse(line));
	return Object.fromEntries(definitions.map((definition) => [definition.name, definition]));
}

/** The definition of a service whose file has these lines beside a command; it must be faultless. */
export function compiled(toml: string, files: Files = {}): Definition {
	const all = { web: `command = ["sleep"]\n${toml}`, ...files };
	const { web } = compile(all);
	if (web === undefined) throw new Error(initctl(["check"], all).stdout);
	return web;
}

/** What is wrong, line by line, without the folder. */
export function problems(files: Files): string[] {
	const { stdout } = initctl(["check"], files);
	return stdout
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("nothing is wrong"))
		.map((line) => line.replace(`${ETC}/`, ""));
}

/** What is wrong with a service whose file has these lines behind a command. */
export function problemsOf(toml: string, files: Files = {}): string[] {
	return problems({ web: `command = ["sleep"]\n${toml}`, ...files });
}
