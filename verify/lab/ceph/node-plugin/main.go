// A stand-in for ceph-csi's node plugin, for a replica where ceph-csi's image is out of reach. It speaks CSI to the kubelet,
// finds Ceph where ceph-csi does and mounts volumes of given paths with ceph-fuse, as ceph-csi does where the kernel has no
// CephFS. It makes, grows and snapshots nothing. What holds with it is not proven of ceph-csi.
package main

import (
	"errors"
	"flag"
	"io/fs"
	"log"
	"net"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

var (
	driver = flag.String("driver", "", "what volumes call their driver")
	node   = flag.String("node", "", "this machine's name")
	// One place for both: what the kubelet is told is a path on the machine.
	endpoint    = flag.String("endpoint", "", "socket that the kubelet mounts through, as the machine knows it")
	registering = flag.String("registering", "", "socket in the folder in which the kubelet looks for plugins")
	configFile  = flag.String("config", "", "ceph-csi's config.json")
)

func main() {
	flag.Parse()
	ended := make(chan error)
	serve(*endpoint, ended, func(server *grpc.Server) {
		csi.RegisterIdentityServer(server, &identity{})
		csi.RegisterNodeServer(server, &plugin{})
	})
	serve(*registering, ended, func(server *grpc.Server) {
		registration.RegisterRegistrationServer(server, &registrar{})
	})
	log.Fatal(<-ended)
}

// serve answers on a socket, in the background.
func serve(path string, ended chan<- error, register func(*grpc.Server)) {
	// The plugin before this one may have left it.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(tell))
	register(server)
	go func() { ended <- server.Serve(listener) }()
}
