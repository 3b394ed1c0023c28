"""The operator's way in: one JSON object a line, over a socket that only root can open."""

import json
import os
import socket

from lease import ANY

PATH = "/run/molly-vip/control.sock"


def serve(agent):
    """Answers one client after another, for ever. Runs in a thread of its own."""
    os.makedirs(os.path.dirname(PATH), exist_ok=True)
    if os.path.exists(PATH):
        os.unlink(PATH)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(PATH)
        os.chmod(PATH, 0o600)
        listening.listen()
        while True:
            client, _ = listening.accept()
            with client:
                client.settimeout(1)
                try:
                    request = json.loads(client.makefile().readline())
                    client.sendall(json.dumps(agent.command(_event(agent.lease, request))).encode() + b"\n")
                except Exception as error:  # whatever a client sends or does, the next one is served
                    agent.log(f"control: {error!r}")


def _event(lease, request):
    match request:
        case {"command": "status"}:
            return lambda now: []
        case {"command": "hand-over", **rest}:
            return lambda now: lease.hand_over(now, rest.get("to") or ANY)
        case {"command": "override", "on": bool(on)}:
            return lambda now: lease.override(now, on)
    raise ValueError(f"unknown request {request!r}")


def ask(**request):
    """Sends one request to the agent of this machine. Raises OSError when none is running."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(3)
        client.connect(PATH)
        client.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(client.makefile().readline())
