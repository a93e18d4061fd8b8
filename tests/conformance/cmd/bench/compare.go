package main

import (
	"fmt"
	"os"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

const (
	settleCalls    = 10_000
	memoryRequests = 20_000
)

// pairing reports values of both plugins and their ratio.
type pairing struct {
	rust, twin *contestant
	out        []result
}

func (p *pairing) pair(name, unit string, bar float64, value func(*contestant) float64) {
	a, b := value(p.rust), value(p.twin)
	p.out = append(p.out, plain(name+", Rust", a, unit), plain(name+", Go", b, unit), atMost(name+", ratio", a/b, "Rust/Go", bar))
}

func median(name string) func(*contestant) float64 {
	return func(c *contestant) float64 { return c.median(name) }
}

// compare makes the report of all rounds.
func compare(rust, twin *contestant) []result {
	p := &pairing{rust: rust, twin: twin}
	pair := p.pair
	pair(startMS, "ms", 0.4, median(startMS))
	p.out = append(p.out, atMost(rssMB+", Rust", rust.median(rssMB), "MB", 8), plain(rssMB+", Go", twin.median(rssMB), "MB"))
	pair(commandUS, "us", 0.6, median(commandUS))
	pair(parallelUS, "us", 0.6, median(parallelUS))
	pair(cpuMS+" per 1,000 commands", "ms", 0.5, func(c *contestant) float64 { return c.sum(cpuMS) / float64(len(c.values[cpuMS])) })
	pair(getUS, "us", 0.6, median(getUS))
	pair(post5MS, "ms", 0.6, median(post5MS))
	pair(post100MS, "ms", 0.4, median(post100MS))
	out := append(p.out, atMost("executable, Rust", rust.executableMB, "MB", 8), plain("executable, Go", twin.executableMB, "MB"))
	if rust.bundleMB > 0 {
		out = append(out, atMost("bundle, Rust", rust.bundleMB, "MB", 5))
	}
	if twin.bundleMB > 0 {
		out = append(out, plain("bundle, Go", twin.bundleMB, "MB"))
	}
	return out
}

// growth is what the plugin's memory gains over many calls, after it has settled.
func (c *contestant) growth(calls int) ([]result, error) {
	r, _, err := c.launch(c.bundle)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	if err := load(r, settleCalls, settleCalls); err != nil {
		return nil, err
	}
	before, err := host.RSS(r.pid())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%s: %d kB after %d calls and requests\n", c.name, before, settleCalls)
	if err := load(r, calls, memoryRequests); err != nil {
		return nil, err
	}
	after, err := host.RSS(r.pid())
	if err != nil {
		return nil, err
	}
	return []result{
		plain("memory after 10,000 calls and requests, Rust", float64(before), "kB"),
		atMost(fmt.Sprintf("memory gained in %d calls and %d requests more, Rust", calls, memoryRequests), float64(after-before), "kB", 256),
	}, nil
}

// load makes commands with API calls inside and HTTP requests, 16 at once.
func load(r subject, commands, requests int) error {
	if err := atOnce(commands, func() error { return r.command("/hello kv") }); err != nil {
		return err
	}
	return atOnce(requests, func() error { return r.request("GET", nil, 1024) })
}
