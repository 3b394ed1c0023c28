"""What the site says: /etc/molly/vip.json, rendered, and the same on every control plane but for `node`."""

import json
import os
from dataclasses import dataclass

from lease import Times

PATH = "/etc/molly/vip.json"


class Refused(Exception):
    """Something that an operator has to put right. The message is all that is shown."""


@dataclass(frozen=True)
class Fencing:
    """How Proxmox VE's API is asked to stop a machine."""

    endpoints: tuple
    """(host, port) of every server that may be asked."""
    token_file: str
    """`user@realm!name=secret`, on this machine alone."""
    ca_file: str | None
    """Who signed the servers' certificates; None: whoever this machine trusts."""
    fingerprints: frozenset
    """SHA-256 of the certificates, in lower case and without colons; if there are any, nothing else counts."""
    machines: dict
    """Proxmox's number of each control plane, by name."""
    patience: float | None
    """Seconds after which the VIP is assigned though nothing is certain; None: never."""


@dataclass(frozen=True)
class Settings:
    node: str
    vip: str
    interface: str
    """Where the VIP's packets come in: neighbours are told this interface's hardware address."""
    etcd: tuple
    """(host, port) of every member, this machine's own first."""
    peers: tuple
    health_port: int
    times: Times
    preferred: bool
    failback: bool
    fencing: Fencing | None

    @property
    def lease_key(self):
        return f"/molly/vip/{self.vip}/lease"

    @property
    def claim_key(self):
        return f"/molly/vip/{self.vip}/claim"


def read(path=PATH):
    """Raises Refused when the file is missing, is not understood, or does not fit this machine."""
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
        times = Times(*(raw["times"][key] / 1000 for key in ("termMs", "renewMs", "pollMs")))
        settings = Settings(
            node=raw["node"],
            vip=raw["vip"],
            interface=raw["interface"],
            etcd=tuple((host, int(port)) for host, port in (member.rsplit(":", 1) for member in raw["etcd"])),
            peers=tuple(raw["peers"]),
            health_port=raw["healthPort"],
            times=times,
            preferred=raw["preferred"] == raw["node"],
            failback=raw["failback"],
            fencing=_fencing(raw["fencing"]) if "fencing" in raw else None,
        )
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}. It comes from `./molly synth`; deliver it.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path} is not understood: {error!r}. Deliver it anew from dist/.") from None
    check(settings, path)
    return settings


def _fencing(raw):
    return Fencing(
        endpoints=tuple((host, int(port)) for host, port in (endpoint.rsplit(":", 1) for endpoint in raw["endpoints"])),
        token_file=raw["tokenFile"],
        ca_file=raw.get("caFile"),
        fingerprints=frozenset(raw["fingerprints"]),
        machines=raw["machines"],
        patience=None if raw["required"] else raw["timeoutMs"] / 1000,
    )


def check(settings, path):
    """Raises Refused for settings that were right for some machine, but not for this one, or that are unsafe."""
    if os.uname().nodename != settings.node:
        raise Refused(f"{path} is for {settings.node}, but this machine is {os.uname().nodename}.")
    interfaces = sorted(os.listdir("/sys/class/net"))
    if settings.interface not in interfaces:
        raise Refused(f"{path}: there is no interface '{settings.interface}' here, only {', '.join(interfaces)}.")
    times = settings.times
    if times.drop < 2 * times.renew:
        raise Refused(f"{path}: a term of {times.term} s is too short for renewals every {times.renew} s.")
