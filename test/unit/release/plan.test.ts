// What a release would push, and what speaks against it.
import { describe, expect, test } from "vitest";
import type { ImageName } from "../../../scripts/bases/distributions.ts";
import type { LayoutImage } from "../../../scripts/release/layout.ts";
import { chooseSerial, objections, planRelease } from "../../../scripts/release/plan.ts";

const DATE = "20261123";
const LABELS = {
	"org.opencontainers.image.revision": "0123abc",
	"org.opencontainers.image.base.name": "debian:trixie-slim",
	"org.opencontainers.image.base.digest": "sha256:ba5e",
};

function image(digest: string, labels: Readonly<Record<string, string>> = LABELS): LayoutImage {
	const platform = { platform: "linux/amd64", digest: "sha256:a", layerBytes: [1], attested: [] };
	return { folder: "", digest, annotations: {}, platforms: [{ ...platform, labels }] };
}

function planOf(of: LayoutImage, more: { repository?: string; standin?: boolean } = {}) {
	const to = { repository: "registry.example/org/baseimage-ts", standin: false, ...more };
	const release = { version: "1.4.2", date: DATE, serial: 1 };
	return planRelease([{ name: "debian", image: of }], release, to);
}

describe("chooseSerial()", () => {
	const images = [named("ubuntu", "sha256:1"), named("debian", "sha256:2")];

	test("is 1 where nothing of the day is published", () => {
		expect(chooseSerial(images, DATE, new Map([["ubuntu-20261122", "sha256:0"]]))).toBe(1);
	});

	test("is that of the release that is there already: a second try", () => {
		const published = new Map([
			["ubuntu-20261123.2", "sha256:1"],
			["ubuntu-20261123", "sha256:9"],
		]);
		expect(chooseSerial(images, DATE, published)).toBe(2);
	});

	test("is the next for all images where one of them differs", () => {
		const published = new Map([
			["ubuntu-20261123", "sha256:1"],
			["debian-20261123", "sha256:9"],
		]);
		expect(chooseSerial(images, DATE, published)).toBe(2);
	});

	function named(name: ImageName, digest: string) {
		return { name, image: { digest } };
	}
});

describe("objections()", () => {
	test("has none against pinned bases, a clean checkout and a new date", () => {
		expect(objections(planOf(image("sha256:1")), new Map())).toEqual([]);
	});

	test("has none against publishing the same image once more", () => {
		const published = new Map([["debian-20261123", "sha256:1"]]);
		expect(objections(planOf(image("sha256:1")), published)).toEqual([]);
	});

	test.for(["registry.example/org/baseimage-ts", "localhost:5000/org/baseimage-ts"])(
		"refuses to overwrite a dated tag in %s, and says why",
		(repository) => {
			const published = new Map([["debian-20261123", "sha256:2"]]);
			expect(objections(planOf(image("sha256:1"), { repository }), published)).toEqual([
				expect.stringMatching(/debian-20261123 is published already.*\(sha256:2\).*never/),
			]);
		},
	);

	test("refuses stand-ins", () => {
		expect(objections(planOf(image("sha256:1"), { standin: true }), new Map())).toEqual([
			expect.stringMatching(/stand-ins/),
		]);
	});

	test("refuses changes that no commit holds", () => {
		const labels = { ...LABELS, "org.opencontainers.image.revision": "0123abc-dirty" };
		expect(objections(planOf(image("sha256:1", labels)), new Map())).toEqual([
			expect.stringMatching(/changes that no commit holds/),
		]);
	});

	test("refuses a base that is not pinned", () => {
		const { "org.opencontainers.image.base.digest": _, ...labels } = LABELS;
		expect(objections(planOf(image("sha256:1", labels)), new Map())).toEqual([
			expect.stringMatching(/bases of debian are not pinned.*refresh/),
		]);
	});

	test("lets a trial on the loopback pass", () => {
		const labels = { "org.opencontainers.image.revision": "0123abc-dirty" };
		const trial = { repository: "localhost:5000/org/baseimage-ts", standin: true };
		expect(objections(planOf(image("sha256:1", labels), trial), new Map())).toEqual([]);
	});

	test("takes no other host for the loopback", () => {
		const trial = { repository: "localhost.example/org/baseimage-ts", standin: true };
		expect(objections(planOf(image("sha256:1"), trial), new Map())).toHaveLength(1);
	});
});
