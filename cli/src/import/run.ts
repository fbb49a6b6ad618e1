// A source from its name to what is defined in it.
import process from "node:process";
import { connect } from "../engine/connect.ts";
import { sweepAbandoned, withContainer } from "../engine/container.ts";
import { findImage } from "../engine/image.ts";
import { Progress } from "../terminal/progress.ts";
import type { Imported } from "./model.ts";
import { importAll } from "./read.ts";
import type { Report } from "./report.ts";
import { ImageFiles } from "./source/image.ts";
import { openPath } from "./source/open.ts";
import { SourceTree } from "./source/tree.ts";

export interface Found {
	source: Report["source"];
	imported: Imported;
	/** A path of the source, as whoever named the source finds it. */
	shown: (path: string) => string;
}

export async function importPath(name: string): Promise<Found> {
	const { tree, shown, configuration, crontab } = await openPath(name);
	const start = { command: [], directory: "/", environment: {}, configuration, crontab };
	const imported = await importAll(tree, start);
	return { source: { kind: "path", name, standIn: false }, imported, shown };
}

/** Reads an image out of a container that is made of it, never started, and removed. */
export async function importImage(reference: string, signal: AbortSignal): Promise<Found> {
	const engine = await connect(process.env);
	const image = await findImage(engine, reference);
	await sweepAbandoned(engine);
	signal.throwIfAborted();
	const progress = new Progress();
	const report = progress.line("import");
	return await progress.during(async () => {
		const { Config } = await engine.client.getImage(reference).inspect();
		report(`reading ${reference}`);
		// An image without a command would be refused; this one is never run.
		const options = {
			Image: reference,
			Cmd: ["never-started"],
			HostConfig: { NetworkMode: "none" },
		};
		return await withContainer(engine, "import", options, async (container) => {
			signal.throwIfAborted();
			const tree = new SourceTree(await ImageFiles.open(container, signal));
			const imported = await importAll(tree, {
				command: [...words(Config.Entrypoint), ...words(Config.Cmd)],
				directory: Config.WorkingDir || "/",
				environment: variables(Config.Env ?? []),
			});
			signal.throwIfAborted();
			const source = { kind: "image", name: reference, standIn: image.standIn } as const;
			return { source, imported, shown: (path: string) => path };
		});
	});
}

function words(command: string | string[] | undefined | null): string[] {
	return typeof command === "string" ? [command] : (command ?? []);
}

function variables(entries: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		entries.map((entry) => {
			const end = entry.indexOf("=");
			return [entry.slice(0, end), entry.slice(end + 1)];
		}),
	);
}
