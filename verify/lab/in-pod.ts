/** The command that runs another in the network of the pod that has an address, on that pod's node. */
export const inPod = (address: string, ...argv: string[]): string[] => [
  "sh",
  "-euc",
  'address=$1; shift; for ns in /run/netns/*; do if nsenter --net="$ns" ip -o -4 addr | grep -q "inet $address/"; then exec nsenter --net="$ns" "$@"; fi; done; echo "no pod has $address"; exit 1',
  "sh",
  address,
  ...argv,
];
