# Kills whatever service comes next, so often; then waits until all are back, and tells what there is.
#   kill_services.py KILLS SEED INITCTL...     the words that ask PID 1
# Prints JSON: zombies, restarts, the services that run, and children of PID 1 that are none: doubles, or left behind.
import json
import os
import random
import signal
import subprocess
import sys
import time

PATIENCE_S = 30
DEADLY = [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV]
kills, choose, initctl = int(sys.argv[1]), random.Random(int(sys.argv[2])), sys.argv[3:]


def status():
    """All services that are to run, in the order of their names."""
    out = subprocess.run([*initctl, "status", "--json"], capture_output=True).stdout
    resting = ("completed", "scheduled")
    return sorted((one for one in json.loads(out) if one["state"] not in resting), key=lambda one: one["name"])


def processes():
    """Of each process: its number, its state, its parent and its words."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            read = lambda name: open(f"/proc/{pid}/{name}", "rb").read()
            state, parent = read("stat").rsplit(b")", 1)[1].split()[:2]
            yield int(pid), state, int(parent), read("cmdline")
        except OSError:
            pass


killed = set()
while len(killed) < kills:
    one = choose.choice(status())
    if one["state"] != "running" or one["pid"] in killed:
        continue
    try:
        os.kill(one["pid"], choose.choice(DEADLY))
        killed.add(one["pid"])
    except ProcessLookupError:
        pass  # It has ended meanwhile.
deadline = time.monotonic() + PATIENCE_S
while any(one["state"] != "running" for one in status()):
    if time.monotonic() > deadline:
        sys.exit(json.dumps(status()))
    time.sleep(0.02)

zombies, strangers = 0, []
# Loggers are initctl; the main command may be us.
known = {one["pid"] for one in status()} | {os.getpid(), os.getppid()}
for pid, state, parent, words in processes():
    zombies += state == b"Z"
    if parent == 1 and state != b"Z" and pid not in known and not words.startswith(b"initctl"):
        strangers.append(words.decode())
restarts = {one["name"]: one["restarts"] for one in status()}
print(json.dumps({"zombies": zombies, "restarts": sum(restarts.values()), "running": sorted(restarts), "strangers": strangers}))
