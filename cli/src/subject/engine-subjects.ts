// Images and containers of an engine, as `doctor` looks at them.
import type { Container } from "dockerode";
import { readConfig, type StartConfig } from "../command/config.ts";
import { statusCodeOf } from "../engine/answer.ts";
import type { Engine } from "../engine/connect.ts";
import { withContainer } from "../engine/container.ts";
import { scriptsOf } from "../engine/files-inside.ts";
import { isReference } from "../engine/reference.ts";
import { field, numberAt, textAt } from "../json.ts";
import type { Subject } from "./subject.ts";

/** A name or an id, as engines allow them. */
const CONTAINER = /^\/?[a-zA-Z0-9][\w.-]*$/;

/** What the engine says of an image; undefined: it has none of that name. */
export async function inspectImage(engine: Engine, reference: string): Promise<unknown> {
	if (!isReference(reference)) return undefined;
	try {
		return await engine.client.getImage(reference).inspect();
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404 || statusCodeOf(thrown) === 400) return undefined;
		throw thrown;
	}
}

/** What the engine says of a container; undefined: it has none of that name. */
export async function inspectContainer(engine: Engine, name: string): Promise<unknown> {
	if (!CONTAINER.test(name)) return undefined;
	try {
		return await engine.client.getContainer(name).inspect();
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404 || statusCodeOf(thrown) === 400) return undefined;
		throw thrown;
	}
}

/** An image's subject; a script is read out of a container that is never started, and goes at once. */
export function imageSubject(engine: Engine, reference: string, inspected: unknown): Subject {
	const config = readConfig(field(inspected, "Config"));
	// An image without any command can't be made a container of without one.
	const nothing = config.entrypoint.length + config.cmd.length === 0;
	const options = { Image: reference, ...(nothing && { Cmd: ["none"] }) };
	return {
		...{ name: reference, kind: "image", config },
		read: (name) =>
			withContainer(engine, "doctor", options, (container) => scriptsOf(container, config)(name)),
	};
}

/** A container's subject. */
export function containerSubject(name: string, inspected: unknown, container: Container): Subject {
	const config = containerConfig(inspected);
	return { name, kind: "container", config, read: scriptsOf(container, config) };
}

/** A container's own configuration, which holds its image's. */
export function containerConfig(inspected: unknown): StartConfig {
	const config = readConfig(field(inspected, "Config"));
	return {
		...config,
		stopTimeoutS: numberAt(inspected, "Config", "StopTimeout") ?? config.stopTimeoutS,
		engineInit: field(inspected, "HostConfig", "Init") === true,
	};
}

/** `host`, `container:ID`; empty for one of its own. */
export function pidModeOf(inspected: unknown): string {
	return textAt(inspected, "HostConfig", "PidMode") ?? "";
}
