// Has the init's own static binary look around in a container: it needs no shell, no ps and no library there.
import { randomBytes } from "node:crypto";
import type { Container } from "dockerode";
import { PROBE_PATH } from "../../../init/src/programs/probe_path.ts";
import { binaryFor, type ImagePlatform } from "../binaries.ts";
import { collect, outputOf, statusCodeOf } from "../engine/answer.ts";
import { pack } from "../engine/archive.ts";
import { execute } from "../engine/container.ts";
import { meaningOf } from "../engine/refusal.ts";
import { messageOf } from "../failure.ts";
import { abandonOn } from "../waiting.ts";
import { type Block, readBlocks } from "./blocks.ts";

/** Why nothing can be looked at from inside: the rules that need it are skipped with these words. */
export class NoProbe extends Error {
	override readonly name = "NoProbe";
}

/** A step of `initctl probe`; the first one is always to remove the file that was copied in. */
export type ProbeStep = "look" | "pause" | "orphan" | "watch";

interface Running {
	/** Everything that it prints, until it ends. */
	output: Promise<Block[]>;
	/** Settles at its first output. */
	begun: Promise<void>;
}

/** Runs the steps in the container and gives what they printed. Throws NoProbe where that is not possible. */
export async function runProbe(
	container: Container,
	platform: ImagePlatform,
	steps: readonly ProbeStep[],
	signal: AbortSignal,
): Promise<Block[]> {
	const { output } = await startProbe(container, platform, steps);
	return await abandonOn(signal, output);
}

/** Starts the steps. The file is unlinked by the probe itself, before anything else. */
export async function startProbe(
	container: Container,
	platform: ImagePlatform,
	steps: readonly ProbeStep[],
): Promise<Running> {
	// In the root folder: every container has one, and it lies on no tmpfs, which engines can't copy into.
	const path = `${PROBE_PATH}${randomBytes(6).toString("hex")}`;
	await copyIn(container, path.slice(1), await binaryFor(platform));
	const exec = await container.exec({
		Cmd: [path, "as", "initctl", "probe", "remove", ...steps],
		User: "0",
		AttachStdout: true,
		AttachStderr: true,
	});
	const stream = await exec.start({});
	const { promise: begun, resolve } = Promise.withResolvers<void>();
	stream.once("data", () => resolve());
	const output = collect(stream).then(async (bytes) => {
		resolve();
		const blocks = readBlocks(outputOf(bytes, [1]));
		if (blocks.length > 0) return blocks;
		const said = outputOf(bytes).trim() || bytes.toString("latin1").trim();
		throw new NoProbe(`the probe can't run inside: ${said || "it said nothing"}`);
	});
	// Whoever waits for it hears of it; an abandoned one must not end the command.
	output.catch(() => undefined);
	return { output, begun };
}

async function copyIn(container: Container, name: string, binary: Buffer): Promise<void> {
	try {
		await container.putArchive(pack([{ name, mode: 0o755, content: binary }]), { path: "/" });
	} catch (thrown) {
		const message = messageOf(thrown);
		if (/read-only|read only|EROFS/i.test(message)) {
			throw new NoProbe("its root is read-only, so no probe can be copied in", { cause: thrown });
		}
		if (statusCodeOf(thrown) === 0) throw thrown;
		// What is there of it may be a part.
		await execute(container, ["rm", "-f", `/${name}`]).catch(() => undefined);
		const why = meaningOf(thrown) ?? message;
		throw new NoProbe(`no probe can be copied in: ${why}`, { cause: thrown });
	}
}
