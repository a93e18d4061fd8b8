package host

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/sample"
)

//go:generate go run ./apigen

// Call is one API call of the plugin.
type Call struct {
	Method string
	Args   []any
}

// Recorder is a plugin.API that notes each call before it passes it on.
type Recorder struct {
	next plugin.API

	mu      sync.Mutex
	calls   []Call
	changed chan struct{} // closed and replaced at each call
	quiet   bool
	panics  []string
}

// NewRecorder records the calls that reach next.
func NewRecorder(next plugin.API) *Recorder {
	return &Recorder{next: next, changed: make(chan struct{})}
}

// Quiet stops recording, for benchmarks with millions of calls.
func (r *Recorder) Quiet() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.quiet, r.calls = true, nil
}

func (r *Recorder) record(method string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quiet {
		return
	}
	r.calls = append(r.calls, Call{Method: method, Args: args})
	close(r.changed)
	r.changed = make(chan struct{})
}

// rescue keeps a bug of the host in memory from ending the process that runs the tests.
func (r *Recorder) rescue(method string) {
	if reason := recover(); reason != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.panics = append(r.panics, fmt.Sprintf("%s: %v", method, reason))
	}
}

// Panics are the calls that the host could not cope with.
func (r *Recorder) Panics() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.panics
}

// Mark is a position in the list of calls.
func (r *Recorder) Mark() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.calls)
}

// Since returns the calls made after mark.
func (r *Recorder) Since(mark int) []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call(nil), r.calls[mark:]...)
}

// Count says how often method was called after mark.
func (r *Recorder) Count(mark int, method string) int {
	n := 0
	for _, c := range r.Since(mark) {
		if c.Method == method {
			n++
		}
	}
	return n
}

// Wait returns the first call after mark that matches, or false when ctx ends.
func (r *Recorder) Wait(ctx context.Context, mark int, match func(Call) bool) (Call, bool) {
	for {
		r.mu.Lock()
		calls, changed := r.calls[mark:], r.changed
		r.mu.Unlock()
		for _, c := range calls {
			if match(c) {
				return c, true
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Call{}, false
		}
	}
}

// Hook matches the LogInfo call by which the conformance plugin reports a hook.
func Hook(name string) func(Call) bool {
	return func(c Call) bool {
		_, ok := c.Summary(name)
		return ok
	}
}

// Summary returns the text that the conformance plugin reported about the hook called name.
func (c Call) Summary(name string) (string, bool) {
	if c.Method != "LogInfo" || len(c.Args) != 2 || c.Args[0] != "hook" {
		return "", false
	}
	pairs, _ := c.Args[1].([]any)
	fields := map[any]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	summary, _ := fields["summary"].(string)
	return summary, fields["name"] == name
}

// samples answers each method with a value in which every field is set, and never with an error.
type samples struct{}

func answer[T any]() T {
	var none T
	t := reflect.TypeFor[T]()
	if t == reflect.TypeFor[*model.AppError]() || t.Kind() == reflect.Interface {
		return none
	}
	return *sample.Of(t, 1).(*T)
}
