// Tests that run on every image of a distribution.
import { describe, inject } from "vitest";
import type { BuiltImage } from "../../../scripts/build-images.ts";
import type { FullVariant, Variant } from "./context.ts";

/** The name that every title and report uses: whoever reads it must see that a stand-in was tested. */
export function titleOf({ name, standin }: Pick<BuiltImage, "name" | "standin">): string {
	return standin ? `${name} (stand-in)` : name;
}

/** The tests, once for each distribution. */
export function describeVariants(title: string, tests: (variant: Variant) => void): void {
	for (const variant of inject("variants")) {
		describe(`${titleOf(variant)}: ${title}`, () => tests(variant));
	}
}

/** The tests, once for each image with what users of Phusion's base rely on. */
export function describeFull(title: string, tests: (variant: FullVariant) => void): void {
	for (const variant of inject("fullVariants")) {
		describe(`${titleOf(variant)}: ${title}`, () => tests(variant));
	}
}

/** One of them, for what is the same on all. */
export function anyVariant(): Variant {
	const [variant] = inject("variants");
	if (variant === undefined) throw new Error("the set-up of the run has prepared no variant");
	return variant;
}

/** The shell that scripts of this variant's users are written for. */
export function shellOf(variant: Variant): "bash" | "sh" {
	return variant.programs.includes("bash") ? "bash" : "sh";
}

/** Why a test that needs one of the programs cannot run on the variant; undefined when it can. */
export function lacks(variant: Variant, ...programs: readonly string[]): string | undefined {
	const isThere = programs.some((program) => variant.programs.includes(program));
	return isThere ? undefined : `the base has no ${programs.join(" or ")}`;
}
