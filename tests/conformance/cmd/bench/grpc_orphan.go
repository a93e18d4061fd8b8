package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

const (
	// orphanCommand makes this program a host that only starts one plugin and waits to be killed.
	orphanCommand = "orphan"
	// orphanLimit is how long a plugin whose host has died is waited for.
	orphanLimit = 30 * time.Second
)

// orphaned is how long the plugin outlives a host that is killed.
func orphaned(bundle *host.Bundle) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*orphanLimit)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], orphanCommand, bundle.Executable)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := child.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("the host that is to be killed: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := child.Process.Kill(); err != nil {
		return 0, err
	}
	_ = child.Wait()
	waiting, stop := context.WithTimeout(ctx, orphanLimit)
	defer stop()
	if !host.Until(waiting, func() bool { return syscall.Kill(pid, 0) != nil }) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return time.Since(begun), nil
}

// orphan starts a plugin, tells its process, and never ends by itself.
func orphan(executable string) {
	r, _, err := startGRPC(&host.Bundle{Executable: executable})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	fmt.Println(r.pid())
	select {}
}
