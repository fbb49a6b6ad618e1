// Who can say that a service is ready: its processes, whatever user they have become, and nobody else's.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const SEND = `import os, socket, time
def send(path):
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect(path); s.send(b"READY=1")
def wait(path):
	while not os.path.exists(path): time.sleep(0.01)
`;
/** Tells where its socket is, waits until the other one has sent to that, and says then itself that it is ready. */
const OWN = `${SEND}
path = os.environ["NOTIFY_SOCKET"]
open("/run/.path", "w").write(path); os.rename("/run/.path", "/run/path")
wait("/dev/shm/sent"); time.sleep(0.3); print("notifies", flush=True); os.setuid(65534); send(path)
time.sleep(1000)`;
const FOREIGN = `${SEND}
wait("/run/path"); path = open("/run/path").read()
for i in range(3): send(path)
print("sent", flush=True); open("/dev/shm/sent", "w")
time.sleep(1000)`;

const python = (script: string): string => `command = ["python3", "-c", '''${script}''']\n`;

describeInit("a service's NOTIFY_SOCKET", (binary) => {
	test.skipIf(isMissing("python3"))("hears its processes alone", async () => {
		using image = new Image(binary, {
			"my_init/services/app.toml": `${python(OWN)}ready = "sd_notify"`,
			"my_init/services/spy.toml": `${python(FOREIGN)}user = "games"`,
		});
		const { stdout, stderr } = await image.run(["echo", "main"]);
		expect(stdout, stderr).toBe("sent\nnotifies\nmain\n");
		const refusal =
			"app: another user's process, which is not its own, is not heard by NOTIFY_SOCKET";
		expect(stderr.split(refusal)).toHaveLength(2);
	});
});
