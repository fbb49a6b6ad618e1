import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { statusCodeOf } from "./answer.ts";
import type { Engine } from "./connect.ts";
import { isReference } from "./reference.ts";

/** What the reports need to know of an image. */
export interface Image {
	/** As the user named it. */
	reference: string;
	/** Made locally in place of a distribution's official base (label `baseimage.standin=true`). */
	standIn: boolean;
	/** `linux/amd64` */
	platform: string;
	/** The base that it was built on, where its OCI labels tell. */
	base: string | undefined;
}

/** Looks an image up; never pulls one: whose image runs here is the user's decision. */
export async function findImage(engine: Engine, reference: string): Promise<Image> {
	if (!isReference(reference)) {
		throw new Failure(
			ExitCode.usage,
			`no image can be called "${reference}"`,
			"It should look like name:tag, registry.example/team/name:tag, or be an id.",
		);
	}
	try {
		const { Config, Os, Architecture } = await engine.client.getImage(reference).inspect();
		const labels = Config.Labels ?? {};
		return {
			reference,
			standIn: labels["baseimage.standin"] === "true",
			platform: `${Os}/${Architecture}`,
			base: labels["org.opencontainers.image.base.name"],
		};
	} catch (thrown) {
		if (statusCodeOf(thrown) !== 404 && statusCodeOf(thrown) !== 400) throw thrown;
		throw new Failure(
			ExitCode.notFound,
			`the engine at ${engine.endpoint.address} has no image "${reference}"`,
			`Fetch it (\`docker pull ${reference}\`), build it, or name another one; \`docker images\` lists them.`,
			{ cause: thrown },
		);
	}
}

/** A name for reports: whoever reads it must see that a stand-in was used. */
export function marked(name: string, standIn: boolean): string {
	return standIn ? `${name} (stand-in)` : name;
}
