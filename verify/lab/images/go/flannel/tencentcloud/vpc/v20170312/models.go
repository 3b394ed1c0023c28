package v20170312

// Filter, Route and RouteTable carry the fields that flannel's tencent-vpc back end names, and no others.
type (
	Filter struct {
		Name   *string
		Values []*string
	}

	Route struct {
		DestinationCidrBlock *string
		GatewayType          *string
		GatewayId            *string
		RouteType            *string
		RouteId              *uint64
		Enabled              *bool
	}

	RouteTable struct {
		RouteTableId *string
		RouteSet     []*Route
	}
)

// Requests and responses of the three calls.
type (
	DescribeRouteTablesRequest  struct{ Filters []*Filter }
	DescribeRouteTablesResponse struct{ Response *RouteTables }
	RouteTables                 struct{ RouteTableSet []*RouteTable }

	CreateRoutesRequest struct {
		RouteTableId *string
		Routes       []*Route
	}
	CreateRoutesResponse struct{}

	DeleteRoutesRequest struct {
		RouteTableId *string
		Routes       []*Route
	}
	DeleteRoutesResponse struct{}
)

func NewDescribeRouteTablesRequest() *DescribeRouteTablesRequest {
	return &DescribeRouteTablesRequest{}
}
func NewCreateRoutesRequest() *CreateRoutesRequest { return &CreateRoutesRequest{} }
func NewDeleteRoutesRequest() *DeleteRoutesRequest { return &DeleteRoutesRequest{} }
