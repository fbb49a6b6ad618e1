/** The one policy of tags: what an image of a release is called in a registry. docs/tags.md tells users. */
import type { ImageName } from "../bases/distributions.ts";

/** What a release is, as far as its tags tell. */
export interface Release {
	/** Semantic version, such as 1.4.2 or 1.5.0-rc.1. */
	readonly version: string;
	/** Day of the release, UTC: 20261123. */
	readonly date: string;
	/** 1 for the first release of the day. */
	readonly serial: number;
}

export interface Tags {
	/** Names one build for ever: a release never overwrites it. */
	readonly dated: string;
	/** Move on with each release. */
	readonly moving: readonly string[];
}

/** The image that bare versions and `latest` mean. */
const MAIN_IMAGE: ImageName = "ubuntu";

/** What the distribution calls the release that the base is of, beside its number. */
const RELEASES: Record<ImageName, readonly string[]> = {
	ubuntu: ["24.04", "noble"],
	debian: ["13", "trixie"],
	centos: ["stream10"],
	alpine: ["3.23"],
	"ubuntu-full": ["24.04", "noble"],
	"debian-full": ["13", "trixie"],
	extras: [],
	init: [],
};

/** Source: the specification of OCI distribution, "pulling manifests". */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** https://semver.org, without build metadata, for which a tag has no sign. */
const VERSION =
	/^(?<major>0|[1-9]\d*)\.(?<minor>0|[1-9]\d*)\.(0|[1-9]\d*)(?<prerelease>-[0-9A-Za-z.-]+)?$/;

/**
 * All tags of an image. Those that move are left out for a pre-release, but for the ones that name it; `0` is no tag, since
 * nothing is promised between 0.1 and 0.2.
 * @throws for a version, date or serial number that gives no tag.
 */
export function tagsOf(image: ImageName, { version, date, serial }: Release): Tags {
	const numbers = versionNumbers(version);
	const named = RELEASES[image].map((release) => `${image}-${release}`);
	const versions = numbers.flatMap((number) => [
		...(image === MAIN_IMAGE ? [number] : []),
		`${number}-${image}`,
	]);
	const [release] = named;
	const exact = release === undefined ? [] : [`${version}-${release}`];
	const isPrerelease = version.includes("-");
	const moving = isPrerelease ? [...versions, ...exact] : [image, ...named, ...versions, ...exact];
	const latest = image === MAIN_IMAGE && !isPrerelease ? ["latest"] : [];
	const tags = { dated: datedTag(image, date, serial), moving: [...moving, ...latest] };
	const wrong = [tags.dated, ...tags.moving].find((tag) => !TAG.test(tag));
	if (wrong === undefined) return tags;
	throw new Error(`${wrong} is no tag: at most 128 letters, digits, ".", "_" and "-"`);
}

/** `ubuntu-20261123`, and `ubuntu-20261123.2` for the second of the day. @throws for no date or serial number. */
export function datedTag(image: ImageName, date: string, serial: number): string {
	if (!isDate(date)) throw new Error(`"${date}" is no date; write it as 20261123`);
	if (!Number.isInteger(serial) || serial < 1) {
		throw new Error(`"${serial}" is no serial number; the first release of a day has 1`);
	}
	return serial === 1 ? `${image}-${date}` : `${image}-${date}.${serial}`;
}

/** The serial number of the dated tag; undefined where the tag is another image's, another day's or no dated one. */
export function serialOf(tag: string, image: ImageName, date: string): number | undefined {
	if (tag === `${image}-${date}`) return 1;
	const prefix = `${image}-${date}.`;
	const rest = tag.startsWith(prefix) ? tag.slice(prefix.length) : "";
	return /^([2-9]|[1-9]\d+)$/.test(rest) ? Number(rest) : undefined;
}

/** Whether a tag of that image names one build for ever. */
export function isDatedTag(tag: string): boolean {
	return /-\d{8}(\.\d+)?$/.test(tag);
}

/** 1.4.2 as 1, 1.4 and 1.4.2. */
function versionNumbers(version: string): string[] {
	const { major, minor, prerelease } = VERSION.exec(version)?.groups ?? {};
	if (major === undefined || minor === undefined) {
		throw new Error(`"${version}" is no version for a tag; write it as 1.4.2 or 1.4.2-rc.1`);
	}
	if (prerelease !== undefined) return [version];
	return [...(major === "0" ? [] : [major]), `${major}.${minor}`, version];
}

/** Whether it is a day, as 20261123. */
export function isDate(date: string): boolean {
	const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
	if (year === undefined) return false;
	const time = new Date(`${year}-${month}-${day}T00:00:00Z`);
	return !Number.isNaN(time.valueOf()) && time.toISOString().startsWith(`${year}-${month}-${day}`);
}
