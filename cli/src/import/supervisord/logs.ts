// Where a program's output goes, and what becomes of the files.
import type { ImportedService, LogTarget, Loss, Word } from "../model.ts";
import { type Expansions, valueWord } from "./expand.ts";
import { type Options, readBoolean, readBytes, readNatural, written } from "./options.ts";

const DEFAULT_BYTES = 52_428_800;
const DEFAULT_BACKUPS = 10;

/** @param base the folder that relative paths begin at */
export function logsOf(options: Options, known: Expansions, base: string): ImportedService["logs"] {
	const target = (option: string): LogTarget =>
		options.get(option, { kind: "container" }, (raw) => logTarget(raw, known, base));
	const stdout = target("stdout_logfile");
	const maxBytes = options.get("stdout_logfile_maxbytes", DEFAULT_BYTES, readBytes);
	const oldFiles = options.get("stdout_logfile_backups", DEFAULT_BACKUPS, readNatural);
	return {
		stdout,
		stderr: options.get("redirect_stderr", false, readBoolean)
			? { kind: "stdout" }
			: target("stderr_logfile"),
		...(stdout.kind === "file" && maxBytes > 0 && { rotation: { maxBytes, oldFiles } }),
	};
}

const CONTAINER_LOG =
	/^(auto|syslog|\/dev\/(stdout|stderr|fd\/[12]|pts\/\d+|console|tty)|\/proc\/(self|1)\/fd\/[12])$/i;

function logTarget(raw: string, known: Expansions, base: string): LogTarget {
	if (/^(none|off|\/dev\/null)$/i.test(raw)) return { kind: "nowhere" };
	if (CONTAINER_LOG.test(raw)) return { kind: "container" };
	return { kind: "file", path: absolute(valueWord(raw, known), base) };
}

/** A path that begins at `base` where it does not begin at the root. */
export function absolute(path: Word, base: string): Word {
	const [first = ""] = path;
	const isRelative = typeof first === "string" && !first.startsWith("/");
	return isRelative ? [`${base.replace(/\/$/, "")}/`, ...path] : path;
}

/** A file of stderr of its own is not rotated. */
export function logLosses(options: Options, { stderr }: ImportedService["logs"]): Loss[] {
	if (stderr.kind !== "file" || options.raw("stderr_logfile_maxbytes") === "0") return [];
	const option = "stderr_logfile";
	const why =
		"nothing rotates the file, which supervisord does at 50 MB; leave it out to write to the container's log";
	return [{ place: options.place(option), what: written(options, option), why }];
}
