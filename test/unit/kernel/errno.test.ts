import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import * as errno from "../../../init/src/kernel/errno.ts";

const known: [name: string, number: number][] = Object.entries(errno).flatMap(([name, value]) =>
	typeof value === "number" ? [[name, value]] : [],
);

describe("errno", () => {
	test.runIf(process.platform === "linux").each(known)(
		"%s is the system's own number",
		(name, number) => {
			expect(Object.entries(constants.errno)).toContainEqual([name, number]);
		},
	);
});

describe("describeErrno()", () => {
	test("says in words what it knows, with the name", () => {
		expect(errno.describeErrno(-errno.EPERM)).toBe("not permitted (EPERM)");
		expect(errno.describeErrno(-errno.ENOSYS)).toContain("(ENOSYS)");
	});

	test("gives the number of all others", () => {
		expect(errno.describeErrno(-199)).toBe("errno 199");
	});
});
