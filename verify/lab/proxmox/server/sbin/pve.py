#!/usr/bin/python3
"""Proxmox VE's commands on a server of the replica, as far as Molly's scripts and the provider call them.

The name that it is called by says which: pvesh, pvesm, pveum, pvecm, pveversion, qm. All of them do what they do by asking
the replica's API as root, over the socket that this server alone has.
"""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

NODE = socket.gethostname()
SOCKET = f"/run/molly-proxmox/{NODE}.root"
SHARED = "/var/lib/molly-replica/shared"
CONFIGURATION = "/etc/pve"


class Connection(http.client.HTTPSConnection):
    """HTTPS over the socket. Nobody else can be behind it, so the certificate says nothing."""

    def connect(self):
        plain = socket.socket(socket.AF_UNIX)
        plain.connect(SOCKET)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(plain)


def ask(method, path, parameters=None):
    """The answer's data; ends the command with the API's reason when it is refused."""
    connection = Connection("localhost")
    body = urllib.parse.urlencode(parameters or {})
    if method in ("GET", "DELETE") and body:
        path, body = f"{path}?{body}", ""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, f"/api2/json{path}", body or None, headers)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    if answer.status != 200:
        sys.exit(f"{content.get('message', answer.reason).strip()} {content.get('errors', '')}".strip())
    return content["data"]


def options(words):
    """`--name value` and `--name=value`, and what stands without a name."""
    named, plain = {}, []
    words = list(words)
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            plain.append(word)
        elif "=" in word:
            name, value = word.lstrip("-").split("=", 1)
            named[name] = value
        else:
            named[word.lstrip("-")] = words.pop(0) if words else "1"
    return named, plain


def pvesh(words):
    verbs = {"get": "GET", "create": "POST", "set": "PUT", "delete": "DELETE"}
    verb, path, *rest = words
    named, _ = options(rest)
    named.pop("output-format", None)
    print(json.dumps(ask(verbs[verb], path, named), separators=(",", ":"), sort_keys=True))


def pveum(words):
    named, plain = options(words)
    if plain[:3] == ["user", "token", "add"]:
        userid, tokenid = plain[3:5]
        shown = named.pop("output-format", "text")
        made = ask("POST", f"/access/users/{userid}/token/{tokenid}", named)
        print(json.dumps(made) if shown == "json" else made["value"])
    elif plain[:3] == ["user", "token", "delete"]:
        ask("DELETE", f"/access/users/{plain[3]}/token/{plain[4]}")
    else:
        sys.exit(f"ERROR: unknown command 'pveum {' '.join(plain[:3])}': the replica does not know it")


def activate(storage):
    """Mounts a CephFS on this server and makes the folders of its contents, as Proxmox VE does when it is asked for."""
    found = ask("GET", f"/storage/{storage}")
    if found["type"] == "cephfs":
        if not os.path.ismount(found["path"]):
            os.makedirs(found["path"], exist_ok=True)
            name = found.get("fs-name", storage)
            subprocess.run(["ceph-fuse", "-n", "client.admin", "--client_fs", name, found["path"]], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        for content in found["content"].split(","):
            if content in ("snippets", "import"):
                os.makedirs(f"{found['path']}/{content}", exist_ok=True)
    return found


def pvesm(words):
    named, plain = options(words)
    if plain[0] == "apiinfo":
        print("APIVER 13\nAPIAGE 4")
    elif plain[0] == "add":
        ask("POST", "/storage", {"type": plain[1], "storage": plain[2], **named})
    elif plain[0] == "set":
        ask("PUT", f"/storage/{plain[1]}", named)
    elif plain[0] == "status":
        found = activate(named["storage"])
        print("Name Type Status Total Used Available %")
        print(f"{named['storage']} {found['type']} active 0 0 0 0.00%")
    else:
        sys.exit(f"ERROR: unknown command 'pvesm {plain[0]}': the replica does not know it")


def members():
    path = f"{SHARED}/corosync.conf"
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf8") as file:
        return [line.split()[1] for line in file if line.strip().startswith("name:")]


def enter(name, address):
    """Writes this server into the cluster's configuration, and from then on shares /etc/pve with all who are in it."""
    nodes = members()
    path = f"{SHARED}/corosync.conf"
    entry = f"  node {{\n    name: {NODE}\n    nodeid: {len(nodes) + 1}\n    ring0_addr: {address}\n  }}\n"
    before = ""
    if nodes:
        with open(path, encoding="utf8") as file:
            before = file.read()
    else:
        before = f"totem {{\n  cluster_name: {name}\n}}\nnodelist {{\n}}\n"
    with open(f"{path}.new", "w", encoding="utf8") as file:
        file.write(before.rstrip()[:-1] + entry + "}\n")
    os.replace(f"{path}.new", path)
    os.symlink(SHARED, f"{CONFIGURATION}.new")
    os.replace(f"{CONFIGURATION}.new", CONFIGURATION)


def pvecm(words):
    named, plain = options(words)
    if plain[0] == "create":
        if members():
            sys.exit("cluster config '/etc/pve/corosync.conf' already exists")
        enter(plain[1], named["link0"])
    elif plain[0] == "add":
        if NODE in members():
            sys.exit("detected the following error(s):\n* this host already contains a cluster config")
        # What Proxmox VE does there, over the same way: it must be reachable as root, and be in a cluster.
        command = ["ssh", "-o", "BatchMode=yes", f"root@{plain[1]}", "test", "-e", "/etc/pve/corosync.conf"]
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit(f"unable to add node: {plain[1]} can't be reached as root, or is in no cluster")
        with open(f"{SHARED}/corosync.conf", encoding="utf8") as file:
            name = [line.split()[1] for line in file if "cluster_name:" in line][0]
        enter(name, named["link0"])
    elif plain[0] == "status":
        if NODE not in members():
            sys.exit("Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?")
        print(f"Nodes:            {len(members())}\nQuorate:          Yes\nTime:             {time.ctime()}")
    else:
        sys.exit(f"ERROR: unknown command 'pvecm {plain[0]}': the replica does not know it")


def main():
    name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
    if name == "pveversion":
        print(f"pve-manager/{ask('GET', '/version')['version']}/replica (running kernel: {os.uname().release})")
    elif name == "qm":
        print("USAGE: qm <COMMAND> [ARGS] [OPTIONS]")
        sys.exit(0 if words == ["--help"] else 255)
    else:
        {"pvesh": pvesh, "pveum": pveum, "pvesm": pvesm, "pvecm": pvecm}[name](words)


if __name__ == "__main__":
    main()
