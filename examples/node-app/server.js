// GET / answers at once, GET /slow after two seconds. SIGTERM: no new connections, answers that are owed are given, then the end.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const SLOW_MS = 2_000;
const port = Number(process.env.PORT ?? 8080);

const server = createServer(async (request, response) => {
	if (request.url === "/slow") {
		console.log("slow: begun");
		await sleep(SLOW_MS);
		console.log("slow: answered");
	}
	// A client that keeps its connection would keep the server from ending.
	response.setHeader("Connection", "close");
	response.end(`hello from process ${process.pid}\n`);
});

server.listen(port, () => console.log(`listening on port ${port}`));

// The init forwards the signal to this process alone. Without process.exit() Node ends, with 0, when nothing is left to do.
process.once("SIGTERM", () => {
	console.log("stopping");
	server.close(() => console.log("stopped"));
});
