// What the set-up hands to the tests of the release.
import type { ImageName } from "../../scripts/bases/distributions.ts";

export interface ReleaseContext {
	readonly dockerPath: string;
	readonly env: Readonly<Record<string, string>>;
	/** Where the images were pushed: localhost:PORT/org/baseimage-ts. */
	readonly repository: string;
	/** Folder of what the registry stores. */
	readonly storage: string;
	/** Folder with cosign.key and cosign.pub. */
	readonly keys: string;
	readonly standin: boolean;
	readonly images: readonly ReleasedImage[];
	/** Those that need an emulator here. */
	readonly emulated: readonly string[];
}

export interface ReleasedImage {
	readonly name: ImageName;
	/** Of the index. */
	readonly digest: string;
	readonly dated: string;
	readonly tags: readonly string[];
	readonly platforms: readonly { readonly platform: string; readonly digest: string }[];
}

declare module "vitest" {
	export interface ProvidedContext {
		release: ReleaseContext;
	}
}
