/** A list of packages as an SPDX 2.3 document in JSON: https://spdx.github.io/spdx-spec/v2.3/. */
import type { Package } from "./packages.ts";

export interface Scanned {
	/** ID of os-release(5): debian, alpine; empty where there is none. */
	readonly distribution: string;
	/** VERSION_ID of os-release(5). */
	readonly release: string;
	readonly packages: readonly Package[];
}

/** What is new in each document. */
export interface Occasion {
	/** As RFC 3339 writes it. */
	readonly created: string;
	/** A URI that no other document has. */
	readonly namespace: string;
}

/** Versions of what lies in the binary, which no package manager knows. */
export interface BinaryVersions {
	readonly init: string;
	readonly quickjs: string;
	readonly musl: string;
	readonly toml: string;
}

/** The binary, and what is linked into it. */
export function binaryPackages({ init, quickjs, musl, toml }: BinaryVersions): Package[] {
	const part = { type: "generic", architecture: "", license: "MIT" } as const;
	return [
		{ ...part, name: "baseimage-ts", version: init },
		{ ...part, name: "quickjs", version: quickjs },
		{ ...part, name: "musl", version: musl },
		{ ...part, type: "npm", name: "smol-toml", version: toml, license: "BSD-3-Clause" },
	];
}

/** The document, ready for JSON.stringify. */
export function spdxDocument(scanned: Scanned, { created, namespace }: Occasion): object {
	const root = { SPDXID: "SPDXRef-RootFileSystem", name: "root file system" };
	const packages = scanned.packages.map((entry, index) => ({
		SPDXID: `SPDXRef-Package-${index + 1}`,
		name: entry.name,
		versionInfo: entry.version,
		...unasserted,
		...(entry.license === undefined
			? {}
			: { licenseComments: `License of the package: ${entry.license}` }),
		externalRefs: [
			{
				referenceCategory: "PACKAGE-MANAGER",
				referenceType: "purl",
				referenceLocator: purl(entry, scanned),
			},
		],
	}));
	return {
		spdxVersion: "SPDX-2.3",
		dataLicense: "CC0-1.0",
		SPDXID: "SPDXRef-DOCUMENT",
		name: "baseimage-ts",
		documentNamespace: namespace,
		creationInfo: { created, creators: ["Tool: baseimage-ts-sbom-generator"] },
		packages: [{ ...root, ...unasserted, primaryPackagePurpose: "CONTAINER" }, ...packages],
		relationships: [
			relationship("SPDXRef-DOCUMENT", "DESCRIBES", root.SPDXID),
			...packages.map(({ SPDXID }) => relationship(root.SPDXID, "CONTAINS", SPDXID)),
		],
	};
}

const unasserted = {
	downloadLocation: "NOASSERTION",
	filesAnalyzed: false,
	licenseConcluded: "NOASSERTION",
	licenseDeclared: "NOASSERTION",
	copyrightText: "NOASSERTION",
	supplier: "NOASSERTION",
} as const;

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
	return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** Whose packages are the same for all distributions. */
const ONE_FOR_ALL: readonly Package["type"][] = ["generic", "npm"];

/** Package URL: https://github.com/package-url/purl-spec. */
export function purl(
	{ type, name, version, architecture, source }: Package,
	{ distribution, release }: Pick<Scanned, "distribution" | "release">,
): string {
	const vendor = ONE_FOR_ALL.includes(type) || distribution === "" ? "" : `${part(distribution)}/`;
	const distro = distribution === "" || release === "" ? "" : `${distribution}-${release}`;
	const qualifiers = [
		["arch", architecture],
		["distro", ONE_FOR_ALL.includes(type) ? "" : distro],
		["upstream", source ?? ""],
	].flatMap(([key, value = ""]) => (value === "" ? [] : [`${key}=${part(value)}`]));
	const query = qualifiers.length === 0 ? "" : `?${qualifiers.join("&")}`;
	return `pkg:${type}/${vendor}${part(name)}@${part(version)}${query}`;
}

function part(text: string): string {
	return encodeURIComponent(text).replaceAll("%3A", ":");
}
