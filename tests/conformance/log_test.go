package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

func quietLogger() hclog.Logger { return hclog.NewNullLogger() }

// isPanicReport matches a panic reported through the API instead of standard error.
func isPanicReport(c host.Call) bool {
	return c.Method == "LogError" && strings.Contains(fmt.Sprint(c.Args), "panic")
}

// A panic in a hook is an error in the server's log, not a debug line.
func TestPanicIsLoggedAsError(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	mark := h.API.Mark()
	within(t, patience, "panic", func() { _, _ = execute(hooks, "/conformance panic") })
	found := func() bool {
		if _, ok := h.API.Wait(deadline(0), mark, isPanicReport); ok {
			return true
		}
		for line := range strings.Lines(h.Log()) {
			if strings.Contains(line, `"level":"error"`) && strings.Contains(line, "panic") {
				return true
			}
		}
		return false
	}
	if !host.Until(deadline(patience), found) {
		t.Error("no error line about the panic")
	}
}
