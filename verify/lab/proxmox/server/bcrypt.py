"""Stands in for `bcrypt` in Ceph's manager on a server of the replica.

The manager runs each of its modules in an interpreter of its own. Debian 13's bcrypt is written in Rust and refuses that, so
that none of the modules would load, not even the one that makes subvolumes. They need it for the dashboard's passwords alone.
"""


def _refuse(*_):
    raise NotImplementedError("the replica's Ceph has no passwords")


gensalt = hashpw = checkpw = _refuse
