package main

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// grpcAPI answers the few API calls of the hello plugins, on a server that nobody has configured, as
// Mattermost's is.
type grpcAPI struct {
	address string
	server  *grpc.Server
	store   sync.Map
}

func newGRPCAPI() (*grpcAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &grpcAPI{address: listener.Addr().String(), server: grpc.NewServer()}
	a.server.RegisterService(&grpc.ServiceDesc{
		ServiceName: pluginapi.API,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			pluginapi.Unary("RegisterCommand", a.registerCommand),
			pluginapi.Unary("KVSet", a.kvSet),
			pluginapi.Unary("KVGet", a.kvGet),
		},
	}, a)
	go func() { _ = a.server.Serve(listener) }()
	return a, nil
}

func (a *grpcAPI) registerCommand(context.Context, *pluginapi.RegisterCommandRequest) (*pluginapi.RegisterCommandResponse, error) {
	return &pluginapi.RegisterCommandResponse{}, nil
}

func (a *grpcAPI) kvSet(_ context.Context, request *pluginapi.KVSetRequest) (*pluginapi.KVSetResponse, error) {
	a.store.Store(request.GetKey(), request.GetValue())
	return &pluginapi.KVSetResponse{}, nil
}

func (a *grpcAPI) kvGet(_ context.Context, request *pluginapi.KVGetRequest) (*pluginapi.KVGetResponse, error) {
	response := &pluginapi.KVGetResponse{}
	if value, ok := a.store.Load(request.GetKey()); ok {
		response.Value = value.([]byte)
	}
	return response, nil
}
