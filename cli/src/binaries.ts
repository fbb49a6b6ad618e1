import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { EMBEDDED_BINARIES, EMBEDDED_NOTICES } from "./embedded-binaries.ts";
import { ExitCode } from "./exit-codes.ts";
import { errnoOf, Failure } from "./failure.ts";

/** The licences of the binary and of what it is made of: they go wherever it goes. */
export const NOTICES = ["LICENSE", "THIRD-PARTY-NOTICES.md"] as const;

/** What an image or an engine says of the machine that it is for. */
export interface ImagePlatform {
	os: string;
	/** In Go's words: amd64, arm64, arm … */
	architecture: string;
	/** `v7` … */
	variant?: string | undefined;
}

/** What Go's architectures mean where no variant is said, and variants that the plain name covers. */
const PLAIN_VARIANTS: Readonly<Record<string, string>> = { arm: "v7", arm64: "v8" };

/** `linux/arm/v7`, as `docker --platform` takes it. */
export function platformName({ os, architecture, variant }: ImagePlatform): string {
	const plain = PLAIN_VARIANTS[architecture];
	const said = variant || plain;
	const shown = architecture === "arm64" && said === plain ? undefined : said;
	return [os, architecture, ...(shown ? [shown] : [])].join("/");
}

/**
 * The init's static binary for a platform: out of the packed executable, or, when the command runs
 * from its sources, what `npm run build` has left in build/init. Throws a Failure when there is none.
 */
export async function binaryFor(platform: ImagePlatform): Promise<Buffer> {
	const name = platformName(platform);
	const folder = name.replaceAll("/", "-");
	const embedded = EMBEDDED_BINARIES[folder];
	if (embedded !== undefined) return brotliDecompressSync(Buffer.from(embedded, "base64"));
	try {
		return await readFile(join(builtFolder(), folder, "my_init"));
	} catch (thrown) {
		if (!["ENOENT", "ENOTDIR"].includes(errnoOf(thrown))) throw thrown;
		const known = (await binaryPlatforms()).join(", ") || "none";
		throw new Failure(
			ExitCode.system,
			`this command has no init for ${name}; it has: ${known}`,
			isPacked()
				? "Choose a platform of these with --platform, where the verb has that option."
				: `Build it: npm run build -- --platform ${name}`,
			{ cause: thrown },
		);
	}
}

/** The platforms that `binaryFor` has a binary for, such as `linux/amd64`. */
export async function binaryPlatforms(): Promise<string[]> {
	const folders = isPacked() ? Object.keys(EMBEDDED_BINARIES) : await builtFolders();
	return folders.map((folder) => folder.replaceAll("-", "/")).sort();
}

/** The text of each of {@link NOTICES}, by its name. */
export async function notices(): Promise<Readonly<Record<string, string>>> {
	if (isPacked()) return EMBEDDED_NOTICES;
	const texts = NOTICES.map(async (name) => {
		const file = join(builtFolder(), "..", "..", name);
		return [name, await readFile(file, "utf8")] as const;
	});
	return Object.fromEntries(await Promise.all(texts));
}

function isPacked(): boolean {
	return Object.keys(EMBEDDED_BINARIES).length > 0;
}

async function builtFolders(): Promise<string[]> {
	try {
		const names = await readdir(builtFolder(), { recursive: true });
		return names.flatMap((name) => /^(linux-[a-z0-9-]+)\/my_init$/.exec(name)?.[1] ?? []);
	} catch {
		return []; // Nothing was built.
	}
}

/** Only looked for from the sources: a bundle has no folder of its own. */
function builtFolder(): string {
	return join(import.meta.dirname ?? ".", "..", "..", "build", "init");
}
