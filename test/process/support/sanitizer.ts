// What ASan and UBSan have to say about one run. They write it to files, since a run may close stderr.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Binary } from "./binaries.ts";

const REPORT = /AddressSanitizer|UndefinedBehaviorSanitizer|runtime error:/;
const REMARK = /^(==\d+==WARNING: |False positive error reports|For details see ).*\n/gm;

export class SanitizerReports {
	/** Undefined for a build without sanitizers. */
	readonly #folder: string | undefined;

	constructor(binary: Binary) {
		if (binary.isSanitized) this.#folder = mkdtempSync(join(tmpdir(), "my_init-sanitizer-"));
	}

	/** The variables that the binary needs. */
	get environment(): Readonly<Record<string, string>> {
		if (this.#folder === undefined) return {};
		const log = `log_path=${join(this.#folder, "report")}`;
		return { ASAN_OPTIONS: log, UBSAN_OPTIONS: `${log}:print_stacktrace=1` };
	}

	/** @throws when there is a report in a file or in the text. */
	demandNone(stderr: string): void {
		const files = this.#folder === undefined ? [] : readdirSync(this.#folder);
		const texts = files.map((name) => readFileSync(join(this.#folder ?? "", name), "utf8"));
		const reports = [stderr, ...texts].filter((text) => REPORT.test(text));
		if (reports.length > 0) throw new Error(`sanitizer report:\n${reports.join("\n")}`);
	}

	/** The text without the runtime's remarks on a missing /proc, which are no report. */
	withoutRemarks(stderr: string): string {
		return this.#folder === undefined ? stderr : stderr.replaceAll(REMARK, "");
	}

	remove(): void {
		if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
	}
}
