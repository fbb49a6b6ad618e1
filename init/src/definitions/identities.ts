// user and group_add: whom a service runs as, in numbers.
import { whyUnreadable } from "../boot/user_files.ts";
import { findGroup, GROUP, namesIn, type User } from "../boot/users.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { ADD_IT, type Advice, findTarget, type Target } from "../programs/setuser.ts";
import type { Identity } from "../services/definition.ts";
import { didYouMean, MOST_HINTS } from "./nearest.ts";
import { quoted } from "./toml/read_toml.ts";

export interface Found {
	/** undefined: we are it already, and may be nobody else. */
	readonly identity: Identity | undefined;
	readonly user: User;
}

/** Each user and group is looked up once. */
export class Identities {
	readonly #kernel: Kernel;
	readonly #targets: Record<string, Target | string> = Object.create(null);
	readonly #groups: Record<string, number | string> = Object.create(null);
	#hints = 0;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** Whom "USER", "UID" or "USER:GROUP" means, with further groups; or why nobody. */
	find(whom: string, further: readonly number[]): Found | string {
		const target = this.target(whom);
		if (typeof target === "string") return target;
		const { user, groups } = target;
		const [group = user.group] = groups;
		const kernel = this.#kernel;
		const isOurs = kernel.userId() === user.id && kernel.groupId() === group;
		// Who is not root has no right to set groups, but may stay what it is.
		if (isOurs && user.id !== 0 && further.length === 0) return { identity: undefined, user };
		return { user, identity: { user: user.id, group, groups: together(groups, further) } };
	}

	/** Our own user with further groups. */
	ours(further: readonly number[]): Identity | string {
		const target = this.target(String(this.#kernel.userId()));
		if (typeof target === "string") return target;
		const group = this.#kernel.groupId();
		const others = target.groups.filter((id) => id !== group);
		return { user: target.user.id, group, groups: together([group, ...others], further) };
	}

	target(whom: string): Target | string {
		const known = this.#targets[whom];
		if (known !== undefined) return known;
		const colon = whom.indexOf(":");
		const userName = colon < 0 ? whom : whom.slice(0, colon);
		const groupName = colon < 0 ? undefined : whom.slice(colon + 1);
		const target = findTarget(this.#kernel, userName, groupName, this.#advice);
		this.#targets[whom] = target;
		return target;
	}

	group(name: string): number | string {
		const known = this.#groups[name];
		if (known !== undefined) return known;
		const id = findGroup(this.#kernel, name);
		const group =
			id === undefined
				? `there is no group ${quoted(name)} in ${GROUP}; ${this.#advice(GROUP, name)}`
				: id < 0
					? `cannot look up group ${quoted(name)}: ${whyUnreadable(GROUP, id)}; mend it, or give a number`
					: id;
		this.#groups[name] = group;
		return group;
	}

	readonly #advice: Advice = (path, name) =>
		this.#hints++ < MOST_HINTS ? didYouMean(name, namesIn(this.#kernel, path), ADD_IT) : ADD_IT;
}

/** Each once. Not by a search through all for each: a user may be in tens of thousands. */
function together(groups: readonly number[], further: readonly number[]): number[] {
	return [
		...groups,
		...further.filter((id, place) => !groups.includes(id) && further.indexOf(id) === place),
	];
}
