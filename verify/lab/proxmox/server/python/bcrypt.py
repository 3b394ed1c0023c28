"""Stands before Debian's python3-bcrypt for ceph-mgr alone.

Each of its modules runs in an interpreter of its own and imports bcrypt, which Debian 13 builds such that only the first
interpreter of a process may (https://github.com/PyO3/pyo3/issues/576): without this none of them starts, the CephFS's
volumes among them. It is used for the dashboard's passwords only, and a replica has no dashboard.
"""
