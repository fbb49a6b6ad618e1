import { describe, expect, test } from "vitest";
import { findCommand } from "../../../init/src/boot/find_command.ts";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { INIT_PATH, World } from "../../simulation/world.ts";

const app = program([]);

function find(name: string, files: Record<string, SimulatedFile>, PATH = "/a:/b") {
	return findCommand(new World({ files, environment: { PATH }, arguments: [name] }).kernel, 1);
}

const command = (path: string) => ({ path, firstArgument: 1, isOurselves: false });

function findIn(kernel: Kernel) {
	return findCommand(kernel, 1);
}

describe("findCommand()", () => {
	test("takes a name with a slash as it is", () => {
		expect(find("/opt/x", { "/opt/x": app })).toMatchObject(command("/opt/x"));
		expect(find("./x", { "./x": app, "/a/x": app })).toMatchObject(command("./x"));
	});

	test("searches PATH in its order", () => {
		expect(find("x", { "/b/x": app, "/a/x": app })).toMatchObject(command("/a/x"));
		expect(find("x", { "/b/x": app })).toMatchObject(command("/b/x"));
	});

	test("goes on past what cannot be executed", () => {
		const files = { "/a/x": plainFile(), "/b/x": app };
		expect(find("x", files)).toMatchObject(command("/b/x"));
		expect(find("x", { ...files, "/a/x": directory() })).toMatchObject({ path: "/b/x" });
	});

	test("takes an empty element of PATH for the working directory", () => {
		expect(find("x", { "./x": app }, "/a:")).toMatchObject(command("./x"));
		expect(find("x", { "./x": app }, "")).toMatchObject(command("./x"));
	});

	test("searches Docker's default where PATH is not set", () => {
		const { kernel } = new World({ files: { "/usr/local/bin/x": app }, arguments: ["x"] });
		const bare = overridden(kernel, { environment: () => undefined });
		expect(findIn(bare)).toMatchObject(command("/usr/local/bin/x"));
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
		expect(find(name, files)).toMatchObject({ exitCode, text });
	});

	test("says of a path through a file why it leads nowhere", () => {
		const kernel = overridden(new World({ arguments: ["/etc/passwd/x"] }).kernel, {
			checkExecutable: () => -20,
		});
		expect(findIn(kernel)).toMatchObject({ exitCode: 127 });
	});

	test("knows our own file under each of its names", () => {
		const self = program([]);
		const files = { [INIT_PATH]: self, "/sbin/tini": self, "/sbin/other": app };
		expect(find("/sbin/tini", files)).toMatchObject({ isOurselves: true });
		expect(find(INIT_PATH, files)).toMatchObject({ isOurselves: true });
		expect(find("tini", files, "/sbin")).toMatchObject({ isOurselves: true });
		expect(find("/sbin/other", files)).toMatchObject({ isOurselves: false });
	});
});
