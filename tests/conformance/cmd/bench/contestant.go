package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

const megabyte = 1e6

// subject is a plugin that runs and is active.
type subject interface {
	command(text string) error
	// request checks the answer: a number of bytes, or the length of what was sent.
	request(method string, body []byte, wantBytes int) error
	pid() int
	// stop is the server's farewell; it returns when the process is gone.
	stop()
}

// contestant is one plugin over one protocol, with all values measured so far by name.
type contestant struct {
	name   string
	bundle *host.Bundle
	// launch starts the plugin; the duration is what counts as its start.
	launch       func(*host.Bundle) (subject, time.Duration, error)
	executableMB float64
	bundleMB     float64 // 0: an executable was given
	values       map[string][]float64
}

// prepare unpacks a bundle, or puts an executable into one.
func prepare(name, path, dir string, launch func(*host.Bundle) (subject, time.Duration, error)) (*contestant, error) {
	pluginDir := filepath.Join(dir, name)
	if err := os.MkdirAll(pluginDir, 0o755); err != nil {
		return nil, err
	}
	c := &contestant{name: name, launch: launch, values: map[string][]float64{}}
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

// worst of all rounds.
func (c *contestant) worst(name string) float64 { return slices.Max(c.values[name]) }

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
