package grpchost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/mattermost/mattermost/server/public/plugin"
)

// pieceSize is how much of a body the server sends in one message.
const pieceSize = 64 << 10

// ServeHTTP sends a request to the plugin and writes down the answer, in the server's way.
func (h *Hooks) ServeHTTP(c *plugin.Context, w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stream, err := h.Stream(ctx)
	if err != nil {
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	var sending sync.WaitGroup
	sending.Go(func() { _ = stream.send(c, r) })
	err = stream.receive(w)
	if err != nil {
		cancel()
	}
	// The sender stops when the body ends, or when the call does: an answer that is complete and a
	// call that goes on would hang here.
	sending.Wait()
}

// Stream is one call of ServeHTTP.
type Stream struct {
	grpc.ClientStream
	md protoreflect.MethodDescriptor
}

// Stream opens a call of ServeHTTP.
func (h *Hooks) Stream(ctx context.Context) (*Stream, error) {
	desc := &grpc.StreamDesc{StreamName: "ServeHTTP", ServerStreams: true, ClientStreams: true}
	stream, err := h.conn.NewStream(ctx, desc, path(hooksService, "ServeHTTP"))
	if err != nil {
		return nil, err
	}
	return &Stream{stream, h.schema.Method(hooksService, "ServeHTTP")}, nil
}

// Send sends one message; init may be nil.
func (s *Stream) Send(init *Init, chunk []byte, complete bool) error {
	request := access{newMessage(s.md.Input())}
	if init != nil {
		if err := request.set("init", init); err != nil {
			return err
		}
	}
	if err := errors.Join(request.set("body_chunk", chunk), request.set("body_complete", complete)); err != nil {
		return err
	}
	return s.SendMsg(request.m)
}

// Recv receives one message.
func (s *Stream) Recv() (*dynamicpb.Message, error) {
	response := newMessage(s.md.Output())
	return response, s.RecvMsg(response)
}

// Init is the head of a request.
type Init struct {
	PluginContext          *plugin.Context
	Method, URL, Proto     string
	ProtoMajor, ProtoMinor int
	Headers                []Header
	Host, RemoteAddr       string
	RequestURI             string
	ContentLength          int64
}

// Header is one header with all its values.
type Header struct {
	Key    string
	Values []string
}

func initOf(c *plugin.Context, r *http.Request) *Init {
	init := &Init{
		PluginContext: c, Method: r.Method, URL: r.URL.String(), Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor,
		Host: r.Host, RemoteAddr: r.RemoteAddr, RequestURI: r.RequestURI, ContentLength: r.ContentLength,
	}
	for key, values := range r.Header {
		init.Headers = append(init.Headers, Header{key, values})
	}
	return init
}

func (s *Stream) send(c *plugin.Context, r *http.Request) error {
	defer s.CloseSend()
	init := initOf(c, r)
	if r.Body == nil {
		return s.Send(init, nil, true)
	}
	buf := make([]byte, pieceSize)
	for {
		if err := s.Context().Err(); err != nil {
			return err
		}
		n, err := r.Body.Read(buf)
		ended := errors.Is(err, io.EOF)
		if init != nil || n > 0 || ended {
			if err := s.Send(init, buf[:n], ended); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		init = nil
	}
}

func (s *Stream) receive(w http.ResponseWriter) error {
	first, err := s.Recv()
	if err != nil {
		http.Error(w, "Bad Gateway", http.StatusBadGateway)
		return err
	}
	if err := writeHead(w, access{first}); err != nil {
		return err
	}
	for message := first; ; {
		response := access{message}
		if chunk := response.bytes("body_chunk"); len(chunk) > 0 {
			if _, err := w.Write(chunk); err != nil {
				return err
			}
		}
		if flusher, ok := w.(http.Flusher); ok && response.flag("flush") {
			flusher.Flush()
		}
		if response.flag("body_complete") {
			return nil
		}
		if message, err = s.Recv(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func writeHead(w http.ResponseWriter, response access) error {
	fd := response.field("init")
	if !response.m.Has(fd) {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	init := access{response.m.Get(fd).Message().Interface().(*dynamicpb.Message)}
	code := int(init.m.Get(init.field("status_code")).Int())
	if code == 0 {
		code = http.StatusOK
	}
	if code < 100 || code > 999 {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return fmt.Errorf("invalid status code %d", code)
	}
	headers := init.m.Get(init.field("headers")).List()
	for i := range headers.Len() {
		header := access{headers.Get(i).Message().Interface().(*dynamicpb.Message)}
		values := header.m.Get(header.field("values")).List()
		for j := range values.Len() {
			w.Header().Add(header.text("key"), values.Get(j).String())
		}
	}
	w.WriteHeader(code)
	return nil
}

// StatusOf is the status code in a message; 200 when it has none.
func StatusOf(response *dynamicpb.Message) int {
	r := access{response}
	fd := r.field("init")
	if !response.Has(fd) {
		return http.StatusOK
	}
	init := access{response.Get(fd).Message().Interface().(*dynamicpb.Message)}
	return int(init.m.Get(init.field("status_code")).Int())
}
