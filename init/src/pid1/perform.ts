// The edge: each action of the state machine as system calls.
import type { Failure } from "../boot/failure.ts";
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SIGCONT, SIGKILL, SIGSTOP, signalName } from "../kernel/signals.ts";
import type { Log } from "../log/log.ts";
import { RECEIVERS } from "../options/settings.ts";
import {
	askToEnd,
	killAgain,
	nameAndKill,
	nameAndKillMain,
	sendToMany,
	signalGroup,
} from "./end_processes.ts";
import type { Action, Event } from "./events.ts";
import { hangUpShell } from "./hang_up_shell.ts";
import type { LastWords } from "./last_words.ts";
import { lookAgain, runScript, startMain, startServices } from "./perform_stages.ts";
import type { ServiceManager } from "./service_manager.ts";
import type { Found, Stages } from "./stages.ts";
import type { State } from "./state.ts";

/** What actions need beside the state. */
export interface Edge {
	readonly kernel: Kernel;
	readonly log: Log;
	/** The descriptor of the terminal whose foreground the main child was given; −1: none. */
	readonly terminal: number;
	/** Where it is noted how all ended; undefined: nobody wants to know. */
	readonly lastWords: LastWords | undefined;
	readonly stagesEdge: StagesEdge | undefined;
}

/** What only a container with stages needs. */
export interface StagesEdge {
	/** The state's, or what is once the first service has come. */
	readonly stages: Stages;
	/** The main command's pid, 0 when there is none, or why it cannot be started. */
	startMain(): number | Failure;
	/** Takes over what a start-up script has written. */
	reloadEnvironment(): void;
	/** What there is beside the main command by now. */
	readonly findAgain: (watch: number) => Found;
	/** Has the supervision of services loaded. */
	openServices(): ServiceManager;
	/** That supervision; undefined: nothing has been started by it. */
	services: ServiceManager | undefined;
}

/** What has come of the action, where that is an event of its own. */
export function perform(edge: Edge, state: State, action: Action): Event | undefined {
	const { kernel, log } = edge;
	switch (action.type) {
		case "forward":
			forward(edge, state, action.signal);
			break;
		case "stop-self":
			kernel.kill(kernel.processId(), SIGSTOP);
			break;
		case "part":
			kernel.killGroup(state.mainGroup, action.signal);
			break;
		case "hang-up-shell":
			hangUpShell(kernel, edge.terminal, state);
			break;
		case "resume-main":
			resumeMain(edge, state, state.isPid1);
			break;
		case "follow-stop":
			// Where nobody could continue us, there is no shell whose terminal it is.
			resumeMain(edge, state, kernel.stopJob() === 0);
			break;
		case "take-terminal":
			takeTerminal(edge, state);
			break;
		case "sweep":
			log.say("notice", "Killing all processes...");
			edge.stagesEdge?.services?.release();
			askToEnd(kernel, log, state);
			break;
		case "kill":
			log.say("notice", "Not all processes have exited in time. Forcing them to exit.");
			edge.stagesEdge?.services?.release();
			nameAndKill(kernel, log, state, action.why, edge.lastWords);
			break;
		case "kill-main":
			nameAndKillMain(kernel, log, state, action.isLate, edge.lastWords);
			break;
		case "say":
			log.say(action.level, action.text);
			break;
		case "run-script":
			return runScript(edge, action.path, true);
		case "run-hook":
			return runScript(edge, action.path, false);
		case "reload-environment":
			edge.stagesEdge?.reloadEnvironment();
			break;
		case "look-again":
			return lookAgain(edge, state);
		case "start-main":
			return startMain(edge);
		case "start-services":
			startServices(edge, state);
			break;
		case "hold-services":
			edge.stagesEdge?.services?.hold();
			break;
		case "stop-services":
			edge.stagesEdge?.services?.stop(action.endMs, kernel.nowMs());
			break;
		case "kill-services":
			edge.stagesEdge?.services?.kill(kernel.nowMs());
			break;
		case "kill-group":
			signalGroup(kernel, state, SIGKILL);
			break;
		case "kill-again":
			killAgain(kernel, state);
			break;
		case "give-up":
			log.say("warning", "some processes outlasted SIGKILL and are left to the kernel");
			break;
	}
	return undefined;
}

function forward({ kernel, log }: Edge, state: State, signal: number): void {
	const { signalScope } = state.settings;
	const result = send(kernel, state, signal);
	const to = signalScope === "child" ? `PID ${state.mainPid}` : RECEIVERS[signalScope];
	if (result < 0) {
		log.say("warning", `cannot send ${signalName(signal)} to ${to}: ${describeErrno(result)}`);
	} else if (log.saysInfo) {
		log.say("info", `sent ${signalName(signal)} to ${to}`);
	}
}

function send(kernel: Kernel, state: State, signal: number): number {
	switch (state.settings.signalScope) {
		case "child":
			return kernel.kill(state.mainPid, signal);
		case "group":
			return signalGroup(kernel, state, signal);
		case "session":
		case "all":
			return sendToMany(kernel, state, signal);
	}
}

/** Not when the shell before us has put us in the background: then the terminal is the shell's. */
function takeTerminal({ kernel, terminal }: Edge, state: State): void {
	if (state.isPid1 || kernel.foregroundGroup(terminal) === state.mainGroup) {
		kernel.setForegroundGroup(terminal, kernel.processGroup());
	}
}

/** When the shell before us has put us in the background, the terminal is not ours to give. */
function resumeMain({ kernel, terminal }: Edge, state: State, isTerminalOurs: boolean): void {
	if (terminal >= 0) {
		const foreground = kernel.foregroundGroup(terminal);
		if (isTerminalOurs || foreground === kernel.processGroup()) {
			kernel.setForegroundGroup(terminal, state.mainPid);
		}
	}
	signalGroup(kernel, state, SIGCONT);
}
