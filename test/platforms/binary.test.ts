// The file of each platform: for whom it is, how large, and that the heap is frozen in it.
import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { runInit } from "../process/support/namespace.ts";
import { expectedHeader, readExecutable, SEGMENT } from "./support/elf.ts";
import { describePlatforms } from "./support/platforms.ts";

/** As the Makefile has them. */
const LARGEST_BYTES = 700 * 1024;
const LARGER_BYTES = 800 * 1024;
/** Whose instructions take more room. */
const LARGER: readonly string[] = ["linux/ppc64le", "linux/s390x"];
/** As much as one page of a page table covers, where pages have 4 KB. */
const STRETCH_BYTES = 2 << 20;

describePlatforms("the file", (binary, platform) => {
	const { segments, ...header } = readExecutable(readFileSync(binary.path));

	test("is for this platform, and not too large", () => {
		expect(header).toEqual(expectedHeader(platform));
		const limit = LARGER.includes(platform.platform) ? LARGER_BYTES : LARGEST_BYTES;
		expect(statSync(binary.path).size).toBeLessThanOrEqual(limit);
	});

	test("is static; code, variables and zeros lie near each other, and nothing is writable and executable", () => {
		const { nothing, load, stack } = SEGMENT;
		expect(segments.map(({ type }) => type)).toEqual([load, load, load, load, nothing, stack]);
		expect(segments.map(({ access }) => access).slice(0, 4)).toEqual(["r-x", "r-x", "rw-", "rw-"]);
		const [constant, , , growth] = segments;
		if (constant === undefined || growth === undefined) throw new Error("too few segments");
		expect(growth.address - constant.address).toBeLessThan(STRETCH_BYTES);
		expect([growth.fileBytes, growth.memoryBytes]).toEqual([0, 16 << 20]);
	});

	test("starts with its heap there: it has no script to make one, and does not know the first stage's options", async () => {
		expect(readFileSync(binary.path).includes("globalThis.main")).toBe(false);
		const { code, stderr } = await runInit(binary, ["--train", "/dev/null", "true"]);
		expect(code).toBe(2);
		expect(stderr).toContain("--train");
	});
});
