"""POST /report starts a report in the background and answers at once. SIGTERM ends the server; the reports are finished.

A report is a process of its own, in a session of its own. When the server has ended, the init adopts it, asks it to end
and waits for it: without an init it would be killed in the middle of its work.
"""

import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(f"hello from process {os.getpid()}\n")

    def do_POST(self):
        # Python waits for it at the next call of Popen; the one that is left at the end is the init's.
        subprocess.Popen([sys.executable, "report.py"], start_new_session=True)
        self.answer("the report is being written\n")

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def main():
    server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)

    def stop(*arguments):
        print("stopping")
        # It waits for serve_forever(), which this handler has interrupted: another thread has to call it.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    print(f"listening on port {server.server_port}")
    server.serve_forever()
    server.server_close()
    print("stopped")


main()
