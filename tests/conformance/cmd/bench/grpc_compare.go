package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// grpcPair are the two plugins on a host that asks for gRPC.
type grpcPair struct {
	rust, twin *contestant
	// withoutMB is the size of the Rust executable without this protocol.
	withoutMB float64
}

func prepareGRPC(o options, dir string) (*grpcPair, error) {
	if o.withoutGRPC == "" {
		return nil, errors.New("--grpc-go needs --without-grpc")
	}
	dir = filepath.Join(dir, "grpc")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	rust, err := prepare("rust over gRPC", o.rust, dir, startGRPC)
	if err != nil {
		return nil, err
	}
	twin, err := prepare("go over gRPC", o.grpcTwin, dir, startGRPC)
	if err != nil {
		return nil, err
	}
	withoutMB, err := sizeMB(o.withoutGRPC)
	return &grpcPair{rust, twin, withoutMB}, err
}

// results is the report of all rounds, and what is measured once.
func (g *grpcPair) results(million int) ([]result, error) {
	p := &pairing{rust: g.rust, twin: g.twin}
	p.pair(startMS+" to Implemented", "ms", 0.4, median(startMS))
	p.out = append(p.out, atMost(rssMB+", Rust", g.rust.median(rssMB), "MB", 10), plain(rssMB+", Go", g.twin.median(rssMB), "MB"))
	p.pair(commandUS, "us", 0.7, median(commandUS))
	p.pair(storingUS, "us", 0.7, median(storingUS))
	p.pair(getUS, "us", 0.7, median(getUS))
	p.pair(post100MS, "ms", 0.7, median(post100MS))
	p.out = append(p.out,
		plain(parallelUS+", Rust", g.rust.median(parallelUS), "us"), plain(parallelUS+", Go", g.twin.median(parallelUS), "us"),
		atMost(stopMS+", Rust, the slowest", g.rust.worst(stopMS), "ms", 100), plain(stopMS+", Go", g.twin.median(stopMS), "ms"),
		atMost("executable, Rust, more than without gRPC", g.rust.executableMB-g.withoutMB, "MB", 1.5),
	)
	gone, err := orphaned(g.rust.bundle)
	if err != nil {
		return nil, err
	}
	p.out = append(p.out, atMost("host killed, until the plugin is gone, Rust", gone.Seconds(), "s", 10))
	if million > 0 {
		growth, err := g.rust.growth(million)
		if err != nil {
			return nil, fmt.Errorf("memory: %w", err)
		}
		p.out = append(p.out, growth...)
	}
	for i := range p.out {
		p.out[i].Name = "gRPC: " + p.out[i].Name
	}
	return p.out, nil
}
