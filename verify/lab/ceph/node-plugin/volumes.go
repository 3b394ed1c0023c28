package main

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type plugin struct {
	csi.UnimplementedNodeServer
}

func (*plugin) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: *node}, nil
}

func (*plugin) NodeGetCapabilities(
	context.Context, *csi.NodeGetCapabilitiesRequest,
) (*csi.NodeGetCapabilitiesResponse, error) {
	return &csi.NodeGetCapabilitiesResponse{Capabilities: []*csi.NodeServiceCapability{{
		Type: &csi.NodeServiceCapability_Rpc{Rpc: &csi.NodeServiceCapability_RPC{
			Type: csi.NodeServiceCapability_RPC_STAGE_UNSTAGE_VOLUME,
		}},
	}}}, nil
}

// NodeStageVolume mounts a volume once a machine.
func (*plugin) NodeStageVolume(
	ctx context.Context, request *csi.NodeStageVolumeRequest,
) (*csi.NodeStageVolumeResponse, error) {
	place := request.GetStagingTargetPath()
	mounted, err := isMounted(place)
	if err == nil && !mounted {
		err = mountCephFS(ctx, place, request.GetVolumeContext(), request.GetSecrets())
	}
	return &csi.NodeStageVolumeResponse{}, failure(err)
}

// NodePublishVolume shows a pod what is mounted on its machine.
func (*plugin) NodePublishVolume(
	ctx context.Context, request *csi.NodePublishVolumeRequest,
) (*csi.NodePublishVolumeResponse, error) {
	place := request.GetTargetPath()
	mounted, err := isMounted(place)
	if err == nil && !mounted {
		err = bind(ctx, request.GetStagingTargetPath(), place, request.GetReadonly())
	}
	return &csi.NodePublishVolumeResponse{}, failure(err)
}

func (*plugin) NodeUnpublishVolume(
	ctx context.Context, request *csi.NodeUnpublishVolumeRequest,
) (*csi.NodeUnpublishVolumeResponse, error) {
	err := unmount(ctx, request.GetTargetPath())
	if err == nil {
		// Whoever publishes makes the folder, so whoever unpublishes removes it: empty, or there is still a volume in it.
		err = os.Remove(request.GetTargetPath())
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return &csi.NodeUnpublishVolumeResponse{}, failure(err)
}

func (*plugin) NodeUnstageVolume(
	ctx context.Context, request *csi.NodeUnstageVolumeRequest,
) (*csi.NodeUnstageVolumeResponse, error) {
	return &csi.NodeUnstageVolumeResponse{}, failure(unmount(ctx, request.GetStagingTargetPath()))
}

// failure is what the kubelet writes into a pod's events.
func failure(err error) error {
	if err == nil {
		return nil
	}
	return status.Error(codes.Internal, err.Error())
}
