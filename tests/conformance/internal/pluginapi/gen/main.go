// Command gen writes messages_generated.go from the SDK's .proto files, without protoc. Run it by
// `go generate` in internal/pluginapi.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	protoDir = "../../../../server/crates/mattermost-plugin/proto"
	output   = "messages_generated.go"
	source   = "mattermost/benchmark.proto"
	pkg      = "mattermost.pluginapi.v1"
	goPkg    = "github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// calls are the calls whose messages are wanted.
var calls = map[string][]string{
	"PluginHooks": {"Implemented", "OnActivate", "ExecuteCommand", "ServeHTTP"},
	"PluginAPI":   {"RegisterCommand", "KVSet", "KVGet"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	file, err := wanted()
	if err != nil {
		return err
	}
	request := &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{source},
		ProtoFile:      []*descriptorpb.FileDescriptorProto{protodesc.ToFileDescriptorProto(structpb.File_google_protobuf_struct_proto), file},
	}
	plugin, err := protogen.Options{}.New(request)
	if err != nil {
		return err
	}
	content, err := internal_gengo.GenerateFile(plugin, plugin.FilesByPath[source]).Content()
	if err != nil {
		return err
	}
	return os.WriteFile(output, content, 0o644)
}

// wanted is one file with the messages of the calls and all that they consist of.
func wanted() (*descriptorpb.FileDescriptorProto, error) {
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{protoDir}})}
	files, err := compiler.Compile(context.Background(), "mattermost/api.proto", "mattermost/hooks.proto")
	if err != nil {
		return nil, err
	}
	found := map[protoreflect.FullName]protoreflect.MessageDescriptor{}
	for _, file := range files {
		for service, methods := range calls {
			sd := file.Services().ByName(protoreflect.Name(service))
			if sd == nil {
				continue
			}
			for _, name := range methods {
				md := sd.Methods().ByName(protoreflect.Name(name))
				if md == nil {
					return nil, fmt.Errorf("%s has no %s", service, name)
				}
				collect(found, md.Input())
				collect(found, md.Output())
			}
		}
	}
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String(source), Package: proto.String(pkg), Syntax: proto.String("proto3"),
		Dependency: []string{"google/protobuf/struct.proto"},
		Options:    &descriptorpb.FileOptions{GoPackage: proto.String(goPkg)},
	}
	var names []protoreflect.FullName
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file.MessageType = append(file.MessageType, protodesc.ToDescriptorProto(found[name]))
	}
	return file, nil
}

func collect(found map[protoreflect.FullName]protoreflect.MessageDescriptor, md protoreflect.MessageDescriptor) {
	if _, known := found[md.FullName()]; known || md.ParentFile().Package() != pkg {
		return
	}
	found[md.FullName()] = md
	for i := range md.Fields().Len() {
		if inner := md.Fields().Get(i).Message(); inner != nil {
			collect(found, inner)
		}
	}
}
