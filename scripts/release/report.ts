/** A plan for people. */
import Table from "cli-table3";
import { machinePlatform } from "../platforms.ts";
import type { Plan } from "./plan.ts";

const PLAIN = { head: [], border: [] };

/** Every reference that would be pushed, and what each platform gets. */
export function planText(plan: Plan, signing: string): string {
	const images = new Table({ head: ["image", "tags", "index"], style: PLAIN });
	const platforms = new Table({
		head: ["image", "platform", "manifest", "size", "ours", "attested"],
		colAligns: ["left", "left", "left", "right", "right", "left"],
		style: PLAIN,
	});
	for (const { name, image, tags } of plan.images) {
		images.push([name, [tags.dated, ...tags.moving].join("\n"), short(image.digest)]);
		for (const { platform, digest, layerBytes, attested } of image.platforms) {
			const all = layerBytes.reduce((sum, bytes) => sum + bytes, 0);
			// A lean image is one layer over its base; of the others it is the last that is meant as well.
			const ours = layerBytes.at(-1) ?? 0;
			platforms.push([
				...[name, platform, short(digest), sizeText(all), sizeText(ours)],
				attested.map(kindOf).join(", ") || "no",
			]);
		}
	}
	return [
		`${plan.repository}${plan.standin ? " (stand-in bases)" : ""}`,
		images.toString(),
		platforms.toString(),
		`Sizes are compressed; "ours" is the last layer. Signatures: ${signing}. Built on ${machinePlatform().platform}.`,
	].join("\n");
}

/** The plan as a value for JSON. */
export function planValue(plan: Plan, signing: string): object {
	return {
		repository: plan.repository,
		standin: plan.standin,
		signing,
		images: plan.images.map(({ name, image, tags }) => ({
			name,
			digest: image.digest,
			tags: [tags.dated, ...tags.moving],
			platforms: image.platforms.map(({ platform, digest, layerBytes, attested }) => ({
				...{ platform, digest, layerBytes, attested },
			})),
		})),
	};
}

function short(digest: string): string {
	return digest.slice(0, "sha256:".length + 12);
}

function kindOf(type: string): string {
	if (type.startsWith("https://spdx.dev/")) return "SBOM";
	return type.startsWith("https://slsa.dev/provenance/") ? "provenance" : type;
}

function sizeText(bytes: number): string {
	const kib = bytes / 1_024;
	return kib < 1_024 ? `${kib.toFixed(0)} KB` : `${(kib / 1_024).toFixed(1)} MB`;
}
