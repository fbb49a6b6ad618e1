// Refusals of an engine that have a cause of their own, in words that tell what to do.
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";

interface Known {
	pattern: RegExp;
	exitCode: ExitCode;
	means: string;
	remedy: string;
}

const KNOWN: readonly Known[] = [
	{
		pattern: /no space left on device|ENOSPC|disk quota exceeded/i,
		exitCode: ExitCode.system,
		means: "the engine's disk is full",
		remedy:
			"`docker system df` shows what fills it, `docker system prune` removes what nobody uses.",
	},
	{
		pattern: /exec format error|does not match the (specified|detected host) platform/i,
		exitCode: ExitCode.system,
		means: "the image's platform can't run on the engine's machine",
		remedy:
			"Take the image for the engine's platform (`docker pull --platform …`), or set up emulation\n(binfmt_misc with qemu). Without --run, `doctor` needs to start nothing.",
	},
	{
		pattern:
			/no matching manifest|no image found in.*for platform|platform.*not (found|available)/i,
		exitCode: ExitCode.notFound,
		means: "the engine has the image, but not for its own platform",
		remedy: "Fetch it for the engine's platform: docker pull --platform linux/amd64 IMAGE",
	},
];

/** What a refusal means, where it is one of those. */
export function meaningOf(thrown: unknown): string | undefined {
	return knownFor(messageOf(thrown))?.means;
}

/** As runc leaves it in a container's output, which then ends with 1: it had started, and could not become the program. */
const NO_PROGRAM = /^exec \S.*: (exec format error)\s*$/;

/** The failure that a container's last words mean, where it never became its program; undefined for those of a program. */
export function failureOfStart(reference: string, words: string): Failure | undefined {
	const reason = NO_PROGRAM.exec(words)?.[1];
	const known = reason && refusal(`starting ${reference}`, new Error(reason));
	return known instanceof Failure ? known : undefined;
}

/** The failure that a refusal means, or what was thrown, where it is none of those. */
export function refusal(doing: string, thrown: unknown): unknown {
	if (thrown instanceof Failure) return thrown;
	const message = messageOf(thrown);
	const known = knownFor(message);
	if (known === undefined) return thrown;
	const text = `${doing}: ${known.means} (${message.trim()})`;
	return new Failure(known.exitCode, text, known.remedy, { cause: thrown });
}

function knownFor(message: string): Known | undefined {
	return KNOWN.find(({ pattern }) => pattern.test(message));
}
