// The definitions, as `initctl compile` writes them: a line of JSON each, read as they come.
import type { Kernel } from "../kernel/kernel.ts";
import type { Definition } from "./definition.ts";
import { PLAIN_LAUNCH } from "./launch.ts";
import { Usual } from "./sparse.ts";
import { USUAL_DEFINITION } from "./usual.ts";

/** Little at a time: what is read is garbage then, whose room the heap keeps. */
const READ_BYTES = 8_192;
/** No more than so much is kept of one line: whoever writes more is not our compiler. */
const LONGEST_LINE = 1_048_576;
const USUAL_LAUNCH = new Usual(PLAIN_LAUNCH);
const USUAL = new Usual(USUAL_DEFINITION);

export class CompiledReader {
	readonly definitions: Definition[] = [];
	#rest = "";

	/** Takes what is there. Returns whether there will be more. */
	read(kernel: Kernel, descriptor: number): boolean {
		for (;;) {
			const bytes = kernel.read(descriptor, READ_BYTES);
			if (typeof bytes === "number") return true;
			if (bytes === "" || this.#rest.length > LONGEST_LINE) return false;
			const lines = (this.#rest + bytes).split("\n");
			this.#rest = lines.pop() ?? "";
			for (const line of lines) {
				const definition: Definition = JSON.parse(line);
				const launch = USUAL_LAUNCH.sparse(definition.launch);
				this.definitions.push(USUAL.sparse({ ...definition, launch }));
			}
		}
	}
}
