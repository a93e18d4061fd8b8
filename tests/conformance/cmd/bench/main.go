// Command bench compares a Rust plugin with its twins in Go: over net/rpc both are run by Mattermost's
// own plugin.Environment in this process, over gRPC by hashicorp's client.
//
//	bench --rust hello-rust.tar.gz --go hello-go.tar.gz --grpc-go hello-grpc-go --without-grpc hello --out bench.json
//
// Starts come first, then rounds. Both are interleaved (Rust, Go, Rust, Go, …), each with a fresh
// process; values are medians, and every ratio is Rust's median over Go's of the same run.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"text/tabwriter"
)

type options struct {
	rust, twin, out       string
	grpcTwin, withoutGRPC string
	starts, rounds        int
	calls, million        int
}

func main() {
	var o options
	flag.StringVar(&o.rust, "rust", "", "bundle (.tar.gz) or executable of examples/hello")
	flag.StringVar(&o.twin, "go", "", "bundle (.tar.gz) or executable of cmd/hello-twin")
	flag.StringVar(&o.grpcTwin, "grpc-go", "", "executable of cmd/hello-grpc-twin (without it gRPC is not measured)")
	flag.StringVar(&o.withoutGRPC, "without-grpc", "", "executable of examples/hello built without gRPC")
	flag.StringVar(&o.out, "out", "", "write the results to this file as JSON")
	flag.IntVar(&o.starts, "starts", 20, "starts of each plugin")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds of each plugin")
	flag.IntVar(&o.calls, "calls", 10_000, "ExecuteCommand calls in one measurement")
	flag.IntVar(&o.million, "million", 1_000_000, "calls of the memory test (0 leaves it out)")
	flag.Parse()
	if flag.Arg(0) == orphanCommand {
		orphan(flag.Arg(1))
	}
	log.SetOutput(io.Discard) // yamux reports closed connections of Go plugins
	met, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if !met {
		fmt.Fprintln(os.Stderr, "bench: a bar was missed")
		os.Exit(1)
	}
}

// run reports whether every bar was met.
func run(o options) (bool, error) {
	if o.rust == "" || o.twin == "" || o.starts < 1 || o.rounds < 1 || o.calls < 1 {
		return false, fmt.Errorf("--rust and --go are needed, --starts, --rounds and --calls must be positive")
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	rust, err := prepare("rust", o.rust, dir, startNetRPC)
	if err != nil {
		return false, err
	}
	twin, err := prepare("go", o.twin, dir, startNetRPC)
	if err != nil {
		return false, err
	}
	contestants := []*contestant{rust, twin}
	var grpc *grpcPair
	if o.grpcTwin != "" {
		if grpc, err = prepareGRPC(o, dir); err != nil {
			return false, err
		}
		contestants = append(contestants, grpc.rust, grpc.twin)
	}
	fmt.Fprintf(os.Stderr, "%d starts of each\n", o.starts)
	for range o.starts {
		for _, c := range contestants {
			if err := c.start(); err != nil {
				return false, fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	for round := range o.rounds {
		for _, c := range contestants {
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, o.rounds, c.name)
			if err := c.round(o.calls); err != nil {
				return false, fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	results := compare(rust, twin)
	if o.million > 0 {
		growth, err := rust.growth(o.million)
		if err != nil {
			return false, fmt.Errorf("memory: %w", err)
		}
		results = append(results, growth...)
	}
	if grpc != nil {
		more, err := grpc.results(o.million)
		if err != nil {
			return false, fmt.Errorf("gRPC: %w", err)
		}
		results = append(results, more...)
	}
	return report(results, o.out)
}

// result is one line of the report. Bar and OK are absent where nothing is demanded.
type result struct {
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Unit  string   `json:"unit"`
	Bar   *float64 `json:"bar"`
	OK    *bool    `json:"ok"`
}

func plain(name string, value float64, unit string) result {
	return result{Name: name, Value: value, Unit: unit}
}

func atMost(name string, value float64, unit string, bar float64) result {
	ok := value <= bar
	return result{Name: name, Value: value, Unit: unit, Bar: &bar, OK: &ok}
}

func report(results []result, out string) (bool, error) {
	met := true
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "measurement\tvalue\tunit\tbar\t")
	for _, r := range results {
		bar, verdict := "", ""
		if r.Bar != nil {
			bar, verdict = fmt.Sprintf("<= %g", *r.Bar), "ok"
			if !*r.OK {
				verdict, met = "MISSED", false
			}
		}
		fmt.Fprintf(tw, "%s\t%.3f\t%s\t%s\t%s\n", r.Name, r.Value, r.Unit, bar, verdict)
	}
	if err := tw.Flush(); err != nil {
		return false, err
	}
	if out == "" {
		return met, nil
	}
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return false, err
	}
	return met, os.WriteFile(out, append(text, '\n'), 0o644)
}
