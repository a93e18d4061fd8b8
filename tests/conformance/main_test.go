package conformance

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

const (
	helloBundle       = "PLUGIN_BUNDLE_HELLO"
	conformanceBundle = "PLUGIN_BUNDLE_CONFORMANCE"
	productBundle     = "PLUGIN_BUNDLE_PRODUCT"

	// patience bounds every wait. A healthy plugin needs a small part of it.
	patience = 20 * time.Second
)

// TestMain also serves as the host that TestPluginExitsWhenHostIsGone kills.
func TestMain(m *testing.M) {
	if archive := os.Getenv("CONFORMANCE_CHILD_HOST"); archive != "" {
		if err := childHost(archive, os.Getenv("CONFORMANCE_CHILD_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

func bundlePath(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s is not set: it must be the path of a built bundle (.tar.gz)", variable)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return path
}

// unpack prepares a host without starting the plugin.
func unpack(t *testing.T, variable string) *host.Host {
	t.Helper()
	bundle, err := host.Unpack(bundlePath(t, variable), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h, err := host.New(bundle, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Env.Shutdown()
		if !host.Until(deadline(patience), func() bool { return len(host.Processes(h.Executable)) == 0 }) {
			t.Errorf("processes %v are left behind", host.Processes(h.Executable))
		}
		if panics := h.API.Panics(); len(panics) > 0 {
			t.Errorf("the host in memory panicked: %v", panics)
		}
		if t.Failed() {
			t.Logf("log of the host and the plugin:\n%s", h.Log())
		}
	})
	return h
}

// start returns a host with the plugin active.
func start(t *testing.T, variable string) (*host.Host, plugin.Hooks) {
	t.Helper()
	h := unpack(t, variable)
	return h, activate(t, h)
}

func activate(t *testing.T, h *host.Host) plugin.Hooks {
	t.Helper()
	if err := h.Activate(); err != nil {
		t.Fatalf("activation failed: %v", err)
	}
	hooks, err := h.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	return hooks
}

// deadline is a context that ends by itself.
func deadline(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}

// within fails the test when f takes too long. f goes on in the background then.
func within(t *testing.T, d time.Duration, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatalf("%s did not end within %v", what, d)
	}
}

// pid is the process of the active plugin.
func pid(t *testing.T, h *host.Host) int {
	t.Helper()
	pids := host.Processes(h.Executable)
	if len(pids) != 1 {
		t.Fatalf("want one process of %s, have %v", h.Executable, pids)
	}
	return pids[0]
}

func execute(hooks plugin.Hooks, command string) (*model.CommandResponse, *model.AppError) {
	return hooks.ExecuteCommand(callContext(), &model.CommandArgs{
		UserId: host.AdminID, ChannelId: host.ChannelID, TeamId: host.TeamID, TriggerId: "trigger", Command: command, SiteURL: "http://localhost:8065",
	})
}

// answer runs a command that must answer an ephemeral text.
func answer(t *testing.T, hooks plugin.Hooks, command string) string {
	t.Helper()
	var response *model.CommandResponse
	var appErr *model.AppError
	within(t, patience, command, func() { response, appErr = execute(hooks, command) })
	if appErr != nil {
		t.Fatalf("%s: %v", command, appErr)
	}
	if response == nil {
		t.Fatalf("%s has no answer", command)
	}
	if response.ResponseType != model.CommandResponseTypeEphemeral {
		t.Errorf("%s: response type %q", command, response.ResponseType)
	}
	return response.Text
}

func callContext() *plugin.Context {
	return &plugin.Context{SessionId: "session", RequestId: "request", IPAddress: "192.0.2.1", AcceptLanguage: "de", UserAgent: "conformance"}
}
