import { describe, expect, test } from "vitest";
import { findGroup, findUser, groupsOf, parseId } from "../../../init/src/boot/users.ts";

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
	"last:x:4294967294:0::/:",
].join("\n");

const GROUPS = [
	"root:x:0:",
	"bad",
	"wheel:x:10:root,app",
	"web:x:33:app\r",
	"wheel:x:10:app",
	"nan:x:x:app",
	"33:x:44:",
].join("\n");

describe("findUser()", () => {
	test("finds by name, then by number; the first entry holds, bad lines are skipped", () => {
		expect(findUser(PASSWD, "app")).toEqual({
			...{ name: "app", id: 1000, group: 1000, home: "/home/app", shell: "/bin/sh" },
		});
		expect(findUser(PASSWD, "1000")?.name).toBe("app");
		expect(findUser(PASSWD, "1002")?.id).toBe(7);
		expect(findUser(PASSWD, "last")?.id).toBe(4_294_967_294);
		for (const name of ["short", "nan", "big", "nul", "", "1", "5", "missing", "-1"]) {
			expect(findUser(PASSWD, name)).toBeUndefined();
		}
		expect(findUser("", "root")).toBeUndefined();
	});
});

describe("groups", () => {
	test("are found by name, then by number", () => {
		expect(findGroup(GROUPS, "wheel")).toBe(10);
		expect(findGroup(GROUPS, "33")).toBe(44);
		expect(findGroup(GROUPS, "55")).toBe(55);
		expect(findGroup(GROUPS, "bad")).toBeUndefined();
		expect(findGroup(GROUPS, "nan")).toBeUndefined();
	});

	test("of a user are those that list him, once each", () => {
		expect(groupsOf(GROUPS, "app")).toEqual([10, 33]);
		expect(groupsOf(GROUPS, "ap")).toEqual([]);
		expect(groupsOf(GROUPS, "")).toEqual([0, 44]);
	});
});

test.each(["", "-1", "1.5", "0x1", "4294967295", " 1", "1e3"])(
	"%j is no number of a user",
	(text) => {
		expect(parseId(text)).toBeUndefined();
	},
);
