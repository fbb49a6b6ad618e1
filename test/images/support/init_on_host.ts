// The init and its names in a folder of this machine, put there by README's own command.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { HOST_FOLDER_IN_README, INIT_IMAGE_IN_README, replacementCommand } from "./readme.ts";

/** A folder that goes with its test. */
export interface InitOnHost extends AsyncDisposable {
	/** A text of README with this folder in place of its. */
	here(text: string): string;
}

/** Runs README's command with a folder of its own. @throws with the build's own words. */
export async function putInitOnHost(): Promise<InitOnHost> {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-init-"));
	const folder = join(home, "init");
	const here = (text: string) => text.replaceAll(HOST_FOLDER_IN_README, folder);
	const { dockerPath, env } = inject("engine");
	const command = here(replacementCommand())
		.replace(INIT_IMAGE_IN_README, inject("initImage").tag)
		// The images under test lie in the engine only, where no other builder than its own sees them.
		.replace("docker build", `"${dockerPath}" buildx build --builder default --quiet`);
	await execa("sh", ["-c", `umask 022; chmod 755 "${home}"; ${command}`], { env });
	return {
		here,
		async [Symbol.asyncDispose]() {
			await rm(home, { recursive: true });
		},
	};
}
