"""Listens where Flux's controllers send their events, notification-controller's address, and keeps them, one a line.

It forwards nothing: notification-controller itself is served as no Go module. Usage: event-recorder.py FILE PORT
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

file, port = sys.argv[1], int(sys.argv[2])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(file, "ab") as events:
            events.write(body.replace(b"\n", b" ") + b"\n")
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
