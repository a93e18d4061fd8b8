package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/grpchost"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

func TestGRPCHTTPEcho(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for _, n := range []int{0, 1, 1023, 64 << 10, 256<<10 + 1, 1 << 20} {
		sent := noise(n)
		r := httptest.NewRequest("POST", "/echo", bytes.NewReader(sent))
		r.Header.Set("Content-Type", "application/x-noise")
		r.Header.Set("Mattermost-User-Id", host.AliceID)
		response := serveHTTP(t, h, r)
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/x-noise" || response.Header.Get("X-Seen-User") != host.AliceID {
			t.Errorf("%d bytes: %v", n, response)
		}
		if got := body(t, response); got != string(sent) {
			t.Errorf("%d bytes: %d came back, changed", n, len(got))
		}
	}
}

func TestGRPCHTTPStatusAndHeaders(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for _, code := range []int{200, 201, 204, 302, 404, 418, 500, 503} {
		response := serveHTTP(t, h, httptest.NewRequest("GET", fmt.Sprintf("/status/%d", code), nil))
		if response.StatusCode != code || response.Header.Get("X-Test") != "yes" {
			t.Errorf("want status %d, got %v", code, response)
		}
	}
	r := httptest.NewRequest("GET", "/headers", nil)
	r.Header["X-Two"] = []string{"one", "two"}
	if text := body(t, serveHTTP(t, h, r)); !strings.Contains(text, "one") || !strings.Contains(text, "two") {
		t.Errorf("headers arrived as %s", text)
	}
}

func TestGRPCHTTPLargeBodies(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	pid := grpcPid(t, h)
	before, err := host.RSS(pid)
	if err != nil {
		t.Fatal(err)
	}
	sent := noise(50 << 20)
	if got := strings.TrimSpace(body(t, serveHTTP(t, h, httptest.NewRequest("POST", "/hash", bytes.NewReader(sent))))); got != hash(sent) {
		t.Errorf("hash of what arrived: %s, of what was sent: %s", got, hash(sent))
	}
	const n = 50 << 20
	if text := body(t, serveHTTP(t, h, httptest.NewRequest("GET", fmt.Sprintf("/large?bytes=%d", n), nil))); len(text) != n || strings.Trim(text, "x") != "" {
		t.Errorf("want %d bytes of x, got %d bytes", n, len(text))
	}
	after, err := host.RSS(pid)
	if err != nil {
		t.Fatal(err)
	}
	if grown := after - before; grown > 10<<10 {
		t.Errorf("the process has grown by %d kB", grown)
	}
}

func TestGRPCHTTPStreamsChunkByChunk(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	const chunks = 5
	gate := make(chan struct{})
	w := newLiveWriter()
	w.mayWrite = gate
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(callContext(), w, httptest.NewRequest("GET", fmt.Sprintf("/stream?chunks=%d", chunks), nil))
	}()
	want := ""
	for i := range chunks {
		select {
		case gate <- struct{}{}:
		case <-time.After(patience):
			t.Fatalf("no write of chunk %d", i)
		}
		want += fmt.Sprintf("chunk %d\n", i)
		for w.text() != want || lastFlush(w) != len(want) {
			w.await(t)
		}
	}
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("the request does not end")
	}
}

// The server waits for its own sender, which stops only when the call ends.
func TestGRPCHTTPEarlyAnswer(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for _, sent := range []io.Reader{noEnd{}, bytes.NewReader(noise(20 << 20))} {
		response := serveHTTP(t, h, httptest.NewRequest("POST", "/early", sent))
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", response.StatusCode)
		}
	}
	if got := answer(t, h, "/conformance echo alive"); got != "alive" {
		t.Errorf("got %q", got)
	}
}

// noEnd is a body that goes on for ever.
type noEnd struct{}

func (noEnd) Read(p []byte) (int, error) { return len(p), nil }

// A body whose last message never comes was cut: it must not be taken for a short one.
func TestGRPCHTTPCutUpload(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	stream, err := h.Stream(deadline(patience))
	if err != nil {
		t.Fatal(err)
	}
	init := &grpchost.Init{Method: "POST", URL: "/hash", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: -1, PluginContext: callContext()}
	if err := stream.Send(init, []byte("half of it"), false); err != nil {
		t.Fatal(err)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	response, err := stream.Recv()
	if err == nil && grpchost.StatusOf(response) == http.StatusOK {
		t.Error("the cut body was taken for a whole one")
	}
}

// When the client is gone, the plugin stops working for it.
func TestGRPCHTTPClientGone(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	pid := grpcPid(t, h)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := h.Stream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	init := &grpchost.Init{Method: "GET", URL: fmt.Sprintf("/large?bytes=%d", int64(1)<<40), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, PluginContext: callContext()}
	if err := stream.Send(init, nil, true); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	idle := func() bool {
		before, err1 := host.CPU(pid)
		time.Sleep(200 * time.Millisecond)
		after, err2 := host.CPU(pid)
		return err1 == nil && err2 == nil && after == before
	}
	if !host.Until(deadline(patience), idle) {
		t.Error("the plugin goes on")
	}
}

// Requests that nobody reads must not stop the others: neither by their number nor by their bytes.
func TestGRPCHTTPStalledRequestsHoldNobodyUp(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	const n = 300
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var filled sync.WaitGroup
	for range n {
		stream, err := h.Stream(ctx)
		if err != nil {
			t.Fatal(err)
		}
		init := &grpchost.Init{Method: "GET", URL: fmt.Sprintf("/large?bytes=%d", int64(1)<<40), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, PluginContext: callContext()}
		filled.Go(func() { _ = stream.Send(init, noise(60<<10), false) })
	}
	within(t, patience, "opening streams", filled.Wait)
	if got := answer(t, h, "/conformance echo alive"); got != "alive" {
		t.Errorf("got %q", got)
	}
	if got := answer(t, h, "/conformance nested 10"); got != "nested ok 10" {
		t.Errorf("got %q", got)
	}
}
