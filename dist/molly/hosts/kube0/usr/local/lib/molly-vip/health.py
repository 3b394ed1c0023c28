"""Whether this machine could serve the API: asks the local HAProxy, which in turn watches every API server."""

import http.client
import select
import time

from lease import DEAD, SERVING, UNREADY

PERIOD = 0.05
TIME_LIMIT = 0.2
SILENCES = 2
"""So many requests in a row without an answer are a frozen HAProxy. A refused connection needs no second try."""


def watch(port, report):
    """Calls `report` with each change, for ever. Runs in a thread of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIME_LIMIT)
    silences, last = 0, None
    while True:
        idle = connection.sock is not None
        try:
            found, silences = _ask(connection), 0
        except TimeoutError:
            connection.close()
            silences += 1
            found = DEAD if silences >= SILENCES else last
        except (OSError, http.client.HTTPException):
            connection.close()
            if idle:
                continue  # an old connection ends when HAProxy is reloaded, too: a new one will tell
            found = DEAD
        if found is not None and found != last:
            last = found
            report(found)
        _pause(connection)


def _ask(connection):
    connection.request("GET", "/healthy")
    response = connection.getresponse()
    response.read()
    return SERVING if response.status == 200 else UNREADY


def _pause(connection):
    """Waits a period, or until HAProxy closes the connection, which it does when it dies."""
    if connection.sock is None:
        time.sleep(PERIOD)
    else:
        select.select([connection.sock], [], [], PERIOD)
