// Package v20170312 has the shape of the Tencent SDK's VPC client and talks to nobody: every call is refused.
package v20170312

import "errors"

// ErrLeftOut is the answer to every call.
var ErrLeftOut = errors.New("this flanneld was built without Tencent's SDK: use another back end than tencent-vpc")

// Client refuses every call.
type Client struct{}

// NewClientWithSecretId returns a client that refuses every call.
func NewClientWithSecretId(_, _, _ string) (*Client, error) { return &Client{}, nil }

// DescribeRouteTables returns ErrLeftOut.
func (*Client) DescribeRouteTables(*DescribeRouteTablesRequest) (*DescribeRouteTablesResponse, error) {
	return nil, ErrLeftOut
}

// CreateRoutes returns ErrLeftOut.
func (*Client) CreateRoutes(*CreateRoutesRequest) (*CreateRoutesResponse, error) {
	return nil, ErrLeftOut
}

// DeleteRoutes returns ErrLeftOut.
func (*Client) DeleteRoutes(*DeleteRoutesRequest) (*DeleteRoutesResponse, error) {
	return nil, ErrLeftOut
}
