package conformance

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/grpchost"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// A plugin is gone this long after its host has asked it to stop.
const stopLimit = 100 * time.Millisecond

// A plugin is gone this long after its host has died.
const orphanLimit = 10 * time.Second

func TestGRPCEveryBundleStartsAndStops(t *testing.T) {
	for _, variable := range []string{helloBundle, conformanceBundle, productBundle} {
		t.Run(variable, func(t *testing.T) {
			h := startGRPC(t, variable)
			grpcPid(t, h)
			client, err := h.Client.Client()
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Ping(); err != nil {
				t.Errorf("ping: %v", err)
			}
			address, ok := h.Client.ReattachConfig().Addr.(*net.UnixAddr)
			if !ok {
				t.Fatalf("it listens at %v", h.Client.ReattachConfig().Addr)
			}
			if err := h.OnDeactivate(); err != nil && slices.Contains(listed(t, h), "OnDeactivate") {
				t.Errorf("OnDeactivate: %v", err)
			}
			begun := time.Now()
			h.Client.Kill()
			if took := time.Since(begun); took > stopLimit {
				t.Errorf("stopping took %v", took)
			}
			if left := host.Processes(h.Executable); len(left) > 0 {
				t.Errorf("processes %v outlive their host's farewell", left)
			}
			if strings.Contains(h.Log(), "failed to exit gracefully") || !strings.Contains(h.Log(), "plugin process exited") {
				t.Error("the plugin did not end by itself")
			}
			if _, err := os.Stat(address.Name); !os.IsNotExist(err) {
				t.Errorf("the socket %s is left behind: %v", address.Name, err)
			}
		})
	}
}

func listed(t *testing.T, h *grpchost.Host) []string {
	t.Helper()
	names, err := h.Implemented()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Open streams and running hooks do not delay the end.
func TestGRPCStopsInTheMiddleOfWork(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	if _, err := h.Stream(t.Context()); err != nil {
		t.Fatal(err)
	}
	mark := h.API.Mark()
	go func() { _, _ = execute(h, "/conformance sleep 60000") }()
	if _, ok := h.API.Wait(deadline(patience), mark, grpcHook("ExecuteCommand")); !ok {
		t.Fatal("the command does not begin")
	}
	begun := time.Now()
	h.Client.Kill()
	if took := time.Since(begun); took > stopLimit {
		t.Errorf("stopping took %v", took)
	}
}

func TestGRPCSocketDirectory(t *testing.T) {
	dir := t.TempDir()
	h := startGRPC(t, helloBundle, grpchost.Variable("PLUGIN_UNIX_SOCKET_DIR", dir))
	if got := h.Client.ReattachConfig().Addr.String(); filepath.Dir(got) != dir {
		t.Errorf("it listens at %s, not in %s", got, dir)
	}
}

// Without a directory for a socket there is a port.
func TestGRPCOverTCP(t *testing.T) {
	h := startGRPC(t, conformanceBundle, grpchost.Variable("TMPDIR", "/nonexistent"))
	address, ok := h.Client.ReattachConfig().Addr.(*net.TCPAddr)
	if !ok || !address.IP.IsLoopback() || address.Port < 10000 || address.Port > 25000 {
		t.Errorf("it listens at %v", h.Client.ReattachConfig().Addr)
	}
	if got := answer(t, h, "/conformance echo over TCP"); got != "over TCP" {
		t.Errorf("got %q", got)
	}
	begun := time.Now()
	h.Client.Kill()
	if took := time.Since(begun); took > stopLimit {
		t.Errorf("stopping took %v", took)
	}
}

// A host that does not name its API gets net/rpc from the same executable, and nothing else.
func TestGRPCOnlyForHostsThatAskForIt(t *testing.T) {
	for _, protocol := range []goplugin.Protocol{goplugin.ProtocolNetRPC, goplugin.ProtocolGRPC} {
		t.Run(string(protocol), func(t *testing.T) {
			h := prepareGRPC(t, helloBundle, func(c *goplugin.ClientConfig) {
				c.Cmd.Env = nil
				c.AllowedProtocols = []goplugin.Protocol{protocol}
			})
			client, err := h.Client.Client()
			if protocol == goplugin.ProtocolGRPC {
				if err == nil || !strings.Contains(err.Error(), "netrpc") {
					t.Errorf("want a plugin that speaks netrpc, have %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := client.(*goplugin.RPCClient); !ok {
				t.Errorf("the client is a %T", client)
			}
			if err := client.Ping(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGRPCMultiplexingIsDeclined(t *testing.T) {
	h := prepareGRPC(t, helloBundle, func(c *goplugin.ClientConfig) { c.GRPCBrokerMultiplex = true })
	err := h.Start()
	if err == nil || !strings.Contains(err.Error(), "multiplexing") {
		t.Errorf("want an error about multiplexing, have %v", err)
	}
}

func TestGRPCMutualTLSIsRefusedInWords(t *testing.T) {
	h := prepareGRPC(t, helloBundle, func(c *goplugin.ClientConfig) { c.AutoMTLS = true })
	begun := time.Now()
	if err := h.Start(); err == nil {
		t.Error("it was started")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("the host waited %v", took)
	}
	// What a plugin writes to standard error is copied beside its start.
	saysWhy := func() bool {
		log := h.Log()
		return strings.Contains(log, "[ERROR] the plugin cannot be served") && strings.Contains(log, "AutoMTLS")
	}
	if !host.Until(deadline(patience), saysWhy) {
		t.Error("the log does not say why")
	}
}

func TestGRPCHealth(t *testing.T) {
	h := startGRPC(t, helloBundle)
	health := grpc_health_v1.NewHealthClient(h.Conn)
	response, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: goplugin.GRPCServiceName})
	if err != nil || response.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		t.Errorf("%v %v", response, err)
	}
	_, err = health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "another"})
	if status.Code(err) != codes.NotFound {
		t.Errorf("another service: %v", err)
	}
	for _, method := range []string{"/plugin.GRPCController/Restart", "/unknown.Service/Call", "/mattermost.pluginapi.v1.PluginHooks/OnBirthday"} {
		if err := h.Conn.Invoke(t.Context(), method, &emptypb.Empty{}, &emptypb.Empty{}); status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// The host may connect again, and as often as it likes.
func TestGRPCAcceptsFurtherConnections(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	address := h.Client.ReattachConfig().Addr
	for range 3 {
		conn, err := net.Dial(address.Network(), address.String())
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if got := answer(t, h, "/conformance echo still here"); got != "still here" {
		t.Errorf("got %q", got)
	}
}

func TestGRPCPluginExitsWhenHostIsGone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), "CONFORMANCE_CHILD_GRPC_HOST="+bundlePath(t, conformanceBundle), "CONFORMANCE_CHILD_DIR="+t.TempDir())
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	executable, ok := strings.CutPrefix(strings.TrimSpace(line), "active ")
	if err != nil || !ok {
		t.Fatalf("the child host did not activate the plugin: %q %v", line, err)
	}
	pids := host.Processes(executable)
	if len(pids) != 1 {
		t.Fatalf("processes %v", pids)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	begun := time.Now()
	if !host.Until(deadline(orphanLimit), func() bool { return !slices.Contains(host.Processes(executable), pids[0]) }) {
		_ = syscall.Kill(pids[0], syscall.SIGKILL)
		t.Error("the plugin outlives its host")
	}
	t.Logf("gone after %v", time.Since(begun).Round(time.Millisecond))
}
