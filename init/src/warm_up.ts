// What QuickJS makes when it is first asked for, made while the heap is frozen: a start then finds it there.
import { defaultSettings } from "./options/settings.ts";
import { initialState, type State } from "./pid1/state.ts";

/** Built-in functions that a start asks for. */
function makeBuiltIns(): void {
	const list: string[] = [];
	const text = "";
	void [list.every, list.find, list.includes, list.indexOf, list.push, list.values().next];
	void [text.includes, text.indexOf, text.lastIndexOf, text.slice, text.split, text.startsWith];
}

/** An object's layout is known as long as there is an object of it. */
export function warmUp(): State {
	makeBuiltIns();
	const settings = defaultSettings();
	return initialState({ isPid1: true, hasTerminal: false, settings, mainPid: 0 });
}
