// Command hello-grpc-twin is the Rust SDK's examples/hello written in Go and served by hashicorp's
// gRPC server: what the benchmark compares with where the host asks for gRPC.
package main

import (
	"os"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

func main() {
	conn, err := grpc.NewClient(os.Getenv("MATTERMOST_PLUGIN_API_TARGET"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		os.Exit(1)
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: pluginapi.Handshake,
		Plugins:         map[string]goplugin.Plugin{"hooks": &service{hello: &hello{api: conn}}},
		GRPCServer:      goplugin.DefaultGRPCServer,
	})
}
