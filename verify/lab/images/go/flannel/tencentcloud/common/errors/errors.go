// Package errors holds the error type that flannel's tencent-vpc back end looks for.
package errors

// TencentCloudSDKError is what the real SDK reports when the service refuses a request.
type TencentCloudSDKError struct {
	Code    string
	Message string
}

// Error implements error.
func (e *TencentCloudSDKError) Error() string { return e.Code + ": " + e.Message }
