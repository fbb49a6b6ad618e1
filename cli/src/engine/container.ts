import process from "node:process";
import type { Container, ContainerCreateOptions } from "dockerode";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { collect, outputOf, statusCodeOf } from "./answer.ts";
import { firstFile } from "./archive.ts";
import type { Engine } from "./connect.ts";
import { refusal } from "./refusal.ts";

/** Every container that this command makes carries it, with the verb as its value. */
export const LABEL = "baseimage.command";

/** Tells whose container it is: the pid of the command that made it. */
export const PID_LABEL = "baseimage.pid";

/** No verb lives longer: an older container was left behind by a run that was killed. */
const ABANDONED_AFTER_S = 15 * 60;

/**
 * Creates a container, hands it to `use`, and removes it with all that runs in it, however `use`
 * ends. Creating is not abortable on purpose: a request given up half way could still succeed
 * in the engine and leave a container that nobody knows.
 */
export async function withContainer<T>(
	engine: Engine,
	verb: string,
	options: ContainerCreateOptions,
	use: (container: Container) => Promise<T>,
): Promise<T> {
	const container = await create(engine, {
		...options,
		Labels: { ...options.Labels, [LABEL]: verb, [PID_LABEL]: String(process.pid) },
	});
	try {
		return await use(container);
	} finally {
		await remove(container);
	}
}

async function create({ client }: Engine, options: ContainerCreateOptions): Promise<Container> {
	try {
		return await client.createContainer(options);
	} catch (thrown) {
		throw refusal(`creating a container of ${options.Image}`, thrown);
	}
}

/** Removes the containers that killed runs left behind; running verbs' own are too young for it. */
export async function sweepAbandoned(engine: Engine): Promise<void> {
	const found = await engine.client.listContainers({ all: true, filters: { label: [LABEL] } });
	const now = Date.now() / 1000;
	const abandoned = found.filter(({ Created }) => now - Created > ABANDONED_AFTER_S);
	await Promise.all(abandoned.map(({ Id }) => remove(engine.client.getContainer(Id))));
}

async function remove(container: Container): Promise<void> {
	try {
		await container.remove({ force: true, v: true });
	} catch (thrown) {
		// 404: already gone; 409: another removal of it is under way.
		if (statusCodeOf(thrown) === 404 || statusCodeOf(thrown) === 409) return;
		throw new Failure(
			ExitCode.system,
			`removing the container ${container.id}: ${messageOf(thrown)}`,
			`Remove it yourself: docker rm --force ${container.id}`,
			{ cause: thrown },
		);
	}
}

/** Runs a command inside, as root, and gives what it wrote to stdout. */
export async function execute(container: Container, command: string[]): Promise<string> {
	const exec = await container.exec({
		Cmd: command,
		User: "0",
		AttachStdout: true,
		AttachStderr: true,
	});
	return outputOf(await collect(await exec.start({})), [1]);
}

/** The content of a file inside, running or not; undefined when there is none. */
export async function readFileInside(
	container: Container,
	path: string,
): Promise<string | undefined> {
	try {
		const archive = await collect(await container.getArchive({ path }));
		return firstFile(archive)?.toString("latin1");
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404) return undefined;
		throw thrown;
	}
}
