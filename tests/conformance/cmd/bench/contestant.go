package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

const megabyte = 1e6

// contestant is one of the two plugins, with all values measured so far by name.
type contestant struct {
	name         string
	bundle       *host.Bundle
	executableMB float64
	bundleMB     float64 // 0: an executable was given
	values       map[string][]float64
}

// prepare unpacks a bundle, or puts an executable into one.
func prepare(name, path, dir string) (*contestant, error) {
	pluginDir := filepath.Join(dir, name)
	if err := os.MkdirAll(pluginDir, 0o755); err != nil {
		return nil, err
	}
	c := &contestant{name: name, values: map[string][]float64{}}
	var err error
	if strings.HasSuffix(path, ".tar.gz") {
		if c.bundleMB, err = sizeMB(path); err == nil {
			c.bundle, err = host.Unpack(path, pluginDir)
		}
	} else {
		c.bundle, err = wrap(path, pluginDir)
	}
	if err != nil {
		return nil, err
	}
	c.executableMB, err = sizeMB(c.bundle.Executable)
	return c, err
}

// wrap makes a plugin directory around an executable.
func wrap(path, pluginDir string) (*host.Bundle, error) {
	executable := filepath.Join(pluginDir, "hello", "plugin")
	if err := os.MkdirAll(filepath.Dir(executable), 0o755); err != nil {
		return nil, err
	}
	if err := copyFile(path, executable); err != nil {
		return nil, err
	}
	manifest := fmt.Sprintf(`{"id":"hello","name":"hello","version":"0.0.1","server":{"executables":{"%s-%s":"plugin"}}}`, runtime.GOOS, runtime.GOARCH)
	manifestPath := filepath.Join(pluginDir, "hello", "plugin.json")
	if err := os.WriteFile(manifestPath, []byte(manifest), 0o644); err != nil {
		return nil, err
	}
	m, _, err := model.FindManifest(filepath.Dir(manifestPath))
	return &host.Bundle{PluginDir: pluginDir, Manifest: m, Executable: executable}, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func sizeMB(path string) (float64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()) / megabyte, nil
}

func (c *contestant) add(name string, value float64) {
	c.values[name] = append(c.values[name], value)
}

// median of all rounds.
func (c *contestant) median(name string) float64 {
	sorted := slices.Sorted(slices.Values(c.values[name]))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func (c *contestant) sum(name string) float64 {
	total := 0.0
	for _, v := range c.values[name] {
		total += v
	}
	return total
}

// running is a started plugin.
type running struct {
	host  *host.Host
	hooks plugin.Hooks
	pid   int
}

func (c *contestant) start() (*running, error) {
	h, err := host.New(c.bundle, nil)
	if err != nil {
		return nil, err
	}
	h.API.Quiet()
	if err := h.Activate(); err != nil {
		return nil, err
	}
	hooks, err := h.Hooks()
	if err != nil {
		return nil, err
	}
	pids := host.Processes(c.bundle.Executable)
	if len(pids) != 1 {
		h.Env.Shutdown()
		return nil, fmt.Errorf("want one process, have %v", pids)
	}
	return &running{host: h, hooks: hooks, pid: pids[0]}, nil
}
