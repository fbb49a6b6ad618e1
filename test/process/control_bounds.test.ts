// Whoever asks PID 1 whatever, or nothing at all: it goes on, and answers the next one. And who may not ask is not answered.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import type { Ended } from "./support/namespace.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const PRELUDE = `import json, os, random, socket, sys, time
STATUS = b'{"verb":"status","names":[]}\\n'
def connect(path="/run/my_init/control"):
    s = socket.socket(socket.AF_UNIX); s.connect(path); s.settimeout(60); return s
def send(s, line):
    try: s.sendall(line)
    except ConnectionError: pass
def rest(s):
    text = b""
    try:
        while got := s.recv(65536): text += got
    except ConnectionError: pass
    return text.decode("latin1").strip()
def ask(line):
    s = connect(); send(s, line); return rest(s)
`;

const GARBAGE = `chance = random.Random(9)
for line in (b"[]\\n", b"null\\n", b'"web"\\n', b"\\n", b"\\0\\n", b"{}\\n", b'{"verb":"stop","names":["web"],\\n', b'{"verb":"signal","names":["web"],"signal":1e9}\\n',
    b'{"verb":"stop","names":{"length":1}}\\n', b'{"__proto__":{"verb":"totals"},"names":[]}\\n', b"x" * 4096, b"x" * 9999 + b"\\n", STATUS.strip().ljust(4096) + b"\\n"):
    print(ask(line))
print(ask(STATUS.strip().ljust(4095) + b"\\n")[:13], ask(STATUS + STATUS).count("\\n"))
for open_ in (b"[", b'{"a":', b'{"verb":"status","names":['): ask(open_ * (4000 // len(open_)) + b"\\n")
for i in range(200): ask(chance.randbytes(chance.randrange(1, 5000)).replace(b"\\n", b"") + b"\\n")
`;

/** Those who follow are hung up on by nobody, and leave no room. */
const CROWD = `followers = [connect() for i in range(64)]
for s in followers: send(s, b'{"verb":"events","follows":true}\\n')
late = connect(); send(late, STATUS); late.settimeout(1)
try: print("answered", late.recv(13))
except TimeoutError: print("not answered")
followers.pop().close(); late.settimeout(60)
print(late.recv(13).decode())
`;

/** Without a word, and in the middle of one. */
const SILENCE = `began = time.monotonic()
idle = [connect() for i in range(30)] + [connect() for i in range(10)]
for s in idle[30:]: send(s, STATUS[:-1])
print(ask(STATUS)[:13], time.monotonic() - began < 4)
print({(rest(s), time.monotonic() - began > 4.9) for s in idle})
`;

/** As many names as a request can have, of as many services. */
const REPEATED = `names = ",".join(['"w"'] * 1000)
for verb in ("status", "wait"): print(ask(('{"verb":"%s","until":"ready","names":[%s]}\\n' % (verb, names)).encode()).count("\\n") + 1)
`;

/** Each user that comes after the path asks, though the socket lets nobody else in; they are root's children. */
const USERS = `path = sys.argv[1]
while not os.path.exists(path): time.sleep(0.01)
os.chmod(path, 0o666)
for user in map(int, sys.argv[2:]):
    if os.fork(): os.wait(); continue
    os.setgroups([]); os.setresgid(user, user, user); os.setresuid(user, user, user)
    s = connect(path); send(s, STATUS); print(user, rest(s)[:13], file=open("/dev/shm/answers", "a"), flush=True); os._exit(0)
open("/dev/shm/done", "w")
`;
const AS_NOBODY = 'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$MY_INIT" "$@"';

describeInit("the control socket", (binary) => {
	async function run(script: string, scale = 1, launch = {}): Promise<Ended> {
		using image = new Image(binary, {
			"my_init/services/w.toml": `command = ["sleep", "100"]\nscale = ${scale}\n`,
			"ask.py": PRELUDE + script,
		});
		const main = `python3 /etc/ask.py && "$MY_INIT" as initctl health`;
		const ended = await image.run(["sh", "-c", main], launch);
		expect(ended.code, ended.stderr).toBe(0);
		expect(ended.stderr).not.toContain("safe mode");
		return ended;
	}

	test.skipIf(isMissing("python3"))("refuses what is no request", async () => {
		const { stdout } = await run(GARBAGE);
		const refused = (why: string): string => `{"refused":"${why}"}`;
		const [object, json] = [refused("this is no object"), refused("this is no JSON")];
		const names = refused("names: a list of text in bytes is needed");
		const long = refused("a request has at most 4096 bytes");
		expect(stdout.split("\n")).toEqual([
			...[names, object, object, json, json, names, json],
			...[refused("signal: a whole number from 1 to 64 is needed"), names],
			...[refused("this init knows no such verb"), long, long, long],
			'{"name":"w"," 0',
			"all services are well",
			"",
		]);
	});

	test.skipIf(isMissing("python3"))("has room for 64, and the next one waits", async () => {
		const { stdout } = await run(CROWD);
		expect(stdout).toBe('not answered\n{"name":"w","\nall services are well\n');
	});

	test.skipIf(isMissing("python3"))("waits for nobody longer than 5 s", async () => {
		const { stdout } = await run(SILENCE);
		expect(stdout).toBe(`{"name":"w"," True\n{('', True)}\nall services are well\n`);
	});

	test.skipIf(isMissing("python3"))("says of each once what is asked many times", async () => {
		const { stdout } = await run(REPEATED, 100);
		expect(stdout).toBe("100\n100\nall services are well\n");
	});

	test.skipIf(isMissing("python3")).each([
		["root", "/run/my_init/control", ["0 {", "1 ", "65534 "], 'exec "$MY_INIT" "$@"'],
		["nobody", "/dev/shm/my_init/control", ["0 {", "1 ", "65534 {"], AS_NOBODY],
	])("of %s answers root and that user alone, whoever can connect", async (_, path, seen, exec) => {
		using image = new Image(binary, {
			"my_init/services/w.toml": 'command = ["sleep", "100"]\n',
			"ask.py": PRELUDE + USERS,
		});
		const main = `until [ -e /dev/shm/done ]; do sleep 0.02; done; cut -d '"' -f 1 /dev/shm/answers; "$MY_INIT" as initctl health`;
		const before = `(umask 0; touch /dev/shm/answers); python3 /etc/ask.py ${path} 0 1 65534 &`;
		const { stdout, stderr } = await image.run(["sh", "-c", main], { before, exec });
		expect(stdout, stderr).toBe([...seen, "all services are well", ""].join("\n"));
	});
});
