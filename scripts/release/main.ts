// npm run release: builds all that a registry gets, pushes and signs it, and makes the files of a release.
//
//   npm run release -- --dry-run                            builds, and prints all that would be pushed
//   npm run release -- --registry R --org O --keyless       in a workflow
//   npm run release -- reproduce --images ubuntu,init       builds once more, elsewhere and from nothing, and compares
//   npm run release -- merge ONE.tar OTHER.tar              puts together what two machines have built
//   npm run release -- refresh                              pins the bases to what their tags name today
//
// Exit codes: 0 done, 1 a build, a push or a signature failed, 2 bad options, 3 refused: nothing was pushed.
import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { type BaseChoice, baseChoices } from "../bases/bases.ts";
import { type ImageName, imageNames } from "../bases/distributions.ts";
import { ensureEngine } from "../engine/engine.ts";
import { root } from "../root.ts";
import { ASSETS, writeAssets } from "./assets.ts";
import { buildRelease, factsOf, type ReleaseBuild } from "./build.ts";
import { mergeParts } from "./merge.ts";
import { chooseSerial, isStandin, objections, planRelease, readImages } from "./plan.ts";
import { publish, publishedOn } from "./publish.ts";
import { refreshBases } from "./refresh.ts";
import { planText, planValue } from "./report.ts";
import { isLoopback, Repository } from "./repository.ts";
import { comparisonText, reproduce } from "./reproduce.ts";
import type { Signer } from "./sign.ts";
import { dayOf, imagesOf, nameOf, numberOf, platformsOf, today } from "./values.ts";

const REFUSED = 3;
const USAGE = 2;

interface Options {
	readonly dryRun?: true;
	readonly build: boolean;
	readonly cold?: true;
	readonly registry: string;
	readonly org: string;
	readonly images: readonly ImageName[];
	readonly platform?: readonly string[];
	readonly bases: BaseChoice;
	readonly date: string;
	readonly serial?: number;
	readonly key?: string;
	readonly keyless?: true;
	readonly source?: string;
	readonly assets: string;
	readonly also?: string;
	readonly json?: true;
}

const program = new Command("release")
	.description("build all that a registry gets, push and sign it")
	.option("--dry-run", "push nothing; print what would be pushed")
	.option("--no-build", "take what the last build left in build/release")
	.option("--cold", "make everything anew, take nothing from the build cache")
	.addOption(
		new Option("--registry <host>", "registry to push to")
			.env("REGISTRY")
			.argParser(nameOf)
			.default(""),
	)
	.addOption(
		new Option("--org <name>", "owner of the repository baseimage-ts in it")
			.env("ORG")
			.argParser(nameOf)
			.default(""),
	)
	.option("--images <list>", "comma-separated; default: all", imagesOf, imageNames)
	.option("--platform <list>", "comma-separated; default: all that a base has", platformsOf)
	.addOption(new Option("--bases <which>", "the base images").choices(baseChoices).default("auto"))
	.option("--date <day>", "of the dated tags, as 20261123", dayOf, today())
	.option("--serial <number>", "of the day's releases; default: the next", numberOf)
	.option("--key <file>", "sign with this private key of cosign's")
	.addOption(new Option("--keyless", "sign with the identity of the workflow").conflicts("key"))
	.option("--source <url>", "address of the repository, for labels")
	.option("--assets <folder>", "where the files of the release are written", ASSETS)
	.option("--also <folder>", "whose files are of the release, too: the executables of baseimage")
	.option("--json", "print the plan as JSON")
	.action(release);

program
	.command("refresh")
	.description("write the digests that the tags of the bases name today into docker-bake.hcl")
	.option("--check", "write nothing; exit with 3 where a base has moved on")
	.action(async ({ check }: { check?: true }) => {
		const moved = await refreshBases(await ensureEngine(), { isDry: check === true });
		for (const { name, from, to } of moved) console.log(`${name}: ${from} -> ${to}`);
		if (moved.length === 0) console.log("all bases are what their tags name");
		if (check === true && moved.length > 0) process.exitCode = REFUSED;
	});

program
	.command("reproduce")
	.description("build once more, elsewhere and from nothing, and compare the digests")
	.action(reproduceImages);

program
	.command("merge")
	.description("put together what several machines have built: archives with layouts and binaries")
	.argument("<archive...>")
	.action(mergeParts);

async function release(options: Options): Promise<void> {
	const isDry = options.dryRun === true;
	const signer = signerOf(options);
	if (!isDry && (options.registry === "" || options.org === "")) {
		throw new UsageError("name where to push to: --registry and --org, or REGISTRY and ORG");
	}
	if (!isDry && signer === undefined && !isLoopback(options.registry)) {
		throw new UsageError("a release is signed: --keyless in a workflow, or --key FILE");
	}
	// Now, and not when the first tag is pushed already.
	if (signer?.kind === "key" && !existsSync(signer.file)) {
		throw new UsageError(`there is no key ${signer.file}; cosign generate-key-pair makes one`);
	}
	if (options.also !== undefined && !existsSync(options.also)) {
		throw new UsageError(`--also: there is no folder ${options.also}`);
	}
	const engine = await ensureEngine();
	const built = options.build
		? await buildRelease(engine, buildOf(options))
		: { standin: false, images: options.images };
	const images = await readImages(built.images);
	const names = [options.registry, options.org || "org", "baseimage-ts"];
	const repository = names.filter((part) => part !== "").join("/");
	const target = options.registry === "" ? undefined : await Repository.open(repository);
	const published = target === undefined ? new Map() : await publishedOn(target, options.date);
	const serial = options.serial ?? chooseSerial(images, options.date, published);
	const { version } = await factsOf(root);
	const standin = built.standin || images.some(({ image }) => isStandin(image));
	const plan = planRelease(
		images,
		{ version, date: options.date, serial },
		{ repository, standin },
	);
	const signing = signer === undefined ? "none" : signer.kind;
	console.log(
		options.json === true
			? JSON.stringify(planValue(plan, signing), undefined, "\t")
			: planText(plan, signing),
	);
	const against = objections(plan, published);
	for (const reason of against)
		console.error(`release: ${isDry ? "would be refused" : "refused"}: ${reason}`);
	if (isDry || target === undefined) {
		console.error("release: a dry run: nothing was pushed");
		return;
	}
	if (against.length > 0) {
		process.exitCode = REFUSED;
		return;
	}
	await publish(plan, target, signer);
	const { assets: folder, also } = options;
	const assets = await writeAssets(plan, signer, { folder, ...(also !== undefined && { also }) });
	console.error(`release: done; ${assets.length} files in ${folder}`);
}

/** Builds, unless told otherwise, and then builds once more. Exit code 1 where a digest differs. */
async function reproduceImages(_: unknown, command: Command): Promise<void> {
	const options = command.optsWithGlobals<Options>();
	const engine = await ensureEngine();
	const build = buildOf(options);
	if (options.build) await buildRelease(engine, build);
	const comparisons = await reproduce(engine, build);
	console.log(
		options.json === true
			? JSON.stringify(comparisons, undefined, "\t")
			: comparisonText(comparisons),
	);
	const isSame = comparisons.every(({ digests: [one, other] }) => one === other);
	if (!isSame) process.exitCode = 1;
}

function buildOf({ images, platform, bases, source, cold }: Options): ReleaseBuild {
	return {
		...{ images, bases, isCold: cold === true },
		...(platform === undefined ? {} : { platforms: platform }),
		...(source === undefined ? {} : { source }),
	};
}

class UsageError extends Error {}

function signerOf({ key, keyless }: Options): Signer | undefined {
	if (key !== undefined) return { kind: "key", file: key };
	return keyless === true ? { kind: "keyless" } : undefined;
}

program.exitOverride();
program.parseAsync().catch((error: unknown) => {
	// Commander has said it; its own code is 0 for --help.
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : USAGE;
		return;
	}
	console.error(`release: error: ${error instanceof Error ? error.message : error}`);
	process.exitCode = error instanceof UsageError ? USAGE : 1;
});
