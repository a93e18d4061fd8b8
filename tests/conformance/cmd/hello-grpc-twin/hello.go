package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// hello answers the hooks as examples/hello does.
type hello struct {
	api *grpc.ClientConn
}

var kilobyte = bytes.Repeat([]byte("x"), 1024)

func (h *hello) implemented(context.Context, *pluginapi.ImplementedRequest) (*pluginapi.ImplementedResponse, error) {
	return &pluginapi.ImplementedResponse{Hooks: []string{"OnActivate", "ExecuteCommand", "ServeHTTP"}}, nil
}

func (h *hello) onActivate(ctx context.Context, _ *pluginapi.OnActivateRequest) (*pluginapi.OnActivateResponse, error) {
	command := &pluginapi.Command{Trigger: "hello", AutoComplete: true, AutoCompleteDesc: "Says hello", AutoCompleteHint: "[name]"}
	registered, err := pluginapi.Invoke[pluginapi.RegisterCommandResponse](ctx, h.api, pluginapi.API, "RegisterCommand", &pluginapi.RegisterCommandRequest{Command: command})
	return &pluginapi.OnActivateResponse{Error: registered.GetError()}, err
}

func (h *hello) executeCommand(ctx context.Context, request *pluginapi.ExecuteCommandRequest) (*pluginapi.ExecuteCommandResponse, error) {
	args := request.GetArgs()
	name := strings.TrimSpace(strings.TrimPrefix(args.GetCommand(), "/hello"))
	if name == "kv" {
		set, err := pluginapi.Invoke[pluginapi.KVSetResponse](ctx, h.api, pluginapi.API, "KVSet", &pluginapi.KVSetRequest{Key: "hello", Value: []byte(args.GetUserId())})
		if err != nil || set.GetError() != nil {
			return &pluginapi.ExecuteCommandResponse{Error: set.GetError()}, err
		}
		get, err := pluginapi.Invoke[pluginapi.KVGetResponse](ctx, h.api, pluginapi.API, "KVGet", &pluginapi.KVGetRequest{Key: "hello"})
		if err != nil || get.GetError() != nil {
			return &pluginapi.ExecuteCommandResponse{Error: get.GetError()}, err
		}
	}
	if name == "" {
		name = "world"
	}
	response := &pluginapi.CommandResponse{ResponseType: "ephemeral", Text: "Hello, " + name + "!"}
	return &pluginapi.ExecuteCommandResponse{Response: response}, nil
}

func (h *hello) serveHTTP(stream grpc.ServerStream) error {
	request := &pluginapi.ServeHTTPRequest{}
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	head := &pluginapi.ServeHTTPResponseInit{StatusCode: 200, Headers: []*pluginapi.HTTPHeader{{Key: "Content-Type", Values: []string{"text/plain; charset=utf-8"}}}}
	body := kilobyte
	if request.GetInit().GetMethod() == "POST" {
		n, err := count(stream, request)
		if err != nil {
			return err
		}
		body = fmt.Append(nil, n)
	}
	return stream.SendMsg(&pluginapi.ServeHTTPResponse{Init: head, BodyChunk: body, BodyComplete: true})
}

// count reads a body to its end.
func count(stream grpc.ServerStream, request *pluginapi.ServeHTTPRequest) (int, error) {
	n := len(request.GetBodyChunk())
	for !request.GetBodyComplete() {
		request = &pluginapi.ServeHTTPRequest{}
		if err := stream.RecvMsg(request); err != nil {
			if errors.Is(err, io.EOF) {
				return 0, io.ErrUnexpectedEOF
			}
			return 0, err
		}
		n += len(request.GetBodyChunk())
	}
	return n, nil
}
