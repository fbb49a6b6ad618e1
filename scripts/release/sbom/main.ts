/**
 * The generator of SBOMs that BuildKit runs over an image: https://github.com/moby/buildkit/blob/master/docs/attestations/sbom-protocol.md.
 * It runs in QuickJS's interpreter, in the image that Dockerfile beside it makes.
 */
import * as std from "std";
import { apkPackages, dpkgPackages, type Package, RPM_FORMAT, rpmPackages } from "./packages.ts";
import { type BinaryVersions, binaryPackages, spdxDocument } from "./spdx.ts";

/** Set when this is bundled: bundle.ts. */
declare const VERSIONS: BinaryVersions;

const RPM_DATABASES = ["usr/lib/sysimage/rpm", "var/lib/rpm"];
const APK_DATABASES = ["lib/apk/db/installed", "usr/lib/apk/db/installed"];
const BINARIES = ["my_init", "sbin/my_init", "usr/sbin/my_init", "usr/bin/my_init"];

function main(): void {
	const root = std.getenv("BUILDKIT_SCAN_SOURCE");
	const out = std.getenv("BUILDKIT_SCAN_DESTINATION");
	if (root === undefined || out === undefined) {
		fail("BUILDKIT_SCAN_SOURCE and BUILDKIT_SCAN_DESTINATION must be set, as BuildKit does");
	}
	const release = std.loadFile(`${root}/etc/os-release`) ?? "";
	const scanned = {
		distribution: variableOf(release, "ID"),
		release: variableOf(release, "VERSION_ID"),
		packages: [...installed(root), ...own(root)],
	};
	const created = new Date().toISOString().replace(/\.\d+/, "");
	const document = spdxDocument(scanned, { created, namespace: `urn:uuid:${uuid()}` });
	const statement = {
		_type: "https://in-toto.io/Statement/v0.1",
		predicateType: "https://spdx.dev/Document",
		predicate: document,
	};
	const file = std.open(`${out}/packages.spdx.json`, "w");
	if (file === null) fail(`${out} cannot be written`);
	file.puts(JSON.stringify(statement));
	if (file.close() !== 0) fail(`${out} cannot be written`);
}

function installed(root: string): Package[] {
	const dpkg = std.loadFile(`${root}/var/lib/dpkg/status`) ?? "";
	const apk = APK_DATABASES.map((path) => std.loadFile(`${root}/${path}`) ?? "");
	const rpm = RPM_DATABASES.find((path) => exists(`${root}/${path}/rpmdb.sqlite`));
	return [
		...dpkgPackages(dpkg),
		...apk.flatMap(apkPackages),
		...(rpm === undefined ? [] : rpmPackages(queried(`${root}/${rpm}`))),
	];
}

/** The database is copied: rpm would write beside it, and the image is read-only. */
function queried(database: string): string {
	const command = `set -e; copy=$(mktemp -d); cp -r "${database}/." "$copy"; exec rpm --dbpath "$copy" --query --all --queryformat '${RPM_FORMAT}'`;
	const output = std.popen(command, "r");
	const text = output?.readAsString() ?? "";
	if (output === null || output.close() !== 0) fail(`rpm cannot read ${database}`);
	return text;
}

function own(root: string): Package[] {
	const has = BINARIES.some((path) => exists(`${root}/${path}`));
	return has ? binaryPackages(VERSIONS) : [];
}

function exists(path: string): boolean {
	const file = std.open(path, "r");
	file?.close();
	return file !== null;
}

/** Of a file of shell variables: os-release(5). */
function variableOf(text: string, name: string): string {
	return new RegExp(`^${name}=["']?([^"'\n]*)`, "m").exec(text)?.[1] ?? "";
}

function uuid(): string {
	const digits = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16));
	digits[12] = "4";
	digits[16] = "8";
	return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function fail(message: string): never {
	std.err.puts(`sbom-generator: error: ${message}\n`);
	std.exit(1);
}

main();
