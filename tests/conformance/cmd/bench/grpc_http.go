package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"google.golang.org/grpc"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// pieceSize is how much of a body the server sends in one message.
const pieceSize = 64 << 10

// serveHTTP sends a request and writes down the answer, in the server's way.
func (r *overGRPC) serveHTTP(w http.ResponseWriter, request *http.Request) error {
	ctx, cancel := context.WithCancel(request.Context())
	defer cancel()
	desc := &grpc.StreamDesc{StreamName: "ServeHTTP", ServerStreams: true, ClientStreams: true}
	stream, err := r.conn.Conn.NewStream(ctx, desc, pluginapi.Path(pluginapi.Hooks, desc.StreamName))
	if err != nil {
		return err
	}
	var sending sync.WaitGroup
	sending.Go(func() { _ = sendRequest(stream, request) })
	err = receiveResponse(stream, w)
	if err != nil {
		cancel()
	}
	sending.Wait()
	return err
}

func sendRequest(stream grpc.ClientStream, r *http.Request) error {
	defer func() { _ = stream.CloseSend() }()
	init := &pluginapi.ServeHTTPRequestInit{
		PluginContext: &pluginapi.PluginContext{}, Method: r.Method, Url: r.URL.String(), Proto: r.Proto,
		ProtoMajor: int32(r.ProtoMajor), ProtoMinor: int32(r.ProtoMinor), Host: r.Host, RemoteAddr: r.RemoteAddr,
		RequestUri: r.RequestURI, ContentLength: r.ContentLength,
	}
	for key, values := range r.Header {
		init.Headers = append(init.Headers, &pluginapi.HTTPHeader{Key: key, Values: values})
	}
	buf := make([]byte, pieceSize)
	for {
		n, err := r.Body.Read(buf)
		ended := errors.Is(err, io.EOF)
		if init != nil || n > 0 || ended {
			message := &pluginapi.ServeHTTPRequest{Init: init, BodyChunk: buf[:n], BodyComplete: ended}
			if err := stream.SendMsg(message); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		init = nil
	}
}

func receiveResponse(stream grpc.ClientStream, w http.ResponseWriter) error {
	for first := true; ; first = false {
		response := &pluginapi.ServeHTTPResponse{}
		if err := stream.RecvMsg(response); err != nil {
			return err
		}
		if first {
			for _, header := range response.GetInit().GetHeaders() {
				for _, value := range header.GetValues() {
					w.Header().Add(header.GetKey(), value)
				}
			}
			w.WriteHeader(int(response.GetInit().GetStatusCode()))
		}
		if _, err := w.Write(response.GetBodyChunk()); err != nil {
			return err
		}
		if response.GetBodyComplete() {
			return nil
		}
	}
}
