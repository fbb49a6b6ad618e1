// What has happened to services, for `initctl events`: the last of it is remembered.
import type { ServiceEvent } from "../control/protocol.ts";
import { exitCode } from "../kernel/status.ts";
import type { ServiceAction } from "./actions.ts";

type NoteAction = Extract<ServiceAction, { type: "note" }>;

const REMEMBERED = 256;

export class History {
	#events: ServiceEvent[] = [];
	/** How many have been forgotten. */
	#forgotten = 0;

	/** @param realMs milliseconds since 1970 */
	note({ service, pid, event, text }: NoteAction, realMs: number): void {
		this.#events.push({
			timeS: realMs / 1_000,
			name: service.definition.name,
			event,
			pid,
			exitCode: event === "exited" ? exitCode(service.endStatus) : undefined,
			text,
		});
		if (this.#events.length < 2 * REMEMBERED) return;
		this.#events = this.#events.slice(REMEMBERED);
		this.#forgotten += REMEMBERED;
	}

	/** Where the next one will stand. */
	get end(): number {
		return this.#forgotten + this.#events.length;
	}

	/** Those from the place on, as far as they are remembered. */
	since(place: number): readonly ServiceEvent[] {
		return this.#events.slice(Math.max(0, place - this.#forgotten));
	}
}
