package main

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// Names of the measurements.
const (
	startMS     = "start"
	rssMB       = "memory after activation"
	commandUS   = "command"
	parallelUS  = "command, 16 at once"
	storingUS   = "command with two API calls"
	cpuMS       = "CPU"
	getUS       = "GET 1 kB"
	post5MS     = "POST 5 MB"
	post100MS   = "POST 100 MB"
	stopMS      = "shutdown"
	warmUpCalls = 300
	getCalls    = 500
	parallel    = 16
)

var upload = bytes.Repeat([]byte("0123456789abcdef"), 100e6/16)

// start measures what only needs a process that has just started.
func (c *contestant) start() error {
	r, start, err := c.launch(c.bundle)
	if err != nil {
		return err
	}
	defer c.stop(r)
	c.add(startMS, ms(start))
	return nil
}

func (c *contestant) stop(r subject) {
	begun := time.Now()
	r.stop()
	c.add(stopMS, ms(time.Since(begun)))
}

// round measures everything else once on a fresh process.
func (c *contestant) round(calls int) error {
	r, _, err := c.launch(c.bundle)
	if err != nil {
		return err
	}
	defer c.stop(r)
	rss, err := host.RSS(r.pid())
	if err != nil {
		return err
	}
	c.add(rssMB, float64(rss)*1024/megabyte)
	for _, measure := range []func(*contestant, subject, int) error{commands, parallelCommands, storingCommands, gets, uploads} {
		if err := measure(c, r, calls); err != nil {
			return err
		}
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func us(d time.Duration, calls int) float64 {
	return float64(d) / float64(time.Microsecond) / float64(calls)
}

func repeat(n int, call func() error) error {
	for range n {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

func commands(c *contestant, r subject, calls int) error {
	hello := func() error { return r.command("/hello Ada") }
	if err := repeat(warmUpCalls, hello); err != nil {
		return err
	}
	cpuBefore, err := host.CPU(r.pid())
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := repeat(calls, hello); err != nil {
		return err
	}
	c.add(commandUS, us(time.Since(begun), calls))
	cpuAfter, err := host.CPU(r.pid())
	// The kernel counts in steps of 10 ms: rounds are summed up, not compared one by one.
	c.add(cpuMS, ms(cpuAfter-cpuBefore)*1000/float64(calls))
	return err
}

func parallelCommands(c *contestant, r subject, calls int) error {
	begun := time.Now()
	err := atOnce(calls, func() error { return r.command("/hello Ada") })
	c.add(parallelUS, us(time.Since(begun), calls))
	return err
}

func storingCommands(c *contestant, r subject, calls int) error {
	store := func() error { return r.command("/hello kv") }
	if err := repeat(warmUpCalls/10, store); err != nil {
		return err
	}
	begun := time.Now()
	err := repeat(calls/4+1, store)
	c.add(storingUS, us(time.Since(begun), calls/4+1))
	return err
}

// atOnce makes n calls from 16 goroutines.
func atOnce(n int, call func() error) error {
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	failed := make(chan error, parallel)
	for range parallel {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := call(); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}

func gets(c *contestant, r subject, _ int) error {
	get := func() error { return r.request("GET", nil, 1024) }
	if err := repeat(warmUpCalls/10, get); err != nil {
		return err
	}
	begun := time.Now()
	err := repeat(getCalls, get)
	c.add(getUS, us(time.Since(begun), getCalls))
	return err
}

func uploads(c *contestant, r subject, _ int) error {
	begun := time.Now()
	for range 5 {
		if err := r.request("POST", upload[:5e6], 0); err != nil {
			return err
		}
	}
	c.add(post5MS, ms(time.Since(begun))/5)
	begun = time.Now()
	err := r.request("POST", upload, 0)
	c.add(post100MS, ms(time.Since(begun)))
	return err
}
