package main

import (
	"context"
	"errors"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// service puts the hooks on hashicorp's server.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
	hello *hello
}

func (s *service) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	h := s.hello
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: pluginapi.Hooks,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			pluginapi.Unary("Implemented", h.implemented),
			pluginapi.Unary("OnActivate", h.onActivate),
			pluginapi.Unary("ExecuteCommand", h.executeCommand),
		},
		Streams: []grpc.StreamDesc{{
			StreamName: "ServeHTTP", ServerStreams: true, ClientStreams: true,
			Handler: func(_ any, stream grpc.ServerStream) error { return h.serveHTTP(stream) },
		}},
	}, h)
	return nil
}

func (s *service) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("this is a plugin, not a host")
}
