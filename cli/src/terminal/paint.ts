import { styleText } from "node:util";

/** What a piece of text means; the colour follows from it. */
export type Tone = "good" | "bad" | "quiet" | "strong";

/** Gives a text its colour, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const STYLES = { good: "green", bad: "red", quiet: "dim", strong: "bold" } as const;

/** Colours only on a terminal, and never against NO_COLOR (https://no-color.org). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
	return (tone, text) => styleText(STYLES[tone], text, { stream });
}

/** No colours at all. */
export const plainPaint: Paint = (_tone, text) => text;
