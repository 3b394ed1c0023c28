/**
 * The pause image that kubeadm of each Kubernetes release expects: `PauseVersion` in its source,
 * cmd/kubeadm/app/constants/constants.go at v1.35.3, v1.36.3 and v1.37.0.
 */
const pauseVersions: Readonly<Record<string, string>> = { "1.35": "3.10.1", "1.36": "3.10.2", "1.37": "3.10.2" };

/**
 * The image that holds a pod's namespaces.
 *
 * @param kubernetesVersion exact, as `1.36.3`
 * @throws Error when the release is not in the table
 */
export function pauseImage(kubernetesVersion: string): string {
  const minor = kubernetesVersion.split(".").slice(0, 2).join(".");
  const version = pauseVersions[minor];
  if (version === undefined)
    throw new Error(
      `kubernetes.version: no pause image is known for "${kubernetesVersion}", only for ${Object.keys(pauseVersions).join(", ")}. ` +
        `Run 'kubeadm config images list' of that release and add its pause version to ha/pause-image.ts.`,
    );
  return `registry.k8s.io/pause:${version}`;
}
