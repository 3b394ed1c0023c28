"""Keeps etcd's leader off the VIP's holder: a machine that fails shall not take both.

With both on it the VIP waits for etcd's election before anybody can take the lease. That is over in time when the machine
falls silent. But when it hears nothing and is still heard, the others believe in their leader until it gives up by itself:
the VIP was seen to be away for 2.8 s. No decision about the VIP rests on this: it may fail, or come late.
"""

import time

import certificate
import etcd

LOOK = 2.0
"""Seconds between two looks. The second that finds holder and leader in one place does something about it."""
LOOPBACK = "127.0.0.1"
"""The first of etcd's members is this machine's own, if it has one."""
TIME_LIMIT = 1.0
"""Seconds for a request: a member that is to lead catches up first, within an election's time."""


def watch(agent):
    """For ever, in a thread of its own. At once done where etcd is elsewhere, as for a gateway: no leader is here."""
    if agent.settings.etcd[0][0] != LOOPBACK:
        return
    before = None
    while True:
        time.sleep(LOOK)
        if not agent.lease.holding or agent.lease.overriding:
            before = None
            continue
        try:
            connection = etcd.connect(*agent.settings.etcd[0], TIME_LIMIT)
            try:
                status = etcd.post(connection, "/v3/maintenance/status", {})
                leads = status["leader"] == status["header"]["member_id"]
                if leads and before == status["raftTerm"]:
                    members = etcd.post(connection, "/v3/cluster/member/list", {})["members"]
                    name = hand_on(connection, status["leader"], members)
                    agent.log(f"etcd is led by {name} from now on, not by the VIP's holder")
                before = status["raftTerm"] if leads else None
            finally:
                connection.close()
        except (*etcd.TROUBLE, certificate.Missing):
            before = None  # calm is what this waits for


def hand_on(connection, leader, members):
    """Has another member lead, and returns its name. Raises one of `etcd.TROUBLE` when none could."""
    others = [member for member in members if member["ID"] != leader and not member.get("isLearner")]
    failure = OSError("there is no other member")
    for member in sorted(others, key=lambda other: other["name"]):
        try:
            etcd.post(connection, "/v3/maintenance/transfer-leadership", {"targetID": member["ID"]})
            return member["name"]
        except etcd.Refused as refused:
            failure = refused
    raise failure
