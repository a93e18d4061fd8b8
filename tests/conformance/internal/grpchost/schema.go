// Package grpchost is the server's side of go-plugin's gRPC protocol, as Mattermost's unreleased
// branch has it: hashicorp's own client starts the plugin and calls its hooks, and a grpc.Server
// with default limits answers its API calls.
//
// Nothing here is generated: the plugin's own .proto files are compiled when a test runs, and values
// are moved between messages and Mattermost's Go models by the names of their fields.
package grpchost

import (
	"context"
	"fmt"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

const (
	hooksService = "mattermost.pluginapi.v1.PluginHooks"
	apiService   = "mattermost.pluginapi.v1.PluginAPI"
)

// Schema is what the .proto files say.
type Schema struct {
	files linker.Files
}

// Compile reads the .proto files below dir.
func Compile(dir string) (*Schema, error) {
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{dir}})}
	files, err := compiler.Compile(context.Background(), "goplugin.proto", "health.proto", "mattermost/api.proto", "mattermost/hooks.proto")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return &Schema{files}, nil
}

// Method finds a call by the names of its service and of itself.
func (s *Schema) Method(service, name string) protoreflect.MethodDescriptor {
	for _, file := range s.files {
		services := file.Services()
		for i := range services.Len() {
			if sd := services.Get(i); string(sd.FullName()) == service {
				return sd.Methods().ByName(protoreflect.Name(name))
			}
		}
	}
	return nil
}

// Methods are the names of all calls of a service.
func (s *Schema) Methods(service string) []string {
	var names []string
	for _, file := range s.files {
		if sd := file.Services().ByName(protoreflect.FullName(service).Name()); sd != nil && string(sd.FullName()) == service {
			for i := range sd.Methods().Len() {
				names = append(names, string(sd.Methods().Get(i).Name()))
			}
		}
	}
	return names
}

// path is how a call is addressed.
func path(service, method string) string { return "/" + service + "/" + method }

func newMessage(d protoreflect.MessageDescriptor) *dynamicpb.Message { return dynamicpb.NewMessage(d) }
