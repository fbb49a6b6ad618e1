/** Package sources of another release of the machine's own distribution, derived from the machine's own: our files name no host. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One archive that the machine is set up to use. */
export interface AptSource {
	readonly uris: string;
	readonly suites: readonly string[];
	readonly components: readonly string[];
	/** Value of Signed-By as it stands there: a key file, or a whole key with its line breaks. */
	readonly signedBy: string | undefined;
}

/** Reads one-line entries (`deb [signed-by=…] URI SUITE COMPONENT…`); what is not a binary archive is left out. */
export function parseOneLineSources(text: string): AptSource[] {
	return text.split("\n").flatMap((line) => {
		const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
		if (!match) return [];
		const [, options = "", uris = "", suite = "", components = ""] = match;
		return [
			{
				uris,
				suites: [suite],
				components: words(components),
				signedBy: /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1],
			},
		];
	});
}

/** Reads deb822 stanzas (sources.list(5)); disabled ones and source archives are left out. */
export function parseDeb822Sources(text: string): AptSource[] {
	const withoutComments = text.replace(/^#.*\n?/gm, "");
	return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
		const field = (name: string): string | undefined =>
			new RegExp(`^${name}:[ \\t]*((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.trimEnd();
		const uris = field("URIs");
		const suites = words(field("Suites"));
		const enabled = !/^(no|false|0)$/i.test(field("Enabled") ?? "yes");
		if (uris === undefined || !enabled || !words(field("Types")).includes("deb")) return [];
		return [{ uris, suites, components: words(field("Components")), signedBy: field("Signed-By") }];
	});
}

/** All binary archives of the machine. */
export async function machineSources(aptDir = "/etc/apt"): Promise<AptSource[]> {
	const partsDir = join(aptDir, "sources.list.d");
	const parts = await readdir(partsDir).catch(() => []);
	const files = [
		join(aptDir, "sources.list"),
		...parts.sort().map((name) => join(partsDir, name)),
	].filter((file) => /\.(list|sources)$/.test(file));
	const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
	return texts.flatMap((text, index) =>
		files[index]?.endsWith(".sources") ? parseDeb822Sources(text) : parseOneLineSources(text),
	);
}

/** The archive that carries the machine's own release, the one to ask for another release. */
export function mainSource(sources: readonly AptSource[], codename: string): AptSource | undefined {
	const aliases = [codename, "stable", "testing", "unstable", "sid", "oldstable"];
	for (const suite of aliases) {
		const found = sources.find((source) => source.suites.includes(suite));
		if (found) return found;
	}
	return undefined;
}

/** A deb822 stanza for `suites` in the archive that `source` names. */
export function deb822(source: AptSource, suites: readonly string[]): string {
	const lines = [
		"Types: deb",
		`URIs: ${source.uris}`,
		`Suites: ${suites.join(" ")}`,
		`Components: ${source.components.join(" ")}`,
	];
	if (source.signedBy !== undefined) lines.push(`Signed-By: ${source.signedBy}`);
	return `${lines.join("\n")}\n`;
}

/** One-line form with the machine's key file, as mmdebstrap takes it. Undefined where the key is written out in the source itself. */
export function oneLine(source: AptSource, suite: string): string | undefined {
	if (source.signedBy?.includes("\n")) return undefined;
	const [uri] = words(source.uris);
	return `deb ${uri} ${suite} ${source.components.join(" ")}`;
}

function words(text: string | undefined): string[] {
	return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
