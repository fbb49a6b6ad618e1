import process from "node:process";
import { Listr, ListrLogger, ProcessOutput } from "listr2";

/**
 * Shows what goes on, on stderr: moving lines on a terminal, nothing otherwise. Stdout stays free
 * for the result.
 */
export class Progress {
	readonly #ended = Promise.withResolvers<void>();
	readonly #display = newDisplay();

	/** Adds a line; the function that it gives puts a new step into it. */
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

	/** Shows the lines while `work` goes on, with its success or failure at the end. */
	async during<T>(work: () => Promise<T>): Promise<T> {
		const display = this.#display.run();
		try {
			const result = await work();
			this.#ended.resolve();
			return result;
		} catch (thrown) {
			this.#ended.reject(thrown);
			throw thrown;
		} finally {
			// The display fails with its lines; whoever called hears the error from `work` itself.
			await display.catch(() => undefined);
		}
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
		rendererOptions: { logger, showErrorMessage: false, collapseErrors: false },
		fallbackRenderer: "simple",
		fallbackRendererOptions: { logger },
	});
}
