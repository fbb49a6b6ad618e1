import process from "node:process";
import { Command } from "commander";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Report } from "../import/report.ts";
import { interruptible } from "../interruption.ts";
import type { Verb } from "./verb.ts";

interface ImportOptions {
	output?: string;
	force?: true;
	json?: true;
}

/** `baseimage import`: definitions of other supervisors as files of ours. */
export const importVerb: Verb = (conclude) =>
	new Command("import")
		.summary("definitions of s6-overlay, supervisord, runit and cron as services of ours")
		.description(
			"Reads what s6-overlay, s6-rc, supervisord, runit or cron are told to run, from a folder or an image, and writes the same as /etc/my_init/services/NAME.toml, /etc/my_init.d and hooks of a stop. The report says what each became, and what is lost and why. Nothing of the source is run, and nothing is written without -o.",
		)
		.argument(
			"<path|image>",
			"a root file system or a part of one, a supervisord.conf, a crontab, or an image of the engine; what exists as a path is one",
		)
		.option("-o, --output <folder>", "where to write; it must be empty or not there yet")
		.option("--force", "write into a folder that is not empty, and replace files of the same names")
		.option("--json", "print the report as one JSON object")
		.addHelpText(
			"after",
			[
				"",
				"Ends with 0 when all that ran has become something (the report says what is lost of it), with 1",
				"when something is wrong in the source (stderr has FILE:LINE), has no equivalent at all or when",
				"there is nothing to import; then what could be imported is written all the same. 2: no such path,",
				"or the folder to write to is not empty. 3 and 4: no engine, no such image.",
				"",
				"Examples:",
				"  baseimage import ./rootfs -o imported",
				"  baseimage import supervisord.conf",
				"  baseimage import lscr.io/linuxserver/heimdall:latest -o imported",
				"  baseimage import ./rootfs --json | jq '.services[].losses'",
			].join("\n"),
		)
		.action(async (source: string, options: ImportOptions) => {
			const report = await interruptible((signal) => run(source, options, signal));
			await print(report, options.json === true);
			conclude(report.passed ? ExitCode.ok : ExitCode.fault);
		});

async function run(source: string, options: ImportOptions, signal: AbortSignal): Promise<Report> {
	const { importPath, importImage } = await import("../import/run.ts");
	const { isPath } = await import("../import/source/open.ts");
	const { assertWritable, writeAll } = await import("../import/write/disk.ts");
	const { planFiles } = await import("../import/write/folders.ts");
	const { reportOf } = await import("../import/report.ts");

	const folder = options.output ?? null;
	if (folder !== null) assertWritable(folder, options.force === true);
	const found = isPath(source) ? await importPath(source) : await importImage(source, signal);
	const { services, leftOut, problems } = found.imported;
	if (services.length + leftOut.length + problems.length === 0) {
		throw new Failure(
			ExitCode.fault,
			`nothing to import was found in ${source}`,
			"It was looked for in /etc/services.d, /etc/cont-init.d, /etc/cont-finish.d, /etc/s6-overlay/s6-rc.d,\n" +
				"/etc/s6-rc.d, /etc/service, as supervisord.conf in / and /etc, /etc/supervisor and /etc/supervisor.d,\n" +
				"and as crontabs in /etc, /etc/cron.d, /etc/crontabs and /var/spool/cron.",
		);
	}
	const plan = planFiles(found.imported);
	signal.throwIfAborted();
	if (folder !== null) {
		writeAll(
			folder,
			plan.outcomes.flatMap(({ files }) => files),
		);
	}
	return reportOf({ ...found, folder, plan });
}

async function print(report: Report, json: boolean): Promise<void> {
	for (const { source, what, remedy } of report.problems) {
		process.stderr.write(`${source}: ${what}. ${remedy}\n`);
	}
	if (json) {
		process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
		return;
	}
	const { render } = await import("../import/report.ts");
	const { paintFor } = await import("../terminal/paint.ts");
	const { columns } = process.stdout;
	process.stdout.write(`${render(report, paintFor(process.stdout), columns)}\n`);
}
