// How a new digest of a base gets into the files that name it.
import { expect, test } from "vitest";
import { pinned } from "../../../scripts/release/refresh.ts";

const OLD = "debian:trixie-slim";
const NEW = "debian:trixie-slim@sha256:0123";
const BAKE = `variable "BASE_DEBIAN" {
  default = "${OLD}"
}

variable "BUILD_BASE" {
  default = "${OLD}"
}
`;

test("pinned() writes the digest to the variable that it was asked for, and to no other", () => {
	expect(pinned(BAKE, "BASE_DEBIAN", OLD, NEW)).toBe(BAKE.replace(OLD, NEW));
});

test("pinned() replaces a digest by the next one", () => {
	const first = pinned(BAKE, "BUILD_BASE", OLD, NEW);
	const next = "debian:trixie-slim@sha256:4567";
	expect(pinned(first, "BUILD_BASE", NEW, next)).toBe(first.replace(NEW, next));
});

test("pinned() writes to the argument of a Dockerfile", () => {
	const dockerfile = `ARG BASE=${OLD}\nARG BUILD_BASE=${OLD}\nFROM \${BASE}\n`;
	expect(pinned(dockerfile, "BASE_DEBIAN", OLD, NEW)).toBe(dockerfile.replace(OLD, NEW));
	expect(pinned(dockerfile, "BUILD_BASE", OLD, NEW)).toBe(
		dockerfile.replace(`BUILD_BASE=${OLD}`, `BUILD_BASE=${NEW}`),
	);
});
