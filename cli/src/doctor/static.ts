// What can be told without starting anything: from the configuration and the scripts that it names.

import { endsWithExec, isOneCommand } from "../../../init/src/explain/shell_text.ts";
import {
	chainOf,
	firstThatStays,
	type Link,
	type ReadScript,
	waitsForAll,
} from "../command/chain.ts";
import {
	argvOf,
	DEFAULT_STOP_S,
	type StartConfig,
	signalText,
	stopSignalOf,
} from "../command/config.ts";
import { baseName } from "../command/inits.ts";
import { type KnownProgram, knownProgram } from "../command/programs.ts";
import { type Finding, failed, passed, skipped } from "./finding.ts";
import { appStopTimeouts } from "./stop-timeouts.ts";

/** What every rule looks at. */
export interface Plan {
	config: StartConfig;
	argv: readonly string[];
	chain: readonly Link[];
	/** The one that is PID 1 while the container runs. */
	first: Link | undefined;
	/** Why scripts could not be read; undefined: they could. */
	unread?: string;
}

/** Follows the configuration's command to its program. */
export async function planOf(
	config: StartConfig,
	read: ReadScript,
	unread?: string,
): Promise<Plan> {
	const argv = argvOf(config);
	const chain = await chainOf(argv, { env: config.env, read });
	const first = firstThatStays(chain);
	return { config, argv, chain, first, ...(unread !== undefined && { unread }) };
}

/** The verdicts of all static rules. */
export function judgeStatic(plan: Plan): Finding[] {
	return [
		shellForm(plan),
		shellAsPid1(plan),
		scriptWithoutExec(plan),
		knownInitFirst(plan),
		stopSignal(plan),
		healthCheck(plan),
		...stopTimeout(plan),
	];
}

function isShellForm(words: readonly string[]): boolean {
	return /^\/bin\/(ba|da|a)?sh$/.test(words[0] ?? "") && words[1] === "-c" && words.length === 3;
}

function shellForm({ config, argv }: Plan): Finding {
	if (argv.length === 0) return skipped("shell-form", "there is neither ENTRYPOINT nor CMD");
	for (const [key, name] of [
		["entrypoint", "ENTRYPOINT"],
		["cmd", "CMD"],
	] as const) {
		if (!isShellForm(config[key])) continue;
		const text = config[key][2] ?? "";
		const place = config.places[key];
		return failed("shell-form", `${name} is in shell form: ${quoted(text)}`, { place });
	}
	return passed("shell-form", `started as ${JSON.stringify(argv)}`);
}

function shellAsPid1(plan: Plan): Finding {
	const shell = plan.chain.find((link) => link.kind === "shell" && link.stays !== "becomes it");
	if (shell?.kind !== "shell") {
		if (plan.first?.kind === "program" && /^(ba|da|a|z)?sh$/.test(baseName(plan.first.word))) {
			return failed("shell-pid1", `PID 1 is ${plan.first.word} itself, which ignores SIGTERM`, {
				severity: "note",
				remedy: "For a shell to type into this is as it should be. A service needs a command.",
			});
		}
		return passed("shell-pid1", plan.first === undefined ? "nothing is started" : whoIsFirst(plan));
	}
	const words = `${shell.word} -c ${quoted(shell.text)}`;
	if (waitsForAll(plan.chain)) {
		return passed("shell-pid1", `${words} stands behind an init that asks everything to end`);
	}
	if (shell.stays === "traps and stays") {
		return passed("shell-pid1", `${words} traps the stop signal itself`);
	}
	const place = plan.config.places.cmd ?? plan.config.places.entrypoint;
	if (shell.stays === "may stay") {
		return failed(
			"shell-pid1",
			`whether it stays before its one command depends on the shell: ${words}`,
			{
				...{ severity: "note", place },
				remedy: 'Begin the text with exec, or use the exec form: CMD ["program", "argument"].',
			},
		);
	}
	return failed("shell-pid1", `it stays before what it starts: ${words}`, { place });
}

function scriptWithoutExec(plan: Plan): Finding {
	const scripts = plan.chain.filter((link) => link.kind === "script");
	const staying = scripts.find(({ stays }) => stays !== "becomes it");
	if (staying === undefined) {
		const names = scripts.map(({ path }) => path).join(", ");
		if (names !== "") return passed("script-no-exec", `${names} ends with exec`);
		return plan.unread === undefined
			? passed("script-no-exec", "no script is started")
			: skipped("script-no-exec", plan.unread);
	}
	const { path, last, stays } = staying;
	if (stays === "may stay") return skipped("script-no-exec", `${path} can't be read`);
	if (stays === "traps and stays") {
		return passed("script-no-exec", `${path} traps the stop signal itself`);
	}
	const where = last === undefined ? "" : `, line ${last.number}: ${quoted(last.text)}`;
	const evidence = `the last command of ${path} is no exec${where}`;
	if (waitsForAll(plan.chain)) {
		return passed("script-no-exec", `${evidence}; but an init asks everything to end`);
	}
	const { cmd, entrypoint } = plan.config.places;
	return failed("script-no-exec", evidence, { place: entrypoint ?? cmd });
}

function knownInitFirst(plan: Plan): Finding {
	const { first } = plan;
	if (first === undefined) return skipped("known-init", "nothing is started");
	if (first.kind === "init") return passed("known-init", `PID 1 is the init ${first.word}`);
	if (first.kind !== "program" && first.kind !== "parent") {
		return passed("known-init", `${whoIsFirst(plan)}; shells wait for orphans`);
	}
	const known = knownProgram(first.word);
	if (known?.reaps === true) {
		return passed("known-init", `PID 1 is ${first.word}, which waits for orphans itself`);
	}
	const { entrypoint, cmd } = plan.config.places;
	const place = entrypoint ?? cmd;
	return known === undefined
		? failed("known-init", `no init that is known: PID 1 is ${first.word}`, {
				...{ severity: "note", place },
				remedy: "See whether it waits for orphans: `baseimage doctor --run`.",
			})
		: failed("known-init", `PID 1 is ${first.word}, which never waits for orphans`, { place });
}

function stopSignal({ config, first, chain }: Plan): Finding {
	const place = config.places.stopSignal;
	const signal = stopSignalOf(config);
	if (signal === undefined) {
		return failed("stop-signal", `there is no signal ${config.stopSignal}`, { place });
	}
	const name = signalText(signal);
	if (name === "SIGKILL" || name === "SIGSTOP") {
		return failed("stop-signal", `no program can handle ${name}`, { place });
	}
	if (first === undefined) return skipped("stop-signal", "nothing is started");
	const last = chain.at(-1);
	const program = last?.kind === "program" ? knownProgram(last.word) : undefined;
	if (first.kind === "init" && program?.gentle === undefined) {
		return passed("stop-signal", `${name} ends what is not PID 1 even without a handler`);
	}
	if (last === undefined || program === undefined) {
		return skipped(
			"stop-signal",
			`${name}; what ${last?.word ?? "it"} handles is not known: --run tells`,
		);
	}
	return ofProgram(name, last.word, program, first.kind === "init", place);
}

function ofProgram(
	name: string,
	word: string,
	{ endsAt, gentle }: KnownProgram,
	isBehindInit: boolean,
	place: StartConfig["places"]["stopSignal"],
): Finding {
	if (endsAt === undefined) {
		return isBehindInit
			? passed("stop-signal", `${word} is not PID 1: ${name} ends it even without a handler`)
			: skipped("stop-signal", `whether the application in ${word} handles ${name}, --run tells`);
	}
	if (gentle !== undefined && gentle.signal !== name && (endsAt.includes(name) || !isBehindInit)) {
		return failed("stop-signal", `${name}: ${gentle.why}`, {
			...{ severity: endsAt.includes(name) ? "note" : "error", place },
			remedy: `STOPSIGNAL ${gentle.signal}`,
		});
	}
	if (endsAt.includes(name)) return passed("stop-signal", `${word} ends at ${name}`);
	if (isBehindInit) return passed("stop-signal", `${word} is not PID 1: ${name} ends it`);
	const handled = endsAt.length === 0 ? "it handles none" : `it ends at ${endsAt.join(", ")}`;
	return failed("stop-signal", `${word} as PID 1 is not ended by ${name}: ${handled}`, {
		place,
		remedy:
			endsAt[0] === undefined
				? "Put the init in front: what is not PID 1 is ended by any signal."
				: `STOPSIGNAL ${endsAt[0]}`,
	});
}

function healthCheck({ config, first }: Plan): Finding {
	const [kind, ...words] = config.healthCheck?.test ?? ["NONE"];
	if (kind === "NONE") return passed("health-check-orphans", "there is no health check");
	const text = kind === "CMD-SHELL" ? (words[0] ?? "") : shellTextOf(words);
	if (text === undefined) return passed("health-check-orphans", "in exec form");
	if (endsWithExec(text)) return passed("health-check-orphans", "its shell execs the check");
	const reaper =
		first?.kind === "init" || (first?.kind === "program" && knownProgram(first.word)?.reaps);
	if (reaper === true) {
		return passed("health-check-orphans", `PID 1 waits for what it leaves: ${first?.word}`);
	}
	if (first?.kind === "shell" || first?.kind === "script") {
		return passed("health-check-orphans", "PID 1 is a shell, which waits for what it leaves");
	}
	const place = config.places.healthCheck;
	if (isOneCommand(text)) {
		return passed("health-check-orphans", `one command, which the shell becomes: ${quoted(text)}`);
	}
	return failed("health-check-orphans", `a shell runs ${quoted(text)}, and PID 1 is no init`, {
		place,
	});
}

function shellTextOf(words: readonly string[]): string | undefined {
	return /(^|\/)(ba|da|a)?sh$/.test(words[0] ?? "") && words[1] === "-c" ? words[2] : undefined;
}

function stopTimeout({ config, argv, chain }: Plan): Finding[] {
	const engineS = config.stopTimeoutS ?? DEFAULT_STOP_S;
	const place = config.places.stopTimeout;
	const longer = appStopTimeouts(config, argv, chain).filter(({ seconds }) => seconds > engineS);
	if (longer.length === 0) {
		return [
			passed("stop-timeout", `the engine waits ${engineS} s; nothing is known to take longer`),
		];
	}
	return longer.map(({ who, seconds, isDefault, option }) =>
		failed(
			"stop-timeout",
			`the engine kills after ${engineS} s; ${who} allows itself ${seconds} s`,
			{
				place,
				// A default is an upper bound that is seldom reached.
				severity: isDefault ? "note" : "warning",
				remedy: `docker stop -t ${Math.ceil(seconds) + 1} (or --stop-timeout, stop_grace_period), or a smaller ${option}.`,
			},
		),
	);
}

function whoIsFirst({ first }: Plan): string {
	if (first === undefined) return "nothing is started";
	return first.kind === "script" ? `PID 1 is the script ${first.path}` : `PID 1 is ${first.word}`;
}

function quoted(text: string): string {
	const line = text.replace(/\s+/g, " ").trim();
	return JSON.stringify(line.length > 100 ? `${line.slice(0, 97)}...` : line);
}
