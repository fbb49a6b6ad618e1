/** What all charts have in common. */
import type { Config } from "vega-lite";

export const CHART_STYLE: Config = {
	background: "white",
	padding: 12,
	font: "system-ui, sans-serif",
	axis: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal", grid: false },
	view: { stroke: null },
	title: { fontSize: 13, anchor: "start", fontWeight: "bold" },
};

/** Bars have their names beside them, so that nothing depends on colours. */
export const ROLE_COLOURS = { ours: "#0b6e4f", peer: "#9aa5b1", floor: "#d9dee3" };

/** Ours first; the others differ in lightness too, and in their dashes. */
export const LINE_COLOURS = ["#0b6e4f", "#1f4e79", "#6fa8dc", "#b45f06", "#f6b26b", "#777", "#bbb"];
