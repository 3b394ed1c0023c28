"""Holds every packet of a netfilter queue for a while: netem, for kernels that have none.

Usage: delay.py QUEUE MILLISECONDS
Runs until it is killed; the queue's rule should say --queue-bypass, so that packets pass from then on.
"""

import collections
import select
import socket
import struct
import sys
import time

NETLINK_NETFILTER, NETLINK_NO_ENOBUFS, SOL_NETLINK = 12, 5, 270
QUEUE_SUBSYSTEM = 3
PACKET, CONFIG, VERDICT_BATCH = (QUEUE_SUBSYSTEM << 8 | kind for kind in (0, 2, 3))
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
BIND, ACCEPT, COPY_META = 1, 1, 1
LONGEST = 65_536
"""Packets that may wait; those beyond are dropped."""


def attribute(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def message(kind, flags, queue, attributes):
    body = struct.pack("!BBH", socket.AF_UNSPEC, 0, queue) + attributes
    return struct.pack("IHHII", 16 + len(body), kind, flags, 0, 0) + body


def settings(queue):
    """Each one is acknowledged."""
    command = attribute(1, struct.pack("!BBH", BIND, 0, socket.AF_INET))
    parameters = attribute(2, struct.pack("!IB", 0, COPY_META))
    length = attribute(3, struct.pack("!I", LONGEST))
    return [message(CONFIG, NLM_F_REQUEST | NLM_F_ACK, queue, each) for each in (command, parameters, length)]


def accept_up_to(queue, packet):
    """Lets go every packet up to this one: they wait in the order of their numbers."""
    return message(VERDICT_BATCH, NLM_F_REQUEST, queue, attribute(2, struct.pack("!II", ACCEPT, packet)))


def messages(data):
    """(kind, body) of each netlink message in a datagram."""
    while len(data) >= 16:
        length, kind = struct.unpack_from("IH", data)
        yield kind, data[16:length]
        data = data[length + 3 & ~3 :]


def number_of(body):
    """The number that the kernel gave a packet: at the beginning of its first attribute of kind 1."""
    rest = body[4:]
    while len(rest) >= 4:
        length, kind = struct.unpack_from("HH", rest)
        if kind == 1:
            return struct.unpack_from("!I", rest, 4)[0]
        rest = rest[length + 3 & ~3 :]
    return None


def configure(netlink, queue):
    for setting in settings(queue):
        netlink.send(setting)
        for kind, body in messages(netlink.recv(65_536)):
            if kind == NLMSG_ERROR and struct.unpack_from("i", body)[0] != 0:
                raise OSError(-struct.unpack_from("i", body)[0], f"queue {queue} is refused")


def main(queue, delay):
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    netlink.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
    netlink.bind((0, 0))
    configure(netlink, queue)
    waiting = collections.deque()
    while True:
        left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        if select.select([netlink], [], [], left)[0]:
            due = time.monotonic() + delay
            numbers = (number_of(body) for kind, body in messages(netlink.recv(65_536)) if kind == PACKET)
            waiting.extend((due, number) for number in numbers if number is not None)
        ready = None
        while waiting and waiting[0][0] <= time.monotonic():
            ready = waiting.popleft()[1]
        if ready is not None:
            netlink.send(accept_up_to(queue, ready))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) / 1000)
