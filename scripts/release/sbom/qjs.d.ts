// What the generator uses of the modules of QuickJS's interpreter.
declare module "std" {
	export function getenv(name: string): string | undefined;
	/** null where it cannot be read. */
	export function loadFile(path: string): string | null;
	export interface File {
		puts(text: string): void;
		readAsString(): string;
		/** 0, or -errno; of a command its exit status. */
		close(): number;
	}
	/** null, and errno in errorObj, where it cannot be opened. */
	export function open(path: string, mode: string, errorObj?: { errno: number }): File | null;
	export function popen(command: string, mode: string): File | null;
	export function exit(code: number): never;
	export const err: File;
}
