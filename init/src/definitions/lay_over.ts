// NAME.toml.d: keys that are laid over those of NAME.toml.
import { READY_KEYS } from "./schema.ts";
import { type Entry, Table } from "./value.ts";

/** Tables of which one key says what is asked: another one takes its place. */
const ONE_OF = ["ready", "test"];

/** Tables merge, key by key; everything else replaces what is there. */
export function layOver(below: Table, above: Table): Table {
	const entries = [...below.entries];
	for (const entry of above.entries) {
		const place = entries.findIndex(({ key }) => key === entry.key);
		const old = entries[place];
		if (old === undefined) entries.push(entry);
		else entries[place] = merged(old, entry);
	}
	return new Table(entries);
}

function merged(short: Entry, above: Entry): Entry {
	const below = spelledOut(short);
	if (!(below.value instanceof Table && above.value instanceof Table)) return above;
	const old = ONE_OF.includes(above.key) ? without(below.value, above.value) : below.value;
	return { ...below, value: layOver(old, above.value) };
}

/** `ready = "sd_notify"` is short for a table, over which a timeout alone can be laid. */
function spelledOut(entry: Entry): Entry {
	const { key, value, place } = entry;
	if (key !== "ready" || value !== "sd_notify") return entry;
	return { key, place, value: new Table([{ key: "sd_notify", value: true, place }]) };
}

/** The ways to ask are left out where the table above has one. */
function without(below: Table, above: Table): Table {
	const isWay = ({ key }: Entry): boolean => key !== "timeout" && Object.hasOwn(READY_KEYS, key);
	return above.entries.some(isWay)
		? new Table(below.entries.filter((entry) => !isWay(entry)))
		: below;
}
