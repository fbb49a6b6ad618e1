"""A report that takes a while. Asked to end, it brings what it has to a good end."""

import signal
import time

REPORT_S = 60

asked = False


def ask(*arguments):
    global asked
    asked = True


signal.signal(signal.SIGTERM, ask)
print("report: begun")
end = time.monotonic() + REPORT_S
while not asked and time.monotonic() < end:
    time.sleep(0.1)
# Time to write a file, to close a transaction …
time.sleep(0.5)
print("report: saved")
