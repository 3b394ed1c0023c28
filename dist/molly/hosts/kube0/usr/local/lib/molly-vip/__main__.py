"""molly-vip: keeps one virtual IP on at most one machine.

Exit codes: 0 done; 1 it did not come about; 2 wrong usage or settings; 3 no agent runs here.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import certificate
import control
import kernel
import settings as site
from agent import Agent
from etcd import Etcd
from fence import Api, Trouble
from lease import ANY, Request


def run(_options):
    Agent(site.read()).run()
    # Threads that wait for etcd or a client are not waited for.
    os._exit(0)


def check(options):
    """Whether the agent could run with this file. Changes nothing."""
    site.read(options.file)
    print(f"{options.file}: fits this machine")


def prepare(_options):
    site.read()
    if not certificate.ensure():
        print(f"no {certificate.CA_KEY} yet: waits for kubeadm")


def status(options):
    found = control.ask(command="status")
    if options.json:
        print(json.dumps({**found, "heartbeat": membership()}))
        return
    holder = found["holder"] or "nobody"
    until = f", for another {found['secondsLeft']:.2f} s unless renewed" if found["secondsLeft"] is not None else ""
    until = ", by an operator's override, without etcd" if found["override"] else until
    print(f"VIP        {found['vip']}")
    print(f"holder     {holder}{' (this machine)' if found['holding'] else ''}{until}")
    if found["whyNot"]:
        print(f"why not me {found['whyNot']}")
    print(f"lease      revision {found['revision']}; taken {found['takeovers']} times by this process")
    print(f"HAProxy    {found['haproxy']}")
    print(f"etcd       {found['etcd']}")
    print(f"Heartbeat  {', '.join(f'{node} {state}' for node, state in membership().items()) or 'does not answer'}"
          f"{'; prefers this machine' if found['preferred'] else ''}")


def hand_over(options):
    before = control.ask(command="hand-over", to=options.to)
    if before["holding"] and options.to == before["node"]:
        print("this machine holds the VIP already")
        return 0
    if not before["holding"] and options.to not in (None, before["node"]):
        print(f"this machine does not hold the VIP: run it on {before['holder'] or 'the holder'}", file=sys.stderr)
        return 2
    began = time.monotonic()
    while time.monotonic() < began + 2:
        now = control.ask(command="status")
        if now["holder"] and now["holder"] != before["holder"]:
            print(f"{now['holder']} holds the VIP")
            return 0
        time.sleep(0.02)
    print(f"nobody took over; {before['holder'] or 'nobody'} still holds the VIP", file=sys.stderr)
    return 1


def override(options):
    if options.state == "on":
        if not options.no_other_holder:
            raise site.Refused("'override on' holds the VIP without asking etcd. First stop molly-vip on every other control "
                               "plane: once etcd is back, one of them could take the VIP as well. Then add --no-other-holder.")
        settings = site.read()
        if not control.ask(command="status")["holding"] and kernel.somebody_answers(settings.interface, settings.vip):
            raise site.Refused(f"somebody answers for {settings.vip}: another machine holds it.")
    found = control.ask(command="override", on=options.state == "on")
    print("the VIP is held by override" if found["override"] else "no override is in force")


def fencing(_options):
    settings = site.read()
    if settings.fencing is None:
        print("this site asks for no fencing")
        return 0
    api, failed = Api(settings.fencing), False
    for node, machine in settings.fencing.machines.items():
        try:
            server, status, _lock = api.find(machine)
            print(f"{node}: VM {machine} on {server}, {status}")
        except Trouble as trouble:
            print(f"{node}: {trouble}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


def cleanup(_options):
    """After the agent's end, for whatever reason: nothing of the VIP is left, so the lease may go at once."""
    if "SERVICE_RESULT" not in os.environ:
        raise site.Refused("this is for systemd, once the agent is dead.")
    settings = site.read()
    device = f"/sys/class/net/{kernel.DEVICE}"
    if os.path.exists(device):
        subprocess.run(["ip", "link", "delete", kernel.DEVICE], check=False)
    if os.path.exists(device):
        raise site.Refused(f"{kernel.DEVICE} is still there: its owner lives. The lease is left to run out.")
    etcd = Etcd(settings)
    for _ in range(3):
        found = etcd.ask(Request("look", 0))
        if found is None:
            continue
        if not found.lease.value.startswith(f"held:{settings.node}:"):
            return
        mine = found.lease.value
        free = f"free:{settings.node}:{mine.rpartition(':')[2]}"
        if etcd.ask(Request("free", 0, (("lease", "value", mine),), (("lease", free),))):
            print(f"gave back {mine}")
            return


def membership():
    """Heartbeat's word on every control plane; empty when it does not answer."""
    found = {}
    for peer in site.read().peers:
        try:
            done = subprocess.run(["cl_status", "nodestatus", peer], capture_output=True, text=True, timeout=2, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return {}
        if done.stdout.strip():
            found[peer] = done.stdout.strip()
    return found


def parse(arguments):
    parser = argparse.ArgumentParser(prog="molly-vip", description=__doc__.split("\n", maxsplit=1)[0])
    commands = parser.add_subparsers(required=True)

    def command(name, function, text):
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(function=function)
        return made

    command("status", status, "Who holds the VIP, until when, and why not this machine.").add_argument(
        "--json", action="store_true")
    command("hand-over", hand_over, "On the holder: let another machine take over. Elsewhere: take it over.").add_argument(
        "--to", metavar="NODE")
    change = command("override", override, "Hold the VIP without etcd, on an operator's word, until etcd answers.")
    change.add_argument("state", choices=("on", "off"))
    change.add_argument("--no-other-holder", action="store_true", help="the operator's word")
    command("fencing", fencing, "Whether Proxmox shows each control plane's machine. Stops nothing.")
    command("check", check, "Whether the agent could run with these settings.").add_argument(
        "file", nargs="?", default=site.PATH)
    command("run", run, "For systemd: be the agent.")
    command("prepare", prepare, "For systemd: check the settings, make the certificate.")
    command("cleanup", cleanup, "For systemd: after the agent's end, however it came.")
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    try:
        return options.function(options) or 0
    except site.Refused as refused:
        print(f"molly-vip: {refused}", file=sys.stderr)
        return 2
    except (ConnectionRefusedError, FileNotFoundError) as error:
        print(f"molly-vip: no agent runs here ({error.strerror}). 'systemctl status molly-vip' tells why.", file=sys.stderr)
        return 3


sys.exit(main())
