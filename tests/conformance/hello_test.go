package conformance

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHello(t *testing.T) {
	h, hooks := start(t, helloBundle)
	if commands := h.World.Commands(); len(commands) != 1 || commands[0].Trigger != "hello" {
		t.Errorf("registered commands: %v", commands)
	}
	if got := answer(t, hooks, "/hello Ada"); got != "Hello, Ada!" {
		t.Errorf("got %q", got)
	}
	if got := answer(t, hooks, "/hello"); !strings.HasPrefix(got, "Hello, ") {
		t.Errorf("got %q", got)
	}
	mark := h.API.Mark()
	_ = answer(t, hooks, "/hello kv")
	if h.API.Count(mark, "KVSet") != 1 || h.API.Count(mark, "KVGet") != 1 {
		t.Errorf("/hello kv makes these calls: %v", h.API.Since(mark))
	}
	if text := body(t, serveHTTP(t, hooks, httptest.NewRequest("GET", "/", nil))); len(text) != 1024 {
		t.Errorf("GET answers %d bytes", len(text))
	}
	if text := body(t, serveHTTP(t, hooks, httptest.NewRequest("POST", "/", bytes.NewReader(noise(100_001))))); strings.TrimSpace(text) != "100001" {
		t.Errorf("POST answers %q", text)
	}
}
