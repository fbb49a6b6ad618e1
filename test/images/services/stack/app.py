# Answers each request with the number of them, which redis keeps; says by a newline on descriptor 3 that it listens.
import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Counter(BaseHTTPRequestHandler):
    def do_GET(self):
        with socket.create_connection(("127.0.0.1", 6379)) as redis:
            redis.sendall(b"INCR requests\r\n")
            count = redis.makefile().readline().strip().removeprefix(":")
        body = f"request {count}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 8000), Counter)
os.write(3, b"\n")
os.close(3)
server.serve_forever()
