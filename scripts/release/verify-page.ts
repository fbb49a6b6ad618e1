// node scripts/release/verify-page.ts: writes docs/verify.md, with the session as it ran against a registry on the loopback.
//
// It takes what the last `npm run release -- --dry-run` has built.
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { ensureEngine } from "../engine/engine.ts";
import { root } from "../root.ts";
import { ASSETS } from "./assets.ts";
import { cosign } from "./tools.ts";
import { publishTrial } from "./trial.ts";
import { EXAMPLE, runnable, verifySteps } from "./verify-steps.ts";

const PAGE = join(root, "docs/verify.md");
const OUTPUT_LINES_MAX = 24;

const engine = await ensureEngine();
await using trial = await publishTrial(["ubuntu"]);
const { plan, keys } = trial;
const { file, env } = await cosign();
const PATH = [dirname(file), dirname(engine.dockerPath), process.env["PATH"]].join(":");
const sections: string[] = [];
for (const { text, command, expected } of verifySteps) {
	const digest = plan.images[0]?.image.digest ?? "none";
	const names = { repository: plan.repository, digest, key: join(keys, "cosign.pub") };
	const { all, exitCode } = await execa(runnable(command, names), {
		env: { ...engine.env, DOCKER_HOST: engine.dockerHost, ...env, PATH },
		cwd: ASSETS,
		shell: true,
		reject: false,
		all: true,
	});
	if (exitCode !== 0 || !expected.test(all)) throw new Error(`${command}: ${all}`);
	const output = all.replaceAll(plan.repository, EXAMPLE.repository).split("\n");
	const shown = output.slice(0, OUTPUT_LINES_MAX);
	if (shown.length < output.length) shown.push("…");
	sections.push(`${text}\n\n\`\`\`console\n$ ${command}\n${shown.join("\n")}\n\`\`\``);
}
await writeFile(PAGE, pageOf(sections, plan.standin));
console.error(`verify-page: wrote ${PAGE}`);

function pageOf(sections: readonly string[], isStandin: boolean): string {
	const bases = isStandin ? " and an image upon a stand-in of its base" : "";
	return `<!-- Written by node scripts/release/verify-page.ts, which ran each command; test/release/verify.test.ts runs them again. -->
# Verify what you pull

Everything below was run against a registry on the loopback, with a key made for the occasion${bases}; only the name of the registry
was replaced by \`${EXAMPLE.repository}\`. Needed: [cosign](https://docs.sigstore.dev), Docker with buildx.

${sections.join("\n\n")}

## A release of a workflow

Releases of the workflow are signed without a key, by the identity of the workflow; the signature is in a public log. In place of
\`--key cosign.pub --insecure-ignore-tlog=true\`, say whose identity you trust (this is what no registry on the loopback can show, so
the session above has not run it):

\`\`\`sh
cosign verify \\
  --certificate-identity-regexp '^https://github.com/org/baseimage-ts/.github/workflows/(release|refresh).yml@' \\
  --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
  ${EXAMPLE.repository}:ubuntu
\`\`\`

## Build it yourself

A release can be built again, bit by bit: from a checkout of the commit that the label \`org.opencontainers.image.revision\` names,

\`\`\`sh
npm run release -- --dry-run --images ubuntu --platform linux/amd64
\`\`\`

prints the digest of the manifest of each platform. It is the one in the registry, where the bases and the packages of the build
stage are the same; the index has another, since it holds attestations too, and those carry times.
\`npm run release -- reproduce\` builds twice, in two folders, at two times and the second time from nothing, and compares.
`;
}
