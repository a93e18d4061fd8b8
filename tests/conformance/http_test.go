package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// noise is n bytes that do not repeat with the size of any buffer.
func noise(n int) []byte {
	out := make([]byte, n)
	x := uint32(1)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return out
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestHTTPEcho(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	for _, n := range []int{0, 1, 1023, 64 << 10, 256<<10 + 1, 1 << 20} {
		sent := noise(n)
		r := httptest.NewRequest("POST", "/echo", bytes.NewReader(sent))
		r.Header.Set("Content-Type", "application/x-noise")
		r.Header.Set("Mattermost-User-Id", host.AliceID)
		response := serveHTTP(t, hooks, r)
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/x-noise" || response.Header.Get("X-Seen-User") != host.AliceID {
			t.Errorf("%d bytes: %v", n, response)
		}
		if got := body(t, response); got != string(sent) {
			t.Errorf("%d bytes: %d came back, changed", n, len(got))
		}
	}
}

func TestHTTPStatusAndHeaders(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	for _, status := range []int{200, 201, 204, 302, 404, 418, 500, 503} {
		w := httptest.NewRecorder()
		w.Header().Set("X-Request-Id", "set by the server")
		r := httptest.NewRequest("GET", fmt.Sprintf("/status/%d", status), nil)
		within(t, patience, r.URL.Path, func() { hooks.ServeHTTP(callContext(), w, r) })
		if w.Code != status || w.Header().Get("X-Test") != "yes" {
			t.Errorf("want status %d, got %d with %v", status, w.Code, w.Header())
		}
		if w.Header().Get("X-Request-Id") != "set by the server" {
			t.Errorf("status %d: the server's own header is gone", status)
		}
	}
}

func TestHTTPAnswerWithoutBodyIs200(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hooks.ServeHTTP(callContext(), w, r)
	}))
	defer server.Close()
	for _, r := range []struct{ method, path string }{{"POST", "/echo"}, {"GET", "/status/200"}, {"GET", "/large?bytes=0"}} {
		request, err := http.NewRequestWithContext(deadline(patience), r.method, server.URL+r.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if text := body(t, response); response.StatusCode != http.StatusOK || text != "" {
			t.Errorf("%s %s: %d %q", r.method, r.path, response.StatusCode, text)
		}
		response.Body.Close()
	}
}

func TestHTTPLargeUpload(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	sent := noise(5 << 20)
	response := serveHTTP(t, hooks, httptest.NewRequest("POST", "/hash", bytes.NewReader(sent)))
	if got := strings.TrimSpace(body(t, response)); got != hash(sent) {
		t.Errorf("hash of what arrived: %s, of what was sent: %s", got, hash(sent))
	}
}

func TestHTTPUploadsAtOnce(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	var wg sync.WaitGroup
	for i := range 32 {
		sent := noise(200<<10 + i)
		wg.Go(func() {
			w := httptest.NewRecorder()
			hooks.ServeHTTP(callContext(), w, httptest.NewRequest("POST", "/hash", bytes.NewReader(sent)))
			if got := strings.TrimSpace(w.Body.String()); got != hash(sent) {
				t.Errorf("upload of %d bytes: %d %q", len(sent), w.Code, got)
			}
		})
	}
	within(t, patience, "uploads", wg.Wait)
}

func TestHTTPLargeDownload(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	const n = 20 << 20
	text := body(t, serveHTTP(t, hooks, httptest.NewRequest("GET", fmt.Sprintf("/large?bytes=%d", n), nil)))
	if len(text) != n || strings.Trim(text, "x") != "" {
		t.Errorf("want %d bytes of x, got %d bytes", n, len(text))
	}
}

// The plugin may not write its second chunk before the first has been seen and flushed.
func TestHTTPStreamsChunkByChunk(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	const chunks = 5
	gate := make(chan struct{})
	w := newLiveWriter()
	w.mayWrite = gate
	done := make(chan struct{})
	go func() {
		defer close(done)
		hooks.ServeHTTP(callContext(), w, httptest.NewRequest("GET", fmt.Sprintf("/stream?chunks=%d", chunks), nil))
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
	if w.writes != chunks || w.status != http.StatusOK {
		t.Errorf("%d writes, status %d", w.writes, w.status)
	}
}

func lastFlush(w *liveWriter) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.flushed) == 0 {
		return 0
	}
	return w.flushed[len(w.flushed)-1]
}

// endless yields some bytes and then blocks until it is released.
type endless struct {
	first    io.Reader
	released chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.first.Read(p); err == nil {
		return n, nil
	}
	<-e.released
	return 0, io.EOF
}

func TestHTTPEarlyAnswer(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	upload := &endless{first: bytes.NewReader(noise(1 << 20)), released: make(chan struct{})}
	defer close(upload.released)
	for _, sent := range []io.Reader{upload, bytes.NewReader(noise(20 << 20))} {
		response := serveHTTP(t, hooks, httptest.NewRequest("POST", "/early", sent))
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", response.StatusCode)
		}
	}
	if got := body(t, serveHTTP(t, hooks, httptest.NewRequest("GET", "/status/200", nil))); got != "" {
		t.Errorf("after the early answers: %q", got)
	}
	pid(t, h)
}

func TestHTTPHeadersOfAnyBytes(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	r := httptest.NewRequest("GET", "/headers?q=%FF", nil)
	r.URL.RawQuery = "q=\xff\xfe"
	r.RequestURI = "/plugins/conformance/headers?q=\xff\xfe"
	r.Header["User-Agent"] = []string{"Mozilla \xff\xfe broken"}
	r.Header["X-Two"] = []string{"one", "two"}
	r.Header["X-Empty"] = []string{""}
	response := serveHTTP(t, hooks, r)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("status %d", response.StatusCode)
	}
	var seen map[string]any
	if err := json.Unmarshal([]byte(body(t, response)), &seen); err != nil {
		t.Fatal(err)
	}
	lower := map[string]string{}
	for name, value := range seen {
		lower[strings.ToLower(name)] = fmt.Sprint(value)
	}
	if v := lower["user-agent"]; !strings.Contains(v, "Mozilla") || !strings.Contains(v, "broken") {
		t.Errorf("User-Agent arrived as %q", v)
	}
	if v := lower["x-two"]; !strings.Contains(v, "one") || !strings.Contains(v, "two") {
		t.Errorf("X-Two arrived as %q", v)
	}
	if _, ok := lower["x-empty"]; !ok {
		t.Errorf("X-Empty is missing in %v", lower)
	}
	pid(t, h)
}

func TestHTTPLeaksNothingInTheHost(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	round := func(n int) {
		for range n {
			serveHTTP(t, hooks, httptest.NewRequest("GET", "/status/200", http.NoBody))
			serveHTTP(t, hooks, httptest.NewRequest("GET", "/headers", nil))
			serveHTTP(t, hooks, httptest.NewRequest("POST", "/echo", bytes.NewReader(nil)))
			serveHTTP(t, hooks, httptest.NewRequest("POST", "/early", bytes.NewReader(noise(1000))))
		}
	}
	round(5)
	// A stream that the plugin never dials keeps a goroutine for five seconds: this is shorter.
	settled := func(limit int) bool {
		return host.Until(deadline(3*time.Second), func() bool { return runtime.NumGoroutine() <= limit })
	}
	settled(0)
	before := runtime.NumGoroutine()
	round(100)
	if !settled(before + 8) {
		t.Errorf("goroutines in the host: %d before, %d after 400 requests", before, runtime.NumGoroutine())
	}
	if strings.Contains(h.Log(), "couldn't accept connection") || strings.Contains(h.Log(), "couldn't Accept") {
		t.Error("the plugin did not dial every stream that it was offered")
	}
}

func TestServeMetrics(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	w := httptest.NewRecorder()
	within(t, patience, "ServeMetrics", func() {
		hooks.ServeMetrics(callContext(), w, httptest.NewRequest("GET", "/metrics", nil))
	})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "conformance_up 1") {
		t.Errorf("%d %q", w.Code, w.Body.String())
	}
}

// The hooks over HTTP report themselves like all others.
func TestHTTPHooksAreReported(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	for name, serve := range map[string]func(*plugin.Context, http.ResponseWriter, *http.Request){"ServeHTTP": hooks.ServeHTTP, "ServeMetrics": hooks.ServeMetrics} {
		mark := h.API.Mark()
		within(t, patience, name, func() { serve(callContext(), httptest.NewRecorder(), httptest.NewRequest("GET", "/metrics", nil)) })
		if _, ok := h.API.Wait(deadline(patience), mark, host.Hook(name)); !ok {
			t.Errorf("no LogInfo about %s", name)
		}
	}
}
