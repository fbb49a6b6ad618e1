// Asks the server once a second, until SIGTERM: compose and Kubernetes run it beside the server, from the same image.
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 1_000;
const server = process.env.SERVER ?? "http://127.0.0.1:8080/";

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

console.log("worker: begun");
while (!stop.signal.aborted) {
	const response = await fetch(server);
	console.log(`worker: ${response.status}`);
	await sleep(EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
}
console.log("worker: finished");
