package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// cluster is an entry of ceph-csi's config.json: as much of it as a mount needs.
type cluster struct {
	ClusterID string   `json:"clusterID"`
	Monitors  []string `json:"monitors"`
	CephFS    struct {
		// As mount(8) takes them: with commas.
		KernelMountOptions string `json:"kernelMountOptions"`
	} `json:"cephFS"`
}

// mountCephFS takes a volume's attributes and its secret by the names that ceph-csi gives them.
func mountCephFS(ctx context.Context, place string, attributes, secret map[string]string) error {
	if attributes["staticVolume"] != "true" {
		return errors.New("a volume that was made on demand is left to ceph-csi: this stand-in knows volumes of given paths")
	}
	for _, name := range []string{"clusterID", "fsName", "rootPath"} {
		if attributes[name] == "" {
			return fmt.Errorf("the volume has no attribute '%s'", name)
		}
	}
	if secret["userID"] == "" || secret["userKey"] == "" {
		return errors.New("the volume's secret lacks userID or userKey, by which a volume of a given path is mounted")
	}
	ceph, err := clusterOf(attributes["clusterID"])
	if err != nil {
		return err
	}
	key, err := keep(secret["userKey"])
	if err != nil {
		return err
	}
	defer os.Remove(key)
	words := []string{
		place, "-m", strings.Join(ceph.Monitors, ","),
		"--name", "client." + secret["userID"], "--keyfile", key,
		"--client_fs", attributes["fsName"], "--client_mountpoint", attributes["rootPath"],
		"--log_to_file=false", "--admin_socket=",
	}
	return command(ctx, "ceph-fuse", append(words, transport(ceph)...)...)
}

// transport says to ceph-fuse what ms_mode says to the kernel. Both take crc and secure by the same name.
func transport(ceph cluster) []string {
	for _, option := range strings.Split(ceph.CephFS.KernelMountOptions, ",") {
		if mode, is := strings.CutPrefix(option, "ms_mode="); is {
			return []string{"--ms_client_mode=" + mode, "--ms_mon_client_mode=" + mode}
		}
	}
	return nil
}

func clusterOf(clusterID string) (cluster, error) {
	text, err := os.ReadFile(*configFile)
	if err != nil {
		return cluster{}, err
	}
	var clusters []cluster
	if err := json.Unmarshal(text, &clusters); err != nil {
		return cluster{}, fmt.Errorf("%s: %w", *configFile, err)
	}
	for _, one := range clusters {
		if one.ClusterID == clusterID {
			return one, nil
		}
	}
	return cluster{}, fmt.Errorf("%s has no cluster '%s'", *configFile, clusterID)
}

// keep writes a key where ceph-fuse reads it: its arguments are there for all to see.
func keep(key string) (string, error) {
	file, err := os.CreateTemp("", "key-*")
	if err != nil {
		return "", err
	}
	defer file.Close()
	_, err = file.WriteString(key)
	return file.Name(), err
}

func bind(ctx context.Context, from, place string, readOnly bool) error {
	if err := os.MkdirAll(place, 0o750); err != nil {
		return err
	}
	if err := command(ctx, "mount", "--bind", from, place); err != nil || !readOnly {
		return err
	}
	return command(ctx, "mount", "--options", "remount,bind,ro", place)
}

// unmount is content when nothing is mounted, or the folder is gone: the kubelet asks until it is told that all went well.
func unmount(ctx context.Context, place string) error {
	mounted, err := isMounted(place)
	if err != nil || !mounted {
		return err
	}
	return command(ctx, "umount", place)
}

// isMounted does not touch the place itself: a file system whose Ceph is away would keep whoever does.
func isMounted(place string) (bool, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return false, err
	}
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) > 4 && words[4] == place {
			return true, nil
		}
	}
	return false, nil
}

// command runs a program that ends, though it may leave another at work behind it.
func command(ctx context.Context, name string, words ...string) error {
	var said bytes.Buffer
	run := exec.CommandContext(ctx, name, words...)
	run.Stdout, run.Stderr = &said, &said
	if err := run.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(said.String()))
	}
	return nil
}
