package conformance

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

func TestEveryBundleActivatesAndDeactivates(t *testing.T) {
	for _, variable := range []string{helloBundle, conformanceBundle, productBundle} {
		t.Run(variable, func(t *testing.T) {
			h, _ := start(t, variable)
			first := pid(t, h)
			if err := h.Env.PerformHealthCheck(h.Manifest.Id); err != nil {
				t.Fatal(err)
			}
			if !h.Env.Deactivate(h.Manifest.Id) {
				t.Fatal("deactivation was refused")
			}
			if left := host.Processes(h.Executable); len(left) > 0 {
				t.Fatalf("processes %v outlive the deactivation", left)
			}
			if strings.Contains(h.Log(), "failed to exit gracefully") {
				t.Error("the plugin had to be killed")
			}
			activate(t, h)
			if second := pid(t, h); second == first {
				t.Error("activation did not start a new process")
			}
		})
	}
}

func TestOnDeactivateIsServed(t *testing.T) {
	h, _ := start(t, conformanceBundle)
	mark := h.API.Mark()
	h.Env.Deactivate(h.Manifest.Id)
	if _, ok := h.API.Wait(deadline(patience), mark, host.Hook("OnDeactivate")); !ok {
		t.Error("no API call during OnDeactivate")
	}
}

func TestKilledPluginFailsHealthCheckAndRestarts(t *testing.T) {
	h, _ := start(t, conformanceBundle)
	first := pid(t, h)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if !host.Until(deadline(patience), func() bool { return h.Env.PerformHealthCheck(h.Manifest.Id) != nil }) {
		t.Fatal("the health check does not notice that the process is gone")
	}
	restart(t, h)
}

// restart does what the server's health check job does.
func restart(t *testing.T, h *host.Host) {
	t.Helper()
	within(t, patience, "restart", func() {
		if err := h.Env.RestartPlugin(h.Manifest.Id); err != nil {
			t.Errorf("restart: %v", err)
		}
	})
	hooks, err := h.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(t, hooks, "/conformance echo again"); got != "again" {
		t.Errorf("after the restart: %q", got)
	}
}

func TestPluginThatExitsIsRestarted(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	within(t, patience, "a command that ends the process", func() { _, _ = execute(hooks, "/conformance exit") })
	if !host.Until(deadline(patience), func() bool { return len(host.Processes(h.Executable)) == 0 }) {
		t.Fatal("the process lives on")
	}
	if h.Env.PerformHealthCheck(h.Manifest.Id) == nil {
		t.Error("the health check does not notice")
	}
	restart(t, h)
}

func TestInterruptIsIgnored(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	before := pid(t, h)
	if err := syscall.Kill(before, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		text := fmt.Sprint("call ", i)
		if got := answer(t, hooks, "/conformance echo "+text); got != text {
			t.Fatalf("got %q", got)
		}
	}
	if after := pid(t, h); after != before {
		t.Error("the process changed")
	}
}

// childHost is the host that gets killed: it activates the plugin and waits.
func childHost(archive, dir string) error {
	bundle, err := host.Unpack(archive, dir)
	if err != nil {
		return err
	}
	h, err := host.New(bundle, nil)
	if err != nil {
		return err
	}
	if err := h.Activate(); err != nil {
		return err
	}
	fmt.Println("active", bundle.Executable)
	return nil
}

func TestPluginExitsWhenHostIsGone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), "CONFORMANCE_CHILD_HOST="+bundlePath(t, conformanceBundle), "CONFORMANCE_CHILD_DIR="+t.TempDir())
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
	if !host.Until(deadline(patience), func() bool { return !slices.Contains(host.Processes(executable), pids[0]) }) {
		_ = syscall.Kill(pids[0], syscall.SIGKILL)
		t.Error("the plugin outlives its host")
	}
}

func TestStartByHandExplainsItself(t *testing.T) {
	for _, variable := range []string{helloBundle, conformanceBundle, productBundle} {
		t.Run(variable, func(t *testing.T) {
			h := unpack(t, variable)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, h.Executable)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			var exit *exec.ExitError
			if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("want exit code 1, have %v", err)
			}
			if text := strings.ToLower(stderr.String()); !strings.Contains(text, "plugin") {
				t.Errorf("standard error does not say that this is a plugin: %q", text)
			}
			if stdout.Len() > 0 {
				t.Errorf("standard output: %q", stdout.String())
			}
		})
	}
}

func TestGarbageInsteadOfHandshake(t *testing.T) {
	h := unpack(t, conformanceBundle)
	script := "#!/bin/sh\necho 'not a handshake'\nexec sleep 60\n"
	if err := os.WriteFile(h.Executable, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	within(t, patience, "activation", func() {
		if err := h.Activate(); err == nil {
			t.Error("an executable that prints garbage was activated")
		}
	})
	if h.Env.IsActive(h.Manifest.Id) {
		t.Error("the plugin counts as active")
	}
}

func TestWrongChecksumIsNotStarted(t *testing.T) {
	h := unpack(t, conformanceBundle)
	changed := sha256.Sum256([]byte("another executable"))
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "MATTERMOST_PLUGIN", MagicCookieValue: "Securely message teams, anywhere."},
		Plugins:         map[string]goplugin.Plugin{},
		Cmd:             exec.Command(h.Executable),
		SecureConfig:    &goplugin.SecureConfig{Checksum: changed[:], Hash: sha256.New()},
		Logger:          quietLogger(),
	})
	defer client.Kill()
	if _, err := client.Start(); !errors.Is(err, goplugin.ErrChecksumsDoNotMatch) {
		t.Errorf("want %v, have %v", goplugin.ErrChecksumsDoNotMatch, err)
	}
	if pids := host.Processes(h.Executable); len(pids) > 0 {
		t.Errorf("it was started: %v", pids)
	}
}

func TestNoSocketIsLeftBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	h, hooks := start(t, conformanceBundle)
	_ = answer(t, hooks, "/conformance echo x")
	if err := syscall.Kill(pid(t, h), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	sockets, err := filepath.Glob(filepath.Join(tmp, "plugin*"))
	if err != nil || len(sockets) > 0 {
		t.Errorf("sockets in %s: %v %v", tmp, sockets, err)
	}
}
