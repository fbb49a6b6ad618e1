"""A server that has half a file to write when it is told to stop: records, then "end"."""
import os
import signal
import sys
import time

FILE = "/tmp/records"

if sys.argv[1:] == ["--check"]:
    sys.exit(0)
out = open(FILE, "w", buffering=1)


def stop(_number, _frame):
    for number in range(50, 100):
        out.write(f"record {number}\n")
        time.sleep(0.01)
    out.write("end\n")
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
for number in range(50):
    out.write(f"record {number}\n")
while True:
    signal.pause()
