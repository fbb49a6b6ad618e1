import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { NAMES } from "../../../init/src/programs/program.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import type { Verb } from "./verb.ts";

interface InitOptions {
	output: string;
	platform?: string[];
	name?: string;
	sha256?: string;
	force?: true;
}

const DEFAULT_NAME = "my_init";

/** `baseimage init`: the static binary alone, out of this command. */
export const initVerb: Verb = () =>
	new Command("init")
		.summary("the init's static binary alone, as a file")
		.description(
			"Writes the init's static binary, which this command carries, with mode 0755. It needs no engine and no network. What was written is read back and compared; its sha256 is said as sha256sum does.",
		)
		.requiredOption(
			"-o, --output <path>",
			"a file, a folder for a file of the init's name, or - for stdout",
		)
		.option(
			"--platform <platform...>",
			"such as linux/arm64; several: into a folder, NAME-linux-arm64 and so on (default: this machine's)",
		)
		.addOption(
			new Option(
				"--name <name>",
				"the name in a folder: the binary is the init that it is called as",
			).choices(NAMES),
		)
		.option("--sha256 <hex>", "refuse to write a binary with another checksum", checksum)
		.option("--force", "replace a file that exists")
		.addHelpText(
			"after",
			[
				"",
				"Ends with 2 for an unknown platform, a path that exists, or a folder that does not; with 1 when",
				"the checksum is not that of --sha256; with 111 when the path cannot be written.",
				"",
				"Examples:",
				"  baseimage init -o ./my_init",
				"  baseimage init -o rootfs/usr/bin/ --name tini --platform linux/arm64",
				"  baseimage init -o dist/ --platform linux/amd64 linux/arm64",
				"  baseimage init -o - > my_init",
			].join("\n"),
		)
		.action(async (options: InitOptions) => {
			await run(options);
		});

async function run(options: InitOptions): Promise<void> {
	const { binaryFor, binaryPlatforms, platformName } = await import("../binaries.ts");
	const { join } = await import("node:path");
	const { meansFolder, sha256, writeBinary } = await import("../init/files.ts");

	if (options.output === "") {
		throw new Failure(
			ExitCode.usage,
			"--output is empty",
			"Name a file, a folder or - for stdout.",
		);
	}
	const known = await binaryPlatforms();
	const platforms = (options.platform ?? [machinePlatform()]).map((name) => {
		const platform = parsePlatform(name);
		if (!known.includes(platformName(platform))) throw unknownPlatform(name, known);
		return platform;
	});
	const { output, name = DEFAULT_NAME } = options;
	const isMany = platforms.length > 1;
	const isFolder = output !== "-" && meansFolder(output);
	if (isMany && !isFolder) {
		const what = `${platforms.length} platforms do not fit into one file, ${output}`;
		throw new Failure(ExitCode.usage, what, "Name a folder (with / at its end), or one platform.");
	}
	if (options.name !== undefined && !isFolder) {
		const what = `--name is for a folder, and ${output} is none`;
		throw new Failure(
			ExitCode.usage,
			what,
			"Name a folder (with / at its end), or leave --name out.",
		);
	}
	for (const platform of platforms) {
		const binary = await binaryFor(platform);
		const sum = sha256(binary);
		if (options.sha256 !== undefined && options.sha256 !== sum) {
			throw new Failure(
				ExitCode.fault,
				`the binary for ${platformName(platform)} has the sha256 ${sum}, not ${options.sha256}`,
				"Nothing was written. Is it another version of this command, or another platform?",
			);
		}
		if (output === "-") {
			await writeToStdout(binary, options.force === true);
			continue;
		}
		const suffix = isMany ? `-${platformName(platform).replaceAll("/", "-")}` : "";
		const path = isFolder ? join(output, `${name}${suffix}`) : output;
		writeBinary(path, binary, options.force === true);
		process.stdout.write(`${sum}  ${path}\n`);
	}
}

async function writeToStdout(binary: Buffer, force: boolean): Promise<void> {
	if (process.stdout.isTTY && !force) {
		const remedy = "Redirect it: baseimage init -o - > my_init";
		throw new Failure(ExitCode.usage, "a binary is nothing for a terminal", remedy);
	}
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	process.stdout.on("error", reject);
	process.stdout.write(binary, () => resolve());
	try {
		await promise;
	} catch (thrown) {
		throw new Failure(ExitCode.system, `writing to stdout: ${messageOf(thrown)}`);
	}
}

/** The platform of containers on this machine: Linux, whatever runs them. */
function machinePlatform(): string {
	return `linux/${process.arch === "x64" ? "amd64" : process.arch}`;
}

/** What people write for an architecture, in Go's words. */
const ALIASES: Readonly<Record<string, string>> = {
	x86_64: "amd64",
	x64: "amd64",
	aarch64: "arm64",
	armhf: "arm",
	ppc64el: "ppc64le",
};

function parsePlatform(text: string): { os: string; architecture: string; variant?: string } {
	const words = text.toLowerCase().split("/");
	const [os = "", architecture = "", variant] = words.length === 1 ? ["linux", ...words] : words;
	return {
		os,
		architecture: ALIASES[architecture] ?? architecture,
		...(variant !== undefined && { variant }),
	};
}

function unknownPlatform(name: string, known: readonly string[]): Failure {
	return new Failure(
		ExitCode.usage,
		`there is no init for the platform "${name}"`,
		known.length === 0
			? "This command was started from its sources, and nothing was built: npm run build"
			: `There are: ${known.join(", ")}`,
	);
}

function checksum(text: string): string {
	const sum = text.toLowerCase().replace(/^sha256:/, "");
	if (!/^[0-9a-f]{64}$/.test(sum)) {
		throw new InvalidArgumentError("It must be 64 hexadecimal digits.");
	}
	return sum;
}
