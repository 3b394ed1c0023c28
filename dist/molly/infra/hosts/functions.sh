# Shared by the scripts of the stacks `hosts` and `gateway`: sourced by them, never run. POSIX sh, on the machine that runs Terraform.
# Expects NODE, the machine that this is about, and `here`, the folder of the scripts.
# shellcheck shell=sh disable=SC2034 # what is set here is read where this is sourced

say() { printf '%s: %s\n' "$NODE" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

ssh_config=${SSH_CONFIG:-$here/ssh_config}

# What a user's configuration may ask for interactive use is switched off; nobody is asked anything.
on_as_is() {
  destination=$1
  shift
  ssh -F "$ssh_config" -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 \
    -o ClearAllForwardings=yes -o ForwardAgent=no -o RequestTTY=no -o RemoteCommand=none "$destination" "$@"
}

# on ADDRESS WORD…: runs a command there as root: as whoever logs in, or through sudo where nobody is asked. 255: no way there.
on() {
  there=$1
  shift
  # shellcheck disable=SC2016 # for the shell over there
  become_root='if [ "$(id -u)" = 0 ]; then exec "$@"; fi; exec sudo -n -- "$@"'
  line=$(quoted sh -c "$become_root" sh "$@")
  on_as_is "$there" "$line"
}

# A command line for another shell, whatever is in the words.
quoted() {
  for word; do
    printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
  done
}

# exclusively ADDRESS WORD…: not beside what an interrupted run of Terraform left running there.
exclusively() {
  there=$1
  shift
  on "$there" flock --timeout "$await_seconds" /run/molly-enter.lock "$@"
}

# How long a machine may take to boot and to be set up by cloud-init, and an earlier run's command to end.
await_seconds=${AWAIT_SECONDS:-900}
await_pause=${AWAIT_PAUSE:-3}

mark=/var/lib/molly/entering
admin_conf=/etc/kubernetes/admin.conf
export mark admin_conf

# find_cluster: the address of a control plane other than this machine that has entered the cluster, in `host`; empty when
# there is none. 2: one of them can't be asked, and the others have not entered.
find_cluster() {
  host="" silent=""
  for plane in $CONTROL_PLANES; do
    [ "${plane%%=*}" != "$NODE" ] || continue
    code=0
    # shellcheck disable=SC2016 # for the shell over there
    on "${plane#*=}" sh -c '[ -e "$1" ] && [ ! -e "$2" ]' sh "$admin_conf" "$mark" </dev/null 2>/dev/null || code=$?
    case $code in
      0)
        host=${plane#*=}
        return 0
        ;;
      1) ;;
      *) silent="$silent ${plane%%=*}" ;;
    esac
  done
  [ -z "$silent" ] || return 2
}

# Until ADDRESS can be reached as root and its first boot is done.
await_machine() {
  deadline=$(($(date +%s) + await_seconds))
  until said=$(on "$ADDRESS" true </dev/null 2>&1); do
    case $said in
      *"IDENTIFICATION HAS CHANGED"* | *"Host key verification failed"*)
        fail "$ADDRESS shows another key than before. If the machine was made anew: 'ssh-keygen -R $ADDRESS' (and -f FILE where" \
          "the ssh configuration names one), then apply again."
        ;;
    esac
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "$ADDRESS could not be reached as root for $await_seconds s: $(printf '%s' "$said" | tail -n 1)"
    sleep "$await_pause"
  done
  # Its first boot installs packages, too: two at a time would wait for each other in vain. 2: done, with warnings.
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c 'command -v cloud-init >/dev/null || exit 0
    code=0; timeout "$1" cloud-init status --wait >/dev/null || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ]' sh "$await_seconds" </dev/null ||
    fail "cloud-init did not do well there: 'cloud-init status --long' on $ADDRESS tells why."
}

# Files alone, without folders: whatever is on the machine keeps its modes. In place: a container engine mounts /etc/hosts.
# The checkout's owner and umask don't matter; the list is what a later roll-out compares with.
# lay_down FOLDER
lay_down() {
  files=$1
  list=$(cd "$files" && find . -type f | LC_ALL=C sort)
  (cd "$files" && echo "$list" | tar -cf - --owner=0 --group=0 --mode=u=rwX,go=rX --files-from=-) |
    exclusively "$ADDRESS" tar -xf - -C / --overwrite
  (cd "$files" && echo "$list" | sed 's/^/"/; s/$/"/' | xargs sha256sum | sed 's|  \./|  /|') |
    on "$ADDRESS" sh -c 'cat >/var/lib/molly/rendered.sha256'
}
