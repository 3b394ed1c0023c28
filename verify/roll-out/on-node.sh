# What a roll-out does on a machine, one verb a call. It is sent along each time, never installed. POSIX sh.
#
# In the work folder, staged/ holds what is about to come; previous/ and journal tell what was there before the first file
# was replaced. As long as there is a journal, a roll-out is under way or broke off, and what it replaced is kept.
# shellcheck shell=sh

umask 022
root=${MOLLY_ROOT:-} # empty on a machine; tests point it at a folder
state=$root/var/lib/molly
work=$state/roll-out
# What the last roll-out laid down, for 'sha256sum --check' too.
manifest=$state/rendered.sha256
lock=$state/roll-out.lock

# look PATH…, with more paths on standard input: what is known of those, and the text of the ones named as arguments.
look() {
  if [ -e "$work/journal" ]; then echo unfinished; fi
  laid_down | sed 's/^/laid /'
  { cat && laid_down; } | sort -u | while read -r path; do
    if [ -f "$root$path" ]; then
      printf 'file %s %s %s\n' "$(sha256sum <"$root$path" | cut -c-64)" "$(stat -L -c %a "$root$path")" "$path"
    fi
  done
  for path; do
    if [ -f "$root$path" ]; then printf 'text %s %s\n' "$path" "$(base64 -w0 <"$root$path")"; fi
  done
}

laid_down() { if [ -e "$manifest" ]; then cut -c67- "$manifest"; fi; }

# stage: lines of mode, path and content in base64.
stage() {
  mkdir -p "$work"
  rm -rf "$work/staged"
  while read -r mode path content; do
    mkdir -p "$(dirname "$work/staged$path")"
    printf '%s' "$content" | base64 -d >"$work/staged$path"
    chmod "$mode" "$work/staged$path"
  done
}

# replace: lines of 'put' or 'remove' and a path.
replace() {
  if [ ! -e "$work/journal" ]; then
    rm -rf "$work/previous"
    : >"$work/journal"
  fi
  while read -r what path; do
    remember "$path"
    case $what in
      put) put "$work/staged$path" "$root$path" ;;
      remove) rm -f "$root$path" ;;
    esac
  done
}

# After a roll-out that broke off, what it remembered counts: that was the last state known to be good.
remember() {
  if grep -q -x -F -e "replaced $1" -e "added $1" "$work/journal"; then return; fi
  if [ -e "$root$1" ]; then
    mkdir -p "$(dirname "$work/previous$1")"
    cp -p "$root$1" "$work/previous$1"
    sync "$work/previous$1"
    echo "replaced $1" >>"$work/journal"
  else
    echo "added $1" >>"$work/journal"
  fi
}

# Whoever reads the file meanwhile sees the old or the new one, whole. What is mounted can't be renamed over: a container
# engine mounts /etc/hosts. The name ends in nothing that a daemon takes for a file of its own.
put() {
  mkdir -p "$(dirname "$2")"
  if mountpoint -q "$2"; then
    cat "$1" >"$2"
    chmod --reference="$1" "$2"
    return
  fi
  fresh=$(dirname "$2")/.$(basename "$2").molly
  cp -p "$1" "$fresh"
  sync "$fresh"
  mv -f -T "$fresh" "$2"
}

# restore: everything as it was before the first file was replaced. Harmless to repeat; 'forget' ends it.
restore() {
  if [ ! -e "$work/journal" ]; then return; fi
  while read -r what path; do
    case $what in
      replaced) put "$work/previous$path" "$root$path" ;;
      added) rm -f "$root$path" ;;
    esac
  done <"$work/journal"
}

# commit: the manifest on standard input. previous/ stays for whoever wants to look, until the next roll-out.
commit() {
  cat >"$manifest.new"
  mv -f "$manifest.new" "$manifest"
  forget
}

forget() { rm -rf "$work/journal" "$work/staged"; }

# lock: the owner on standard input. What is his already stays his. Ends with 75 and the owner's words when it is somebody else's.
lock() {
  owner=$(cat)
  mkdir -p "$state"
  if mkdir "$lock" 2>/dev/null; then
    printf '%s' "$owner" >"$lock/owner"
  elif [ "$owner" != "$(cat "$lock/owner")" ]; then
    cat "$lock/owner"
    exit 75
  fi
}

# unlock: the owner on standard input; only his own lock goes.
unlock() { if [ "$(cat)" = "$(cat "$lock/owner" 2>/dev/null)" ]; then rm -r "$lock"; fi; }

"$@"
