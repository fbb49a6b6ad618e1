import { createTwoFilesPatch } from "diff";
import { field, membersOf, textMapAt } from "../json.ts";
import { GRAFT_LABELS, graftedMembers } from "./image-config.ts";
import { type InitName, initPath } from "./names.ts";

/** What a graft would change in a configuration, as a unified difference of its JSON. */
export function configDifference(
	config: unknown,
	{ reference, tag, init }: { reference: string; tag: string; init: InitName },
): string {
	const labels = {
		[GRAFT_LABELS.name]: init,
		[GRAFT_LABELS.of]: reference,
		[GRAFT_LABELS.config]: "(the original configuration, compressed)",
		[GRAFT_LABELS.manifest]: "(the original manifest, compressed)",
	};
	const before = sorted(config);
	const after = sorted(graftedMembers(config, init, labels));
	const patch = createTwoFilesPatch(reference, tag, json(before), json(after), "", "", {
		context: 2,
	});
	// Its first line is a rule of equals signs.
	const lines = patch.split("\n").slice(1);
	return [...lines, `+ one layer with ${initPath(init)}`].join("\n");
}

/** In the order of their names, as engines don't keep one; without what is empty. */
function sorted(config: unknown): Record<string, unknown> {
	const members = Object.entries(membersOf(config)).filter(
		([, value]) => value !== null && value !== "" && value !== false,
	);
	const labels = textMapAt(field({ config }, "config"), "Labels");
	const inOrder = [...members, ["Labels", byName(labels)] as const].toSorted(([a], [b]) =>
		a < b ? -1 : 1,
	);
	return Object.fromEntries(inOrder);
}

function byName(labels: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function json(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}
