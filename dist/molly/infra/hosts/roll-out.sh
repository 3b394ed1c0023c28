#!/bin/sh
# Brings changed files to the machines of a cluster in use, in the one way that is safe: `./molly roll-out`, one machine at a
# time, each checked before and verified after, put back at the first failure.
#
# Environment: SITE; MOLLY, the command, where it isn't at the root of this repository; SSH_CONFIG as for enter.sh.
set -eu
here=$(dirname -- "$0")
exec "${MOLLY:-$here/../../../../molly}" roll-out --site "$SITE" --target live --yes --ssh-config "${SSH_CONFIG:-$here/ssh_config}"
