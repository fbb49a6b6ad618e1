// 200 kills of whatever service comes next: all come back, none is there twice, and nobody stays as a zombie.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/root.ts";
import { Image } from "./support/image.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const KILLS = 200;
const SEED = process.env["SEED"] ?? "1";
const SERVICES = Array.from({ length: 10 }, (_, index) => `web-${index + 1}`);
/** Half of them have a worker in a session of its own, which outlives them, and must not outlive the clearing. */
const SCRIPT = `if [ "\${INSTANCE:-1}" -gt 5 ]; then setsid sh -c 'while :; do sleep 0.1; done' & fi; exec sleep 1000`;
const KILLER = join(root, "test", "process", "actors", "kill_services.py");

describeInit("services", (binary) => {
	test.skipIf(isMissing("python3"))("all come back, however they are killed", async () => {
		using image = new Image(binary, {
			"my_init/services/web.toml": `command = ["sh", "-c", '''${SCRIPT}''']
scale = ${SERVICES.length}
restart_delay = "1ms"
restart_max_delay = "20ms"
`,
		});
		const ask = ["sh", "-c", '"$MY_INIT" as initctl "$@"', "sh"];
		const killer = ["python3", KILLER, String(KILLS), SEED, ...ask];
		const { code, stdout, stderr } = await image.run(killer);
		expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
		expect(JSON.parse(stdout)).toEqual({
			zombies: 0,
			restarts: KILLS,
			running: SERVICES.toSorted(),
			strangers: [],
		});
	});
});
