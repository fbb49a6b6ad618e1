import { describe, expect, test } from "vitest";
import { findCommand, isOurselves } from "../../../init/src/boot/find_command.ts";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { INIT_PATH, World } from "../../simulation/world.ts";

const app = program([]);

function find(name: string, files: Record<string, SimulatedFile>, PATH = "/a:/b") {
	return findCommand(new World({ files, environment: { PATH } }).kernel, name);
}

describe("findCommand()", () => {
	test("takes a name with a slash as it is", () => {
		expect(find("/opt/x", { "/opt/x": app })).toEqual({ kind: "found", path: "/opt/x" });
		expect(find("./x", { "./x": app, "/a/x": app })).toEqual({ kind: "found", path: "./x" });
	});

	test("searches PATH in its order", () => {
		expect(find("x", { "/b/x": app, "/a/x": app })).toEqual({ kind: "found", path: "/a/x" });
		expect(find("x", { "/b/x": app })).toEqual({ kind: "found", path: "/b/x" });
	});

	test("goes on past what cannot be executed", () => {
		const files = { "/a/x": plainFile(), "/b/x": app };
		expect(find("x", files)).toEqual({ kind: "found", path: "/b/x" });
		expect(find("x", { ...files, "/a/x": directory() })).toMatchObject({ path: "/b/x" });
	});

	test("takes an empty element of PATH for the working directory", () => {
		expect(find("x", { "./x": app }, "/a:")).toEqual({ kind: "found", path: "./x" });
		expect(find("x", { "./x": app }, "")).toEqual({ kind: "found", path: "./x" });
	});

	test("searches Docker's default where PATH is not set", () => {
		const { kernel } = new World({ files: { "/usr/local/bin/x": app } });
		const bare = overridden(kernel, { environment: () => undefined });
		expect(findCommand(bare, "x")).toEqual({ kind: "found", path: "/usr/local/bin/x" });
	});

	test.each([
		["x", {}, 127, 'cannot start "x": not found in PATH'],
		["/x", {}, 127, 'cannot start "/x": no such file (ENOENT)'],
		["", { "/a/": directory() }, 127, 'cannot start "": not found in PATH'],
		["x", { "/a/x": plainFile() }, 126, 'cannot start "x": permission denied (EACCES)'],
		["/x", { "/x": plainFile() }, 126, 'cannot start "/x": permission denied (EACCES)'],
		["x", { "/b/x": directory() }, 126, 'cannot start "x": it is a directory (EISDIR)'],
		["/x", { "/x": directory() }, 126, 'cannot start "/x": it is a directory (EISDIR)'],
		["a\nb", {}, 127, 'cannot start "a\\x0ab": not found in PATH'],
	])("does not find %o in %o: exit code %i", (name, files, exitCode, text) => {
		expect(find(name, files)).toEqual({ kind: "missing", exitCode, text });
	});

	test("says of a path through a file why it leads nowhere", () => {
		const kernel = overridden(new World().kernel, { checkExecutable: () => -20 });
		expect(findCommand(kernel, "/etc/passwd/x")).toMatchObject({ exitCode: 127 });
	});
});

describe("isOurselves()", () => {
	const files = { "/bin/link": program([]), "/bin/other": program([]) };
	const self = program([]);

	test("knows our own file under each of its names", () => {
		const { kernel } = new World({ files: { [INIT_PATH]: self, "/sbin/tini": self, ...files } });
		expect(isOurselves(kernel, "/sbin/tini")).toBe(true);
		expect(isOurselves(kernel, INIT_PATH)).toBe(true);
		expect(isOurselves(kernel, "/bin/other")).toBe(false);
	});

	test("knows it by the path that it was started by where there is no /proc", () => {
		const { kernel } = new World({
			conditions: { proc: "none" },
			files: { [INIT_PATH]: self, "/sbin/tini": self, ...files },
		});
		expect(isOurselves(kernel, "/sbin/tini")).toBe(true);
		expect(isOurselves(kernel, "/bin/other")).toBe(false);
	});

	test("knows it by /proc where the path that it was started by is not known", () => {
		const { kernel } = new World({ files: { [INIT_PATH]: self, "/sbin/tini": self, ...files } });
		const unknown = overridden(kernel, { programPath: () => undefined });
		expect(isOurselves(unknown, "/sbin/tini")).toBe(true);
		expect(isOurselves(unknown, "/bin/other")).toBe(false);
	});

	test("takes nothing for itself where it knows nothing of itself", () => {
		const { kernel } = new World({ conditions: { proc: "none" }, files });
		const unknown = overridden(kernel, { programPath: () => undefined });
		expect(isOurselves(unknown, "/bin/other")).toBe(false);
	});
});
