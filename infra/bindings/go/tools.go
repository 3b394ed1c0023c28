//go:build tools

// Package provider pins the Terraform provider whose schema the bindings are generated from.
package provider

import _ "github.com/bpg/terraform-provider-proxmox"
