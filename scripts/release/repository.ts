/** A repository in a registry: which tags it has, and how an image gets there. */
import { execa } from "execa";
import type { LayoutImage } from "./layout.ts";
import { skopeo, type Tool } from "./tools.ts";

const TIMEOUT_MS = 600_000;

export class Repository {
	/** Such as registry.example/org/baseimage-ts. */
	readonly name: string;
	readonly #tool: Tool;

	private constructor(name: string, tool: Tool) {
		this.name = name;
		this.#tool = tool;
	}

	/** @throws where skopeo, which reaches it, cannot be had. */
	static async open(name: string): Promise<Repository> {
		return new Repository(name, await skopeo());
	}

	/** Whether it is on this machine: reached without TLS, and nothing in it is published. */
	get isLocal(): boolean {
		return isLoopback(this.name);
	}

	/** All of them; none where the repository is not there yet. @throws where the registry does not answer. */
	async tags(): Promise<readonly string[]> {
		const result = await this.#run("list-tags", ...this.#tls(""), `docker://${this.name}`);
		if (result.exitCode !== 0) {
			if (/not found|NAME_UNKNOWN|name unknown/i.test(result.stderr)) return [];
			throw new Error(`the tags of ${this.name} cannot be listed: ${lastLine(result.stderr)}`);
		}
		const answer: unknown = JSON.parse(result.stdout);
		const tags =
			typeof answer === "object" && answer !== null && "Tags" in answer ? answer.Tags : undefined;
		return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
	}

	/** Digest of what the tag names. @throws where there is none, or the registry does not answer. */
	async digest(tag: string): Promise<string> {
		const inspect = ["inspect", "--no-tags", ...this.#tls(""), "--format", "{{.Digest}}"];
		const result = await this.#run(...inspect, `docker://${this.name}:${tag}`);
		if (result.exitCode === 0) return result.stdout.trim();
		throw new Error(`${this.name}:${tag} cannot be asked for: ${lastLine(result.stderr)}`);
	}

	/** Copies the image with all platforms and attestations, byte for byte. @throws with skopeo's own words. */
	async push({ folder }: LayoutImage, reference: string, tag: string): Promise<void> {
		await this.#copy(`oci:${folder}:${reference}`, tag, []);
	}

	/** Lets one more tag name what a digest names. @throws as {@link push} does. */
	async tag(digest: string, tag: string): Promise<void> {
		await this.#copy(`docker://${this.name}@${digest}`, tag, this.#tls("src-"));
	}

	async #copy(from: string, tag: string, more: readonly string[]): Promise<void> {
		const options = ["--all", "--preserve-digests", "--quiet", ...this.#tls("dest-"), ...more];
		const result = await this.#run("copy", ...options, from, `docker://${this.name}:${tag}`);
		if (result.exitCode === 0) return;
		throw new Error(`${this.name}:${tag} cannot be pushed: ${lastLine(result.stderr)}`);
	}

	#tls(side: "" | "src-" | "dest-"): string[] {
		return this.isLocal ? [`--${side}tls-verify=false`] : [];
	}

	async #run(...args: string[]) {
		const { file, env } = this.#tool;
		// No policy of the machine decides here what may be copied: signatures are made by this very release.
		const options = { env, reject: false, stdin: "ignore", timeout: TIMEOUT_MS } as const;
		return await execa(file, ["--insecure-policy", ...args], options);
	}
}

/** Whether a registry, or the name of a repository or an image in it, leads to this machine. */
export function isLoopback(name: string): boolean {
	return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(name);
}

function lastLine(text: string): string {
	return text.trim().split("\n").at(-1) ?? "";
}
