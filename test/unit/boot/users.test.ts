import { describe, expect, test } from "vitest";
import { whyUnreadable } from "../../../init/src/boot/user_files.ts";
import {
	findGroup,
	findUser,
	groupsOf,
	MOST_GROUPS,
	parseId,
	type User,
} from "../../../init/src/boot/users.ts";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { EACCES, EFBIG, EINVAL, EIO, ENXIO } from "../../simulation/errno.ts";
import { directory, oldSocket, plainFile, type SimulatedFile } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

const PASSWD = [
	"root:x:0:0:root:/root:/bin/bash",
	"# no entry",
	"short:x:1:1",
	"",
	"nan:x:one:1::/:/bin/sh",
	"big:x:4294967295:1::/:/bin/sh",
	"nul\0:x:5:5::/:/bin/sh",
	":x:6:6::/:/bin/sh",
	"app:x:1000:1000:The app:/home/app:/bin/sh\r",
	"app:x:1001:1001::/second:/bin/sh",
	"1002:x:7:7::/number:",
	"zeros:x:0042:42::/:/bin/sh",
	"last:x:4294967294:0::/:",
].join("\n");

const GROUPS = [
	"root:x:0:",
	"bad",
	"wheel:x:10:root,app",
	"web:x:33:app\r",
	"wheel:x:10:app",
	"nan:x:x:app",
	"own:x:1000:app",
	"33:x:44:",
].join("\n");

function kernelWith(passwd: SimulatedFile, group = plainFile(GROUPS)): Kernel {
	return new World({ files: { "/etc/passwd": passwd, "/etc/group": group } }).kernel;
}

const kernel = kernelWith(plainFile(PASSWD));
const userCalled = (name: string): User => ({ name, id: 1000, group: 1000, home: "/", shell: "" });
const ofGroups = (text: string): Kernel => kernelWith(plainFile(""), plainFile(text));

describe("findUser()", () => {
	test("finds by name, then by number; the first entry holds, bad lines are skipped", () => {
		expect(findUser(kernel, "app")).toEqual({
			...{ name: "app", id: 1000, group: 1000, home: "/home/app", shell: "/bin/sh" },
		});
		expect(findUser(kernel, "1000")).toMatchObject({ name: "app" });
		expect(findUser(kernel, "01000")).toMatchObject({ name: "app" });
		expect(findUser(kernel, "42")).toMatchObject({ name: "zeros" });
		expect(findUser(kernel, "1002")).toMatchObject({ id: 7 });
		expect(findUser(kernel, "last")).toMatchObject({ id: 4_294_967_294 });
		const unknown = ["short", "nan", "big", "nul", "", "1", "5", "missing", "-1", "ap", "\n", ":"];
		for (const name of [...unknown, "\napp", "app:x", "root:x:0:0:root:/root:/bin/bash\n"]) {
			expect(findUser(kernel, name)).toBeUndefined();
		}
		expect(findUser(kernelWith(plainFile("")), "root")).toBeUndefined();
		expect(findUser(new World().kernel, "root")).toBeUndefined();
	});

	test("finds an entry wherever the parts are cut that the file is read in", () => {
		const entry = "app:x:1000:1000::/:/bin/sh";
		for (let cut = 0; cut <= entry.length + 1; cut++) {
			const before = `${"#".repeat(65_536 - cut - 1)}\n`;
			for (const after of ["", "\n", "\nlater:x:1:1::/:"]) {
				const found = findUser(kernelWith(plainFile(before + entry + after)), "app");
				expect(found).toMatchObject({ id: 1000 });
			}
		}
	});

	test.each([
		["a directory", directory(), -EINVAL],
		["a socket", oldSocket(), -ENXIO],
		["more than 8 MiB", plainFile(`${PASSWD}\n${":\n".repeat(4_194_304)}`), -EFBIG],
		["a line of more than 1 MiB", plainFile(`${PASSWD}\n${":".repeat(1_200_000)}`), -EFBIG],
	])("does not read %s", (_what, passwd, result) => {
		expect(findUser(kernelWith(passwd), "app")).toBe(result);
	});

	test("reads 8 MiB, and closes what it reads", () => {
		const text = `${":\n".repeat(4_194_304 - PASSWD.length)}${PASSWD}`;
		const closed: number[] = [];
		const large = kernelWith(plainFile(text));
		const watched = overridden(large, { close: (descriptor) => closed.push(descriptor) });
		expect(findUser(watched, "last")).toMatchObject({ group: 0 });
		expect(closed).toEqual([3]);
	});

	test("hands on what keeps it from opening or reading", () => {
		const closed: number[] = [];
		const close = (descriptor: number) => closed.push(descriptor);
		expect(findUser(overridden(kernel, { close, read: () => -EIO }), "app")).toBe(-EIO);
		expect(closed).toHaveLength(1);
		const closedDoor = overridden(kernel, { openRegularFile: () => -EACCES });
		expect(findUser(closedDoor, "app")).toBe(-EACCES);
	});
});

describe("groups", () => {
	test("are found by name, then by number", () => {
		expect(findGroup(kernel, "wheel")).toBe(10);
		expect(findGroup(kernel, "33")).toBe(44);
		expect(findGroup(kernel, "55")).toBe(55);
		for (const name of ["bad", "nan", "", "whee", "-1"]) {
			expect(findGroup(kernel, name)).toBeUndefined();
		}
	});

	test("that cannot be read leave numbers", () => {
		const without = kernelWith(plainFile(PASSWD), directory());
		expect(findGroup(without, "55")).toBe(55);
		expect(findGroup(without, "wheel")).toBe(-EINVAL);
		expect(groupsOf(without, userCalled("app"))).toBe(-EINVAL);
	});

	test("of a user are its own and those that list it, once each", () => {
		expect(groupsOf(kernel, userCalled("app"))).toEqual([1000, 10, 33]);
		expect(groupsOf(kernel, userCalled("ap"))).toEqual([1000]);
		expect(groupsOf(ofGroups("a:x:5:a,b\nb:x:6:x,a,b\n"), userCalled("a,b"))).toEqual([1000]);
		expect(groupsOf(ofGroups("b:x:4294967294:app\n"), userCalled("app"))).toEqual([
			...[1000, 4_294_967_294],
		]);
	});

	test("are as many as a process may have, and one more where there are too many", () => {
		const lines = Array.from({ length: MOST_GROUPS + 9 }, (_, i) => `g:x:${i + 2000}:app\n`);
		const most = lines.slice(0, MOST_GROUPS - 1);
		const twice = ofGroups([...most, ...most].join(""));
		expect(groupsOf(twice, userCalled("app"))).toHaveLength(MOST_GROUPS);
		expect(groupsOf(ofGroups(lines.join("")), userCalled("app"))).toHaveLength(MOST_GROUPS + 1);
	});
});

test.each([
	[-EINVAL, "/etc/passwd is no regular file"],
	[-ENXIO, "/etc/passwd is no regular file"],
	[-EFBIG, "/etc/passwd has more than 8 MiB, or a line of more than 1 MiB"],
	[-EACCES, "/etc/passwd: permission denied (EACCES)"],
])("%d: %s", (result, text) => {
	expect(whyUnreadable("/etc/passwd", result)).toBe(text);
});

test.each(["", "-1", "1.5", "0x1", "4294967295", " 1", "1e3"])(
	"%j is no number of a user",
	(text) => {
		expect(parseId(text)).toBeUndefined();
	},
);
