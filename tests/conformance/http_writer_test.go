package conformance

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/plugin"
)

// liveWriter is a ResponseWriter that shows each write and flush as it happens, and can hold the
// plugin back at a write.
type liveWriter struct {
	mu       sync.Mutex
	header   http.Header
	status   int
	writes   int
	body     bytes.Buffer
	flushed  []int           // length of the body at each flush
	flushes  chan struct{}   // gets one for each flush
	mayWrite <-chan struct{} // unless nil: each write takes one
}

func newLiveWriter() *liveWriter {
	return &liveWriter{header: http.Header{}, flushes: make(chan struct{}, 10_000)}
}

func (w *liveWriter) Header() http.Header { return w.header }

func (w *liveWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.status = status
	}
}

func (w *liveWriter) Write(p []byte) (int, error) {
	if w.mayWrite != nil {
		<-w.mayWrite
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.writes++
	return w.body.Write(p)
}

func (w *liveWriter) Flush() {
	w.mu.Lock()
	w.flushed = append(w.flushed, w.body.Len())
	w.mu.Unlock()
	w.flushes <- struct{}{}
}

func (w *liveWriter) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.body.String()
}

// serveHTTP hands a request to the plugin and waits for the answer.
func serveHTTP(t *testing.T, hooks plugin.Hooks, r *http.Request) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	within(t, patience, r.Method+" "+r.URL.Path, func() { hooks.ServeHTTP(callContext(), w, r) })
	for name := range w.Header() {
		if name != textproto.CanonicalMIMEHeaderKey(name) {
			t.Errorf("%s %s: the header %q is not canonical, Go's server would not find it", r.Method, r.URL.Path, name)
		}
	}
	return w.Result()
}

// await waits for one flush.
func (w *liveWriter) await(t *testing.T) {
	t.Helper()
	select {
	case <-w.flushes:
	case <-time.After(patience):
		t.Fatalf("no flush; the body so far is %q", w.text())
	}
}
