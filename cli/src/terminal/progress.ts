import process from "node:process";
import { Listr, ListrLogger, ProcessOutput } from "listr2";

/**
 * Shows what goes on, on stderr: moving lines on a terminal, nothing otherwise. Stdout stays free
 * for the result.
 */
export class Progress {
	readonly #ended = Promise.withResolvers<void>();
	readonly #display = newDisplay();
	#finished: Promise<unknown> = Promise.resolve();

	/** Adds a line; the function that it gives puts a new step into it. To be called before start(). */
	line(title: string): (step: string) => void {
		let show = (_step: string): void => {};
		this.#display.add({
			title,
			task: (_context, task) => {
				show = (step) => {
					task.title = `${title}: ${step}`;
				};
				return this.#ended.promise;
			},
		});
		return (step) => show(step);
	}

	start(): void {
		this.#finished = this.#display.run();
	}

	/** Ends the display; to be called before anything else is printed, also after an error. */
	async close(): Promise<void> {
		this.#ended.resolve();
		await this.#finished;
	}
}

function newDisplay() {
	const logger = new ListrLogger({
		processOutput: new ProcessOutput(process.stderr, process.stderr),
	});
	return new Listr([], {
		concurrent: true,
		// The verb itself decides what an interruption does.
		registerSignalListeners: false,
		// A terminal of no width (a pseudo-terminal whose size nobody set) can't show moving lines.
		silentRendererCondition: () => process.stderr.isTTY !== true || process.stderr.columns === 0,
		fallbackRendererCondition: () => process.stdout.isTTY !== true,
		rendererOptions: { logger },
		fallbackRenderer: "simple",
		fallbackRendererOptions: { logger },
	});
}
