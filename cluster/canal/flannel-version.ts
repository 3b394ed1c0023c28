/** The first flannel that says whether its routes stand (/readyz), which kube-flannel's readiness probe asks. */
const oldest = [0, 28, 9];

/**
 * The flannel that the site asks for, unchanged.
 *
 * @throws Error when it isn't an exact version, or is older than 0.28.9.
 */
export function checkedFlannelVersion(version: string): string {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (parts === undefined || isOlder(parts)) {
    throw new Error(
      `canal.flannelVersion: '${version}' can't be rendered: it must be an exact version from ${oldest.join(".")} on; ` +
        "older ones have no /readyz, and a node would count as ready before it has a route.",
    );
  }
  return version;
}

/** Compares by the first part that differs. */
function isOlder(parts: number[]): boolean {
  const index = oldest.findIndex((part, position) => part !== parts[position]);
  return index !== -1 && (parts[index] ?? 0) < (oldest[index] ?? 0);
}
