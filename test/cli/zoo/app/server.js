// The same in Node.js: half a file is written when it is told to stop.
const { appendFileSync, openSync, writeSync } = require("node:fs");

const file = openSync("/tmp/records", "w");
writeSync(file, "record 0\n");
const open = setInterval(() => {}, 1000);
process.on("SIGTERM", () => {
	clearInterval(open);
	setTimeout(() => {
		writeSync(file, "end\n");
		appendFileSync("/tmp/log", "stopped\n");
		process.exit(0);
	}, 300);
});
