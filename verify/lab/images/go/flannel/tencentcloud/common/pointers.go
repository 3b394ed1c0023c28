// Package common replaces the Tencent SDK's package of that name, which not every module registry serves.
// flanneld needs it to link, and only for its tencent-vpc back end, which the replica never uses.
package common

// StringPtr returns a pointer to the value.
func StringPtr(value string) *string { return &value }

// StringPtrs returns a pointer to each of the values.
func StringPtrs(values []string) []*string {
	pointers := make([]*string, len(values))
	for i := range values {
		pointers[i] = &values[i]
	}
	return pointers
}

// BoolPtr returns a pointer to the value.
func BoolPtr(value bool) *bool { return &value }
