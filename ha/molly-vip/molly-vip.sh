#!/bin/sh
# Alone with Python's standard library: no site packages, no environment variables, no user's folder.
exec /usr/bin/python3 -I /usr/local/lib/molly-vip "$@"
