package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/grpchost"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// protoDir holds the .proto files that the plugins are built with.
const protoDir = "../../server/crates/mattermost-plugin/proto"

var grpcSchema = sync.OnceValues(func() (*grpchost.Schema, error) { return grpchost.Compile(protoDir) })

// init also serves as the host that TestGRPCPluginExitsWhenHostIsGone kills.
func init() {
	archive := os.Getenv("CONFORMANCE_CHILD_GRPC_HOST")
	if archive == "" {
		return
	}
	if err := childGRPCHost(archive, os.Getenv("CONFORMANCE_CHILD_DIR")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

func childGRPCHost(archive, dir string) error {
	schema, err := grpcSchema()
	if err != nil {
		return err
	}
	bundle, err := host.Unpack(archive, dir)
	if err != nil {
		return err
	}
	h, err := grpchost.New(schema, bundle)
	if err != nil {
		return err
	}
	if err := h.Activate(); err != nil {
		return err
	}
	fmt.Println("active", bundle.Executable)
	return nil
}

// prepareGRPC is a host that asks for gRPC, without starting the plugin.
func prepareGRPC(t *testing.T, variable string, changes ...grpchost.Change) *grpchost.Host {
	t.Helper()
	schema, err := grpcSchema()
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := host.Unpack(bundlePath(t, variable), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h, err := grpchost.New(schema, bundle, changes...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Close()
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

// startGRPC is a host with the plugin active over gRPC.
func startGRPC(t *testing.T, variable string, changes ...grpchost.Change) *grpchost.Host {
	t.Helper()
	h := prepareGRPC(t, variable, changes...)
	if err := h.Activate(); err != nil {
		t.Fatalf("activation failed: %v\n%s", err, h.Log())
	}
	return h
}

// grpcPid is the process of the plugin.
func grpcPid(t *testing.T, h *grpchost.Host) int {
	t.Helper()
	pids := host.Processes(h.Executable)
	if len(pids) != 1 {
		t.Fatalf("want one process of %s, have %v", filepath.Base(h.Executable), pids)
	}
	return pids[0]
}
