import { script } from "./command.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/**
 * Where daemons keep their state, sockets and journal, in memory. A replica's machines share one disk, so that one can't be
 * filled; etcd's own reaction to a full disk, to end, is what `etcd-leader-killed` shows.
 */
const places = ["/run", "/tmp"];

/** The filler's name keeps the size that the heal restores: there is no room for anything else. */
const fill = `
for place; do
  for filler in "$place"/.molly-filler.*; do [ ! -e "$filler" ] || continue 2; done
  set_size() { mount -o "remount,size=$1k" "$place"; }
  size=$(df --output=size -k "$place" | tail -n 1)
  used=$(df --output=used -k "$place" | tail -n 1)
  : > "$place/.molly-filler.$((size))"
  set_size $((used + 256))
  # Ends when there is no room.
  ! cat /dev/zero > "$place/.molly-filler.$((size))" 2>/dev/null
done
`;

const empty = `
for place; do
  for filler in "$place"/.molly-filler.*; do
    [ -e "$filler" ] || continue
    mount -o "remount,size=\${filler##*.}k" "$place"
    rm -f "$filler"
  done
done
`;

/** Nobody on the VIP's holder can write down anything any more. */
export const diskFull: Fault = {
  name: "disk-full",
  title: "there is no space left on the VIP's holder",
  severs: "nothing",
  aim: findHolder,
  inject: async (target, node) => void (await script(target, node, fill, ...places)),
  heal: async (target, node) => void (await script(target, node, empty, ...places)),
};
