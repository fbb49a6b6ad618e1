// A kernel of which some calls answer differently: for a single answer that no world gives by itself.
import type { Kernel } from "../../init/src/kernel/kernel.ts";

export function overridden(kernel: Kernel, overrides: Partial<Kernel>): Kernel {
	return new Proxy(kernel, {
		get(target, name) {
			const own: unknown = Reflect.get(overrides, name);
			if (own !== undefined) return own;
			const original: unknown = Reflect.get(target, name);
			return typeof original === "function" ? original.bind(target) : original;
		},
	});
}
