"""etcd's JSON gateway over TLS: two keys, compare and swap, every outcome told apart from an unknown one."""

import base64
import http.client
import json
import socket
import ssl

import certificate
from lease import Answer, Key

TIME_LIMIT = 0.45
"""Seconds for a request; longer than this and another member is asked. A healthy member answers within 20 ms, a fifth of a
renewal's period. With a leader whose packets are 200 ms late it takes 200 to 410 ms: a limit of 200 was seen to make every
request vain, and the VIP was nobody's for as long as that lasted. One vain request must fit into a term."""
CONNECT_LIMIT = 0.2
"""Seconds for a connection to a member."""
TROUBLE = (OSError, http.client.HTTPException, ValueError, KeyError)
"""What may come of asking: no connection, no answer, or one that is not understood."""


class Refused(OSError):
    """The member answered that it would not. The connection is good for another request."""


class Etcd:
    """One connection at a time, to this machine's own member while that answers. Used by one thread."""

    def __init__(self, settings):
        self._members = list(settings.etcd)
        self._keys = {"lease": settings.lease_key, "claim": settings.claim_key}
        self._connection = None
        self.trouble = "not asked yet"
        """Why there was no answer last time; empty when there was one."""
        self.untrusted = False
        """Whether that was for want of a certificate that both sides accept."""

    def ask(self, request):
        """Returns an Answer, or None when nobody knows whether the request was carried out."""
        for _ in self._members:
            try:
                if self._connection is None:
                    self._connection = connect(*self._members[0], TIME_LIMIT)
            except (OSError, certificate.Missing) as error:
                self._next_member(error)
                if isinstance(error, (ConnectionRefusedError, certificate.Missing)):
                    continue  # at once, and nothing was sent
                return None
            try:
                # Reads go through a transaction too: it returns both keys as of one revision.
                answer = self._answer(post(self._connection, "/v3/kv/txn", self._body(request)))
                self.trouble = ""
                return answer
            except TROUBLE as error:
                # Sent, and who knows how far it came.
                self._next_member(error)
                return None
        return None

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _next_member(self, error):
        host, port = self._members[0]
        self.trouble = f"{host}:{port}: {error or type(error).__name__}"
        self.untrusted = isinstance(error, (ssl.SSLError, certificate.Missing))
        self.close()
        self._members.append(self._members.pop(0))

    def _body(self, request):
        look = [{"requestRange": {"key": self._key(name), "serializable": not request.certain}} for name in self._keys]
        puts = [{"requestPut": {"key": self._key(name), "value": _encoded(value)}} for name, value in request.put]
        return {
            "compare": [self._compare(*condition) for condition in request.compare],
            "success": puts + look,
            "failure": look,
        }

    def _compare(self, key, what, expected):
        condition = {"key": self._key(key), "result": "EQUAL"}
        if what == "value":
            return {**condition, "target": "VALUE", "value": _encoded(expected)}
        return {**condition, "target": "MOD", "mod_revision": str(expected)}  # 0: absent

    def _answer(self, reply):
        ranges = [part["response_range"] for part in reply["responses"] if "response_range" in part]
        lease, claim = [_as_key(found.get("kvs", [])) for found in ranges]
        return Answer(bool(reply.get("succeeded")), lease, claim)

    def _key(self, name):
        return _encoded(self._keys[name])


def connect(host, port, time_limit):
    """A connection whose every request is given up after `time_limit` seconds. Raises OSError, certificate.Missing."""
    connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_LIMIT, context=certificate.context())
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sock.settimeout(time_limit)
    return connection


def post(connection, path, body):
    """Raises one of TROUBLE; Refused when the member answered with an error."""
    connection.request("POST", path, json.dumps(body))
    response = connection.getresponse()
    text = response.read()
    if response.status != 200:
        raise Refused(f"HTTP {response.status}: {text[:200].decode(errors='replace')}")
    return json.loads(text)


def _as_key(found):
    if not found:
        return Key()
    return Key(base64.b64decode(found[0].get("value", "")).decode(errors="replace"), int(found[0]["mod_revision"]))


def _encoded(text):
    return base64.b64encode(text.encode()).decode()
