// The policy of tags: docs/tags.md tells users the same.
import { describe, expect, test } from "vitest";
import { imageNames } from "../../../scripts/bases/distributions.ts";
import { datedTag, isDatedTag, serialOf, tagsOf } from "../../../scripts/release/tags.ts";

const RELEASE = { version: "1.4.2", date: "20261123", serial: 1 };

describe("tagsOf()", () => {
	test("gives ubuntu the bare versions and latest", () => {
		expect(tagsOf("ubuntu", RELEASE)).toEqual({
			dated: "ubuntu-20261123",
			moving: [
				...["ubuntu", "ubuntu-24.04", "ubuntu-noble"],
				...["1", "1-ubuntu", "1.4", "1.4-ubuntu", "1.4.2", "1.4.2-ubuntu"],
				...["1.4.2-ubuntu-24.04", "latest"],
			],
		});
	});

	test("gives another variant the same, with its name", () => {
		expect(tagsOf("debian-full", RELEASE)).toEqual({
			dated: "debian-full-20261123",
			moving: [
				...["debian-full", "debian-full-13", "debian-full-trixie"],
				...["1-debian-full", "1.4-debian-full", "1.4.2-debian-full", "1.4.2-debian-full-13"],
			],
		});
	});

	test("gives an image without a distribution no release of one", () => {
		expect(tagsOf("init", RELEASE).moving).toEqual(["init", "1-init", "1.4-init", "1.4.2-init"]);
	});

	test("moves nothing for a pre-release but what names it", () => {
		const tags = tagsOf("ubuntu", { ...RELEASE, version: "2.0.0-rc.1" });
		expect(tags.moving).toEqual([
			...["2.0.0-rc.1", "2.0.0-rc.1-ubuntu", "2.0.0-rc.1-ubuntu-24.04"],
		]);
	});

	test("has no tag 0: nothing is promised between 0.1 and 0.2", () => {
		const tags = tagsOf("init", { ...RELEASE, version: "0.1.0" });
		expect(tags.moving).toEqual(["init", "0.1-init", "0.1.0-init"]);
	});

	test("gives no two images the same tag", () => {
		const all = imageNames.flatMap((name) => {
			const { dated, moving } = tagsOf(name, RELEASE);
			return [dated, ...moving];
		});
		expect(new Set(all).size).toBe(all.length);
	});

	test("numbers the second release of a day", () => {
		expect(tagsOf("alpine", { ...RELEASE, serial: 2 }).dated).toBe("alpine-20261123.2");
	});

	test.for(["1.4", "v1.4.2", "1.4.2+build", "01.4.2", "", "1.4.2-rc/1", "latest"])(
		"refuses the version %j",
		(version) => {
			expect(() => tagsOf("ubuntu", { ...RELEASE, version })).toThrow(
				`"${version}" is no version for a tag`,
			);
		},
	);

	test("refuses what is too long for a tag", () => {
		const version = `1.4.2-${"a".repeat(128)}`;
		expect(() => tagsOf("ubuntu", { ...RELEASE, version })).toThrow("at most 128");
	});

	test.for(["2026-11-23", "20261131", "20260000", "today", ""])("refuses the date %j", (date) => {
		expect(() => tagsOf("ubuntu", { ...RELEASE, date })).toThrow(`"${date}" is no date`);
	});

	test.for([0, -1, 1.5, Number.NaN])("refuses the serial number %d", (serial) => {
		expect(() => datedTag("ubuntu", "20261123", serial)).toThrow("is no serial number");
	});
});

describe("serialOf()", () => {
	test.for([
		["ubuntu-20261123", 1],
		["ubuntu-20261123.2", 2],
		["ubuntu-20261123.10", 10],
		["ubuntu-20261123.1", undefined],
		["ubuntu-20261123.02", undefined],
		["ubuntu-20261123.x", undefined],
		["ubuntu-20261124", undefined],
		["ubuntu-full-20261123", undefined],
		["ubuntu", undefined],
	] as const)("reads %s as %s", ([tag, serial]) => {
		expect(serialOf(tag, "ubuntu", "20261123")).toBe(serial);
	});
});

describe("isDatedTag()", () => {
	test.for(["ubuntu-20261123", "debian-full-20261123.2"])("knows %s", (tag) => {
		expect(isDatedTag(tag)).toBe(true);
	});

	test.for(["ubuntu", "ubuntu-24.04", "1.4.2", "latest", "sha256-20261123.sig"])(
		"does not take %s for one",
		(tag) => {
			expect(isDatedTag(tag)).toBe(false);
		},
	);
});
