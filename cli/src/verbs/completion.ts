import process from "node:process";
import { Argument, Command, InvalidArgumentError } from "commander";
import type { Verb } from "./verb.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
/** What the scripts themselves ask for; not in the help. */
const IMAGES = "images";

/** `baseimage completion`: a script for a shell. */
export const completionVerb: Verb = () =>
	new Command("completion")
		.summary("a script that has a shell complete verbs, options and images")
		.description(
			"Prints a script by which a shell completes the verbs of this command, their options and values, and the engine's images where an image is wanted.",
		)
		.addArgument(new Argument("<shell>", "the shell").choices(SHELLS).argParser(shellName))
		.addHelpText(
			"after",
			[
				"",
				"Examples:",
				"  source <(baseimage completion bash)",
				"  baseimage completion bash > /etc/bash_completion.d/baseimage",
				`  baseimage completion zsh > "\${fpath[1]}/_baseimage"`,
				"  baseimage completion fish > ~/.config/fish/completions/baseimage.fish",
			].join("\n"),
		)
		.action(async (shell: string, _options: unknown, command: Command) => {
			process.stdout.write(await answer(shell, command.parent ?? command));
		});

function shellName(text: string): string {
	if (text === IMAGES || SHELLS.some((shell) => shell === text)) return text;
	throw new InvalidArgumentError(`Allowed choices are ${SHELLS.join(", ")}.`);
}

async function answer(shell: string, program: Command): Promise<string> {
	if (shell === IMAGES) {
		const { imageNames } = await import("../completion/images.ts");
		return (await imageNames()).map((name) => `${name}\n`).join("");
	}
	const { describeProgram } = await import("../completion/description.ts");
	const described = describeProgram(program);
	if (shell === "zsh") return (await import("../completion/zsh.ts")).zshScript(described);
	if (shell === "fish") return (await import("../completion/fish.ts")).fishScript(described);
	return (await import("../completion/bash.ts")).bashScript(described);
}
