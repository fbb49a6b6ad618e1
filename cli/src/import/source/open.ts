// PATH or IMAGE of the command line as a tree of files.
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ExitCode } from "../../exit-codes.ts";
import { Failure } from "../../failure.ts";
import { looksLikeCrontab } from "../cron/parse.ts";
import { FolderFiles, type Mount } from "./folder.ts";
import { SourceTree } from "./tree.ts";

/** Folders that stand for the one of that name in /etc. */
const PARTS: readonly string[] = [
	...["services.d", "cont-init.d", "cont-finish.d", "fix-attrs.d", "s6-overlay", "s6-rc.d"],
	...["service", "supervisor", "supervisor.d", "supervisord.d", "cron.d", "crontabs"],
];

/** Whether an argument names a path: as one writes paths, or as something that is there. */
export function isPath(argument: string): boolean {
	return /^(\.{0,2}\/|\.{1,2}$|~)/.test(argument) || existsSync(argument);
}

/** A source, and how its paths are shown to whoever named it. */
export interface Opened {
	tree: SourceTree;
	shown: (path: string) => string;
	/** The configuration of supervisord that was named itself. */
	configuration?: string;
	/** The crontab that was named itself. */
	crontab?: string;
}

/** The tree of a folder or file of this machine. Throws a Failure where there is nothing. */
export async function openPath(argument: string): Promise<Opened> {
	const path = resolve(argument);
	if (!existsSync(path)) {
		throw new Failure(
			ExitCode.usage,
			`there is no file or folder ${argument}`,
			"Name a root file system, a part of one, a supervisord.conf or an image.",
		);
	}
	if (!statSync(path).isDirectory()) {
		if (isCrontab(path)) {
			const at = crontabFolder(path);
			const mount = { at, path: dirname(path) };
			return { ...opened(mount, dirname(argument)), crontab: `${at}/${basename(path)}` };
		}
		const mount = { at: "/etc/supervisor", path: dirname(path) };
		const configuration = `${mount.at}/${basename(path)}`;
		return { ...opened(mount, dirname(argument)), configuration };
	}
	return opened(await mountOf(path), argument);
}

/** By its name, or since its lines are those of one. */
function isCrontab(path: string): boolean {
	if (/\.(conf|ini)$/.test(path)) return false;
	const isNamed = /cron/.test(basename(path)) || /cron/.test(basename(dirname(path)));
	return isNamed || looksLikeCrontab(readFileSync(path, "latin1"));
}

/** Where it belongs, which tells which of the two formats it has: with a user in each line, or without. */
function crontabFolder(path: string): string {
	const folder = basename(dirname(path));
	if (folder === "cron.d") return "/etc/cron.d";
	return folder === "etc" && basename(path) === "crontab" ? "/etc" : "/crontabs";
}

function opened(mount: Mount, named: string): Opened {
	return {
		tree: new SourceTree(new FolderFiles(mount)),
		shown: (path) => join(named, relative(mount.at, path)),
	};
}

/** Where in a root file system a folder belongs. */
async function mountOf(path: string): Promise<Mount> {
	const name = basename(path);
	if (PARTS.includes(name)) return { at: `/etc/${name}`, path };
	const names = await readdir(path);
	if (names.includes("etc")) return { at: "/", path };
	const isEtc = [...PARTS, "supervisord.conf", "crontab"].some((part) => names.includes(part));
	if (isEtc || name === "etc") return { at: "/etc", path };
	// A folder of services alone, under whatever name.
	const has = (file: string) => names.some((service) => existsSync(join(path, service, file)));
	if (has("type")) return { at: "/etc/s6-rc.d", path };
	if (has("run")) return { at: "/etc/service", path };
	if (names.some((file) => /\.(conf|ini)$/.test(file))) return { at: "/etc/supervisor.d", path };
	return { at: "/", path };
}
