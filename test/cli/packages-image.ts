// One image with the packages of Debian that tests of the host command need in containers: other supervisors, and shells.
import { execa } from "execa";

export const PACKAGES_IMAGE = "localhost/baseimage-ts/test-packages:debian";
const BASE = "baseimage-ts:debian";
const PACKAGES = "s6 execline supervisor runit zsh fish";

/** s6-overlay is no package: what its scripts are started by stands in for it. */
const DOCKERFILE = `FROM ${BASE}
RUN install_clean ${PACKAGES}
RUN rm -rf /etc/service && mkdir /etc/service /command && \\
    printf '#!/bin/sh\\nexec "$@"\\n' > /command/with-contenv && chmod +x /command/with-contenv
`;

/** Builds it; a second builder of the same waits for the first one, and the engine's cache has it from then on. */
export async function buildPackagesImage(
	dockerPath: string,
	env: NodeJS.ProcessEnv,
): Promise<void> {
	const options = ["--builder", "default", "--load", "--quiet", "--tag", PACKAGES_IMAGE];
	await execa(dockerPath, ["buildx", "build", ...options, "-"], { env, input: DOCKERFILE });
}
