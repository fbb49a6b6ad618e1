/** A moving line on stderr while the run goes on; nothing where nobody looks. */
import { Listr, ListrLogger, ProcessOutput } from "listr2";

/** Runs `work`, and shows on a terminal what it says of its steps. */
export async function showProgress<Result>(
	work: (progress: (subject: string, step: string) => void) => Promise<Result>,
): Promise<Result> {
	if (process.stderr.isTTY !== true) return await work(() => {});
	const answer = Promise.withResolvers<Result>();
	const logger = new ListrLogger({
		processOutput: new ProcessOutput(process.stderr, process.stderr),
	});
	const display = new Listr(
		[
			{
				title: "benchmarks",
				task: async (_context, task) => {
					const began = performance.now();
					const result = await work((subject, step) => {
						const seconds = ((performance.now() - began) / 1_000).toFixed(0);
						task.title = `${subject}: ${step} (${seconds} s)`;
					});
					task.title = "benchmarks done";
					answer.resolve(result);
				},
			},
		],
		// A Ctrl-C ends the run; the launcher's inits end with the launcher.
		{ registerSignalListeners: false, rendererOptions: { logger } },
	);
	await display.run().catch((error: unknown) => answer.reject(error));
	return await answer.promise;
}
