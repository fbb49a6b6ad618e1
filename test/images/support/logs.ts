// What a container has written until its end.
import type { Container } from "dockerode";
import { outputOf } from "../../../cli/src/engine/answer.ts";

const STDOUT = 1;
const STDERR = 2;

/** All output of a container without a terminal, by stream. */
export async function readLogs(container: Container): Promise<{ stdout: string; stderr: string }> {
	const logs = await container.logs({ stdout: true, stderr: true });
	return { stdout: outputOf(logs, [STDOUT]), stderr: outputOf(logs, [STDERR]) };
}
