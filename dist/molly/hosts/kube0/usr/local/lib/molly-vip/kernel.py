"""What the kernel enforces: a clock that nobody sets, a timer that kills, and an address that dies with its owner."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import time

DEVICE = "vip0"

_libc = ctypes.CDLL(None, use_errno=True)


def now():
    """Seconds on CLOCK_BOOTTIME: never set, and it goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def lock_memory():
    """No page of this process is ever waited for. Returns whether the kernel allowed it."""
    everything = 1 | 2  # MCL_CURRENT | MCL_FUTURE
    return _libc.mlockall(everything) == 0


def go_first():
    """This process runs before all that is not real-time itself. Returns whether the kernel allowed it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(os.sched_get_priority_min(os.SCHED_RR)))
    except OSError:
        return False
    return True


class KillTimer:
    """A POSIX timer that kills this process at a moment: also when it is stopped, and at once when set too late."""

    class _SigEvent(ctypes.Structure):
        _fields_ = [
            ("value", ctypes.c_void_p),
            ("signal", ctypes.c_int),
            ("notify", ctypes.c_int),
            ("rest", ctypes.c_int * 12),
        ]

    def __init__(self):
        """Raises OSError."""
        self._id = ctypes.c_void_p()
        event = self._SigEvent(signal=signal.SIGKILL, notify=0)  # SIGEV_SIGNAL
        _checked(_libc.timer_create(time.CLOCK_BOOTTIME, ctypes.byref(event), ctypes.byref(self._id)), "timer_create")

    def set(self, at):
        """`at`: seconds on CLOCK_BOOTTIME; None disarms. Ends the process when the kernel refuses: without it nothing is safe."""
        seconds, nanoseconds = (0, 0) if at is None else (int(at), int(at % 1 * 1e9))
        value = (ctypes.c_long * 4)(0, 0, seconds, nanoseconds)  # no interval
        if _libc.timer_settime(self._id, 1, ctypes.byref(value), None) != 0:  # TIMER_ABSTIME
            os.kill(os.getpid(), signal.SIGKILL)


class Address:
    """The VIP as a /32 on a TUN device that nothing keeps alive but this process.

    The device carries no packet: Linux answers ARP on every interface for any of its addresses, and takes in what comes
    for it. When the process ends, however it ends, the kernel closes the device and the address is gone.
    """

    # For a process that can't be killed, since it hangs in the kernel: then the address expires. The kernel may be late
    # by a second, so this is no fence, only better than nothing.
    LIFETIME = 5
    REFRESH = 2

    def __init__(self, vip, timer):
        self._vip = socket.inet_aton(vip)
        self._timer = timer
        self._device = None
        self._refreshed = 0.0

    @property
    def held(self):
        return self._device is not None

    def hold(self, kill_at, not_after):
        """Returns whether the address is there. Raises OSError when the kernel refuses."""
        # The order is what is safe: whoever sleeps from here on is killed before it could assign too late.
        self._timer.set(kill_at)
        moment = now()
        if not_after is not None and moment >= not_after:
            return False
        if self._device is None:
            self._device = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
            name_and_flags = struct.pack("16sH14x", DEVICE.encode(), 0x1001)  # IFF_TUN | IFF_NO_PI
            fcntl.ioctl(self._device, 0x400454CA, name_and_flags)  # TUNSETIFF
            self._refreshed = 0.0
        # Each refresh is an event for all who watch addresses, so not at every renewal.
        if moment >= self._refreshed + self.REFRESH:
            self._assign(self.LIFETIME if kill_at is not None else 0xFFFFFFFF)
            self._refreshed = moment
        return True

    def drop(self):
        """The address first, the timer then: whoever sleeps in between is killed, and the address goes with it."""
        if self._device is not None:
            os.close(self._device)
            self._device = None
        self._timer.set(None)

    def _assign(self, lifetime):
        attributes = _attribute(2, self._vip) + _attribute(1, self._vip)  # IFA_LOCAL, IFA_ADDRESS
        attributes += _attribute(6, struct.pack("IIII", lifetime, lifetime, 0, 0))  # IFA_CACHEINFO
        body = struct.pack("BBBBi", socket.AF_INET, 32, 0, 0, socket.if_nametoindex(DEVICE)) + attributes
        # RTM_NEWADDR; NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE | NLM_F_CREATE
        message = struct.pack("IHHII", 16 + len(body), 20, 0x505, 1, 0) + body
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
            netlink.bind((0, 0))
            netlink.settimeout(0.5)
            netlink.send(message)
            error = struct.unpack_from("i", netlink.recv(4096), 16)[0]
        if error != 0:
            raise OSError(-error, f"{os.strerror(-error)} (adding the VIP to {DEVICE})")


def announcements(interface, vip):
    """An ARP request and an ARP reply, both unasked for: some neighbours heed only the one, some only the other."""
    mac, address = _mac(interface), socket.inet_aton(vip)
    return [
        _arp(1, mac, address, bytes(6), address),
        _arp(2, mac, address, _EVERYBODY, address),
    ]


def somebody_answers(interface, vip, seconds=0.4):
    """Whether any neighbour answers an ARP probe (RFC 5227) for the VIP. Raises OSError."""
    mac, address = _mac(interface), socket.inet_aton(vip)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as raw:
        raw.bind((interface, 0x0806))
        raw.send(_arp(1, mac, bytes(4), bytes(6), address))
        until = now() + seconds
        while (left := until - now()) > 0:
            raw.settimeout(left)
            try:
                frame = raw.recv(2048)
            except TimeoutError:
                return False
            if frame[28:32] == address and frame[6:12] != mac:  # the sender's address in the answer
                return True
    return False


_EVERYBODY = b"\xff" * 6


def _arp(operation, mac, sender, target_mac, target):
    """A broadcast frame: 1 asks, 2 answers."""
    header = _EVERYBODY + mac + struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, operation)
    return header + mac + sender + target_mac + target


def _mac(interface):
    with open(f"/sys/class/net/{interface}/address", encoding="ascii") as file:
        return bytes.fromhex(file.read().strip().replace(":", ""))


def _attribute(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data


def _checked(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
