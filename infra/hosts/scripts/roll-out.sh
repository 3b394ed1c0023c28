#!/bin/sh
# Brings changed files to the machines of a cluster in use, in the one way that is safe: `./molly roll-out`, one machine at a
# time, each checked before and verified after, put back at the first failure.
#
# A machine that the stack before this one has just restarted, to give it more memory or cores, is waited for.
#
# Environment: SITE; MACHINES, as name=address; MOLLY, the command, where it isn't at the root of this repository; SSH_CONFIG
# as for enter.sh.
set -eu
here=$(dirname -- "$0")
# How long a restart may take. One that is down for longer is somebody's to look after.
AWAIT_SECONDS=${AWAIT_SECONDS:-180}
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

for machine in $MACHINES; do
  NODE=${machine%%=*} ADDRESS=${machine#*=}
  await_machine
done
exec "${MOLLY:-$here/../../../../molly}" roll-out --site "$SITE" --target live --yes --ssh-config "$ssh_config"
