import { describe, expect, test } from "vitest";
import { askEngine, baseTitle } from "../../bench/engine/engine.ts";
import { wayOf } from "../../bench/engine/ways.ts";
import type { Init, Role } from "../../bench/inits/init.ts";
import { sizeOf } from "../../bench/measurements/images.ts";
import { Unmeasurable } from "../../bench/native/launcher.ts";

const IMAGE = {
	name: "alpine",
	tag: "x:alpine",
	base: "alpine:1",
	standin: false,
	bytes: 2,
	baseBytes: 1,
} as const;

describe("sizeOf()", () => {
	test("adds the layers up", () => {
		expect(sizeOf([{ Size: 3 }, { Size: 0, Comment: "x" }, { Size: 4 }])).toBe(7);
		expect(sizeOf([])).toBe(0);
	});

	test.each([[undefined], [{}], [[{}]], [[{ Size: "3" }]], [[null]]])(
		"refuses an answer that has no sizes: %j",
		(answer) => {
			expect(() => sizeOf(answer)).toThrow();
		},
	);
});

test("a stand-in is called one", () => {
	expect(baseTitle(IMAGE)).toBe("alpine");
	expect(baseTitle({ ...IMAGE, standin: true })).toBe("alpine (stand-in base)");
});

describe("askEngine()", () => {
	const asking = (error: Error) => askEngine(() => Promise.reject(error));

	test("an error that the engine answers with is a reason, without folders", async () => {
		const refusal = Object.assign(new Error("no space in /var/lib/x\nmore"), { statusCode: 500 });
		await expect(asking(refusal)).rejects.toThrow(Unmeasurable);
		await expect(asking(refusal)).rejects.toThrow(/^the engine refuses: no space in x$/);
	});

	test("a slip of ours is none", async () => {
		await expect(asking(new TypeError("a slip"))).rejects.toThrow(TypeError);
	});
});

describe("wayOf()", () => {
	const named = (name: string, role: Role): Init => ({
		...{ name, role, version: "1", file: `/${name}`, linkage: "static" },
		...{ words: {}, reaps: true },
	});
	const own = named("my_init", "ours");
	const way = (init: Init) => wayOf(IMAGE, { own, dockerInit: "tini" }, init);

	test("ours has the image's own entrypoint, and no second init", () => {
		expect(way(own)).toMatchObject({ Image: "x:alpine", HostConfig: { Init: false } });
		expect(way(own)).not.toHaveProperty("Entrypoint");
	});

	test("what the engine has for --init takes the entrypoint's place", () => {
		expect(way(named("tini", "peer"))).toMatchObject({
			...{ Entrypoint: [], HostConfig: { Init: true } },
		});
	});

	test("the floor is the command as PID 1", () => {
		expect(way(named("floor", "floor"))).toMatchObject({
			...{ Entrypoint: [], HostConfig: { Init: false } },
		});
	});

	test.each([
		["dumb-init", "peer"],
		["before", "ours"],
	] as const)("%s is not measured", (name, role) => {
		expect(() => way(named(name, role))).toThrow(Unmeasurable);
	});
});
