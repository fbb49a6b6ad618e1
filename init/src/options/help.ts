// The text of --help, from the one table of options.
import { OPTIONS } from "./schema.ts";
import { FLAG } from "./value_types.ts";

const COLUMN = 28;

/** What `NAME --help` prints. */
export function helpText(name: string): string {
	const lines = [
		`usage: ${name} [OPTIONS] [--] COMMAND [ARG...]`,
		`       ${name} as NAME [ARG...]`,
		"",
		"Starts COMMAND as the main child, reaps every orphan, forwards signals, and when the main child",
		"ends or a stop is asked for, waits for all processes to end. Without a command it only reaps.",
		"",
		"options (each can be set by a variable too, --stop-on by INIT_STOP_ON) and their defaults:",
	];
	for (const option of OPTIONS) {
		const value = option.type === FLAG ? "" : ` ${option.type.toUpperCase()}`;
		const form = pad(`--${option.long}${value}`);
		lines.push(`  ${form}${option.text} [${option.defaultText}]`);
	}
	lines.push(`  ${pad("-h, --help")}this text`, `  ${pad("--version")}the version`, "");
	lines.push(
		"exit code: the main child's own; 128+N if signal N ended it; 126 not executable; 127 not found;",
		"2 usage error; 111 system error",
		"",
	);
	return lines.join("\n");
}

function pad(text: string): string {
	return text.padEnd(COLUMN);
}
