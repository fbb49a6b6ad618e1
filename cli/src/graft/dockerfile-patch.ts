// The same graft as a change to a Dockerfile, for whoever builds the image: printed, never written.
import { relative } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Instruction } from "dockerfile-ast";
import { entrypointOf } from "../command/config.ts";
import { knownInit } from "../command/inits.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import {
	dockerfileSubject,
	type FindBase,
	lineageOf,
	parse,
	type ReadDockerfile,
	words,
} from "../subject/dockerfile.ts";
import type { InitName } from "./names.ts";

const DEFAULT_SHELL = ["/bin/sh", "-c"];

interface Edit {
	/** Lines from here (counted from 0) … */
	from: number;
	/** … up to this one, which stays. */
	to: number;
	lines: readonly string[];
}

/** The patch, for `git apply` and `patch -p1`, and what has to be looked at. */
export async function patchDockerfile(
	given: ReadDockerfile,
	{ init, from }: { init: InitName; from: string },
	findBase: FindBase,
): Promise<{ patch: string; warnings: string[] }> {
	const stages = parse(given);
	const lineage = lineageOf(stages, given);
	const stage = lineage.at(-1);
	const bottom = lineage[0]?.from ?? "scratch";
	if (stage === undefined) throw new Failure(ExitCode.usage, `${given.file} has no stage`);
	const { config } = await dockerfileSubject(given, findBase);
	const [first = ""] = [...config.entrypoint, ...config.cmd];
	if (knownInit(first, config.env) !== undefined) {
		throw new Failure(ExitCode.usage, `${given.file} has an init in front already: ${first}`);
	}
	const warnings: string[] = [];
	const isKnown = bottom === "scratch" || (await findBase(bottom)) !== undefined;
	const own = last(stage.instructions, "ENTRYPOINT");
	if (!isKnown && own === undefined) {
		warnings.push(
			`no engine here has ${bottom}: if it has an ENTRYPOINT, write that behind "--", and its CMD below`,
		);
	}
	const shell = shellOf(stage.instructions);
	const lines = given.text.split("\n");
	const path = `/sbin/${init}`;
	const entrypoint =
		own === undefined
			? config.entrypoint
			: entrypointOf(words(own.getRawArgumentsContent() ?? "", shell));
	const newLine = `ENTRYPOINT ${jsonWords([path, "--", ...entrypoint])}`;
	const copy = `COPY --from=${from} /my_init ${path}`;
	const edits: Edit[] = [];
	if (own !== undefined) {
		const { start, end } = own.getRange();
		edits.push({ from: start.line, to: end.line + 1, lines: [copy, newLine] });
	} else {
		const cmd = last(stage.instructions, "CMD");
		const end = endOf(stage.instructions, stage.line) + 1;
		const at = cmd === undefined ? end : cmd.getRange().start.line;
		// An ENTRYPOINT of its own drops the CMD of the image below.
		const below =
			cmd === undefined && config.cmd.length > 0 ? [`CMD ${jsonWords(config.cmd)}`] : [];
		edits.push({ from: at, to: at, lines: [copy, newLine, ...below] });
	}
	const changed = apply(lines, edits).join("\n");
	const name = relative(".", given.file).replace(/^(\.\.\/)+/, "");
	const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, given.text, changed, "", "", {
		context: 3,
	});
	return { patch: patch.split("\n").slice(1).join("\n"), warnings };
}

function last(instructions: readonly Instruction[], keyword: string): Instruction | undefined {
	return instructions.findLast((instruction) => instruction.getKeyword() === keyword);
}

function shellOf(instructions: readonly Instruction[]): readonly string[] {
	const shell = last(instructions, "SHELL")?.getRawArgumentsContent();
	return shell === undefined || shell === null ? DEFAULT_SHELL : words(shell, []);
}

function endOf(instructions: readonly Instruction[], fallback: number): number {
	return instructions.at(-1)?.getRange().end.line ?? fallback;
}

/** As Dockerfiles are written: with a blank behind each comma. */
function jsonWords(list: readonly string[]): string {
	return `[${list.map((word) => JSON.stringify(word)).join(", ")}]`;
}

function apply(lines: readonly string[], edits: readonly Edit[]): string[] {
	const changed = [...lines];
	for (const { from, to, lines: added } of edits.toReversed()) {
		changed.splice(from, to - from, ...added);
	}
	return changed;
}
