// The figures as SVG. Bars and whiskers are all there is to draw: vega, which draws the charts of bench/, would double the
// code that each start of this command has to parse.
import { marked } from "../engine/image.ts";
import { kibibytes, milliseconds } from "./render.ts";
import type { BenchReport, Measured, Spread } from "./result.ts";

interface Panel {
	title: string;
	of: (image: Measured) => Spread | null;
	show: (value: number) => string;
}

const PANELS: readonly Panel[] = [
	{ title: "start", of: ({ startMs }) => startMs, show: milliseconds },
	{ title: "stop", of: ({ stopMs }) => stopMs, show: milliseconds },
	{ title: "resident memory of PID 1", of: ({ rssKiB }) => rssKiB, show: kibibytes },
	{ title: "zombies after a storm of orphans", of: zombies, show: String },
];

const WIDTH = 760;
const NAMES = 260;
const BARS = 340;
const ROW = 24;
const HEAD = 34;

/** A panel for each figure, a bar for each image's median, a whisker from the lowest to the highest. */
export function chart(report: BenchReport): string {
	const height = PANELS.length * (HEAD + report.images.length * ROW) + 40;
	const panels = PANELS.map((panel, index) => {
		const top = index * (HEAD + report.images.length * ROW);
		return `<g transform="translate(0 ${top})">${panelOf(panel, report.images)}</g>`;
	});
	const foot = `Medians of ${report.runs} runs in turn, whiskers from the lowest to the highest. ${report.engine}; a start ends with: ${report.ready}.`;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join("\n")}
<text x="10" y="${height - 14}" fill="#555" font-size="11">${escaped(foot)}</text>
</svg>
`;
}

function panelOf({ title, of, show }: Panel, images: readonly Measured[]): string {
	const spreads = images.map(of);
	const most = Math.max(...spreads.map((spread) => spread?.highest ?? 0)) || 1;
	const x = (value: number) => (NAMES + (value / most) * BARS).toFixed(1);
	const rows = images.map((image, index) => {
		const spread = spreads[index];
		const top = HEAD + index * ROW;
		const middle = top + ROW / 2;
		const name = `<text x="${NAMES - 8}" y="${middle + 4}" text-anchor="end">${escaped(shortened(marked(image.image, image.standIn)))}</text>`;
		if (!spread)
			return `${name}<text x="${NAMES}" y="${middle + 4}" fill="#777">not measured</text>`;
		const { median, lowest, highest } = spread;
		const width = (Number(x(median)) - NAMES).toFixed(1);
		const whisker =
			lowest === highest
				? ""
				: `<path d="M${x(lowest)} ${middle}H${x(highest)}" stroke="#222" stroke-width="1.5"/>`;
		return `${name}<rect x="${NAMES}" y="${top + 4}" width="${width}" height="${ROW - 8}" fill="#4c78a8"/>${whisker}<text x="${Number(x(highest)) + 6}" y="${middle + 4}">${escaped(show(median))}</text>`;
	});
	return `<text x="10" y="22" font-weight="bold">${title}</text>${rows.join("")}`;
}

function zombies({ storm }: Measured): Spread | null {
	if (storm === null) return null;
	const value = storm.zombies;
	return { median: value, lowest: value, highest: value, values: [value] };
}

const MOST_LETTERS = 38;

/** The end of a name tells more than its beginning. */
function shortened(name: string): string {
	return name.length > MOST_LETTERS ? `…${name.slice(1 - MOST_LETTERS)}` : name;
}

function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
