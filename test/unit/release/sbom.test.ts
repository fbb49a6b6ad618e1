// The SBOM generator's reading of package databases, and the document that it writes.
import { describe, expect, test } from "vitest";
import { apkPackages, dpkgPackages, rpmPackages } from "../../../scripts/release/sbom/packages.ts";
import { purl, spdxDocument } from "../../../scripts/release/sbom/spdx.ts";

const DEB = { type: "deb", name: "libc6", version: "2.41-12", architecture: "amd64" } as const;
const DEBIAN = { distribution: "debian", release: "13" };

describe("dpkgPackages()", () => {
	test("reads installed packages, with their source", () => {
		const status = [
			"Package: libc6\nStatus: install ok installed\nSource: glibc (2.41)\nArchitecture: amd64\nVersion: 2.41-12\nDescription: a\n b",
			"Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.5.12-12",
			"Package: old\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1",
		].join("\n\n");
		expect(dpkgPackages(`${status}\n`)).toEqual([
			{ ...DEB, source: "glibc" },
			{ type: "deb", name: "dash", version: "0.5.12-12", architecture: "amd64" },
		]);
	});

	test("reads nothing out of nothing, or of garbage", () => {
		expect(dpkgPackages("")).toEqual([]);
		expect(dpkgPackages("\0\0\nPackage\n\n:::\n")).toEqual([]);
	});
});

describe("apkPackages()", () => {
	test("reads name, version, architecture, license and origin", () => {
		const installed =
			"C:Q1\nP:musl-utils\nV:1.2.5-r1\nA:x86_64\nL:MIT AND BSD-2-Clause\no:musl\n\nP:musl\nV:1.2.5-r1\nA:x86_64\nL:MIT\no:musl\n\n";
		expect(apkPackages(installed)).toEqual([
			{
				...{ type: "apk", name: "musl-utils", version: "1.2.5-r1", architecture: "x86_64" },
				...{ license: "MIT AND BSD-2-Clause", source: "musl" },
			},
			{ type: "apk", name: "musl", version: "1.2.5-r1", architecture: "x86_64", license: "MIT" },
		]);
	});
});

describe("rpmPackages()", () => {
	test("joins an epoch to the version, and leaves keys out", () => {
		const output =
			"bash\t0\t5.2-1.el10\tx86_64\tGPL-3.0-or-later\nbind\t32\t9.18-1\tx86_64\tMPL-2.0\ngpg-pubkey\t0\t1-1\t(none)\tpubkey\n";
		expect(rpmPackages(output).map(({ name, version }) => [name, version])).toEqual([
			["bash", "5.2-1.el10"],
			["bind", "32:9.18-1"],
		]);
	});
});

describe("purl()", () => {
	test("names a package of a distribution", () => {
		expect(purl({ ...DEB, source: "glibc" }, DEBIAN)).toBe(
			"pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc",
		);
	});

	test("escapes what a URL cannot hold", () => {
		expect(purl({ ...DEB, name: "libstdc++6", version: "1:2~a+b" }, DEBIAN)).toContain(
			"libstdc%2B%2B6@1:2~a%2Bb",
		);
	});

	test("names what no package manager knows", () => {
		const quickjs = {
			type: "generic",
			name: "quickjs",
			version: "2025-04-26",
			architecture: "",
		} as const;
		expect(purl(quickjs, DEBIAN)).toBe("pkg:generic/quickjs@2025-04-26");
	});
});

describe("spdxDocument()", () => {
	const occasion = { created: "2026-11-23T00:00:00Z", namespace: "urn:uuid:1" };

	test("describes a root file system that contains each package, once", () => {
		const document: Record<string, unknown> = {
			...spdxDocument({ ...DEBIAN, packages: [DEB, { ...DEB, name: "dash" }] }, occasion),
		};
		expect(document).toMatchObject({
			spdxVersion: "SPDX-2.3",
			SPDXID: "SPDXRef-DOCUMENT",
			documentNamespace: "urn:uuid:1",
			packages: [{ name: "root file system" }, { name: "libc6" }, { name: "dash" }],
			relationships: [
				{ relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-RootFileSystem" },
				{ relationshipType: "CONTAINS", relatedSpdxElement: "SPDXRef-Package-1" },
				{ relationshipType: "CONTAINS", relatedSpdxElement: "SPDXRef-Package-2" },
			],
		});
	});
});
