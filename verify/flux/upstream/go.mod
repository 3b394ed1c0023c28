module molly.local/upstream-manifests

go 1.26.0

require (
	github.com/ceph/ceph-csi-operator v1.0.4
	github.com/fluxcd/flux2/v2 v2.9.5
	github.com/fluxcd/kustomize-controller v1.9.5
	github.com/fluxcd/source-controller v1.9.5
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.6.0
	github.com/kubernetes-csi/external-snapshotter/v8 v8.6.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
