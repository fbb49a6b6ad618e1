// What the language brings along and the init never names is taken out before the heap is frozen: a good part of it.

/** Objects whose properties are dropped; the global object last, since the others are reached through it. */
const OWNERS = [
	...["Array", "String", "Number", "Function", "Boolean", "Object", "Symbol", "Error"].map(
		(name) => `${name}.prototype`,
	),
	...["Array", "String", "Number", "Boolean", "Symbol", "Math", "Object", "globalThis"],
];
/** What QuickJS itself asks for by name (templates are made by concat, text of an array by join), and native/main.c. */
const ASKED_FOR_BY_NAME = [
	...["constructor", "prototype", "length", "name", "message", "stack", "toString", "valueOf"],
	...["values", "next", "return", "concat", "join", "main", "script"],
];

/**
 * A statement to follow the script: drops each built-in whose name the scripts do not hold. Words in strings count as names:
 * rather one too many than one that is missing.
 */
export function dropBuiltIns(scripts: string): string {
	const words = new Set(scripts.match(/[A-Za-z_$][\w$]*/g));
	const names = new Set(
		[Array, String, Number, Boolean, Symbol, Math, Object, Function, Error, globalThis].flatMap(
			namesOf,
		),
	);
	const kept = [...names].filter((name) => words.has(name));
	const keep = JSON.stringify([...new Set([...kept, ...ASKED_FOR_BY_NAME])]);
	return `(()=>{const keep=${keep},owners=[${OWNERS.join()}],{getOwnPropertyNames:names,getOwnPropertyDescriptor:describe}=Object;for(const owner of owners)for(const name of names(owner))keep.includes(name)||!describe(owner,name).configurable||delete owner[name]})();\n`;
}

function namesOf(built: object): string[] {
	const prototype: unknown = Reflect.get(built, "prototype");
	const own = Object.getOwnPropertyNames(built);
	return typeof prototype === "object" && prototype !== null
		? [...own, ...Object.getOwnPropertyNames(prototype)]
		: own;
}
