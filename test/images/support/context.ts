// What the set-up of the run hands to its tests.
import "vitest";
import type { Distribution, FullImage } from "../../../scripts/bases/distributions.ts";
import type { BuiltImage } from "../../../scripts/build-images.ts";

/** An image of a distribution, with what tests run. */
export interface Variant extends BuiltImage {
	readonly name: Distribution;
	/** The image with the tests' programs in /actors. */
	readonly ours: string;
	/** The base with the tests' programs in /actors. */
	readonly plain: string;
	/** Which of the programs that some tests need are in the base. */
	readonly programs: readonly string[];
}

/** An image with what users of Phusion's base rely on. */
export interface FullVariant extends BuiltImage {
	readonly name: FullImage;
	/** The image with the tests' programs in /actors. */
	readonly ours: string;
}

/** How to reach the engine. */
export interface EngineAccess {
	/** The docker client to run. */
	readonly dockerPath: string;
	/** What to add to the environment. */
	readonly env: Readonly<Record<string, string>>;
	/** The value of the label that all containers of this run carry. */
	readonly run: string;
}

declare module "vitest" {
	interface ProvidedContext {
		readonly variants: readonly Variant[];
		readonly fullVariants: readonly FullVariant[];
		/** The image with the binary alone. */
		readonly initImage: BuiltImage;
		readonly engine: EngineAccess;
	}
}
