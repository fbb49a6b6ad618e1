/** Values of the options of npm run release. Each throws InvalidArgumentError, which commander puts into words. */
import { InvalidArgumentError } from "commander";
import { type ImageName, imageNames } from "../bases/distributions.ts";
import { platformOf } from "../platforms.ts";
import { isDate } from "./tags.ts";

/** Comma-separated names of images. */
export function imagesOf(list: string): readonly ImageName[] {
	return list.split(",").map((asked) => {
		const found = imageNames.find((name) => name === asked);
		if (found !== undefined) return found;
		throw new InvalidArgumentError(`no image ${asked}; there are ${imageNames.join(", ")}`);
	});
}

/** Comma-separated platforms, as docker --platform takes them. */
export function platformsOf(list: string): string[] {
	return list.split(",").map((name) => {
		try {
			return platformOf(name).platform;
		} catch (error) {
			throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
		}
	});
}

/** A day, as 20261123. */
export function dayOf(text: string): string {
	if (isDate(text)) return text;
	throw new InvalidArgumentError("write it as 20261123");
}

/** A part of a name of an image: the specification of OCI distribution, "pulling manifests"; a registry may have a port. */
export function nameOf(text: string): string {
	if (/^[a-z0-9]+([._/-]+[a-z0-9]+)*(:\d+)?$/.test(text)) return text;
	throw new InvalidArgumentError('it has small letters, digits, ".", "_", "/" and "-"');
}

/** A whole number from 1 on. */
export function numberOf(text: string): number {
	const number = Number(text);
	if (Number.isInteger(number) && number > 0) return number;
	throw new InvalidArgumentError("write it as 1, 2 and so on");
}

/** The day in UTC, as 20261123. */
export function today(): string {
	return new Date().toISOString().slice(0, 10).replaceAll("-", "");
}
