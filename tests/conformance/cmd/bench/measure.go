package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// Names of the measurements.
const (
	startMS     = "start"
	rssMB       = "memory after activation"
	commandUS   = "command"
	parallelUS  = "command, 16 at once"
	cpuMS       = "CPU"
	getUS       = "GET 1 kB"
	post5MS     = "POST 5 MB"
	post100MS   = "POST 100 MB"
	warmUpCalls = 300
	getCalls    = 500
	parallel    = 16
)

var upload = bytes.Repeat([]byte("0123456789abcdef"), 100e6/16)

// round measures everything once on a fresh process.
func (c *contestant) round(calls int) error {
	r, err := c.start()
	if err != nil {
		return err
	}
	ended := time.Now()
	defer r.host.Env.Shutdown()
	begun, err := r.host.Executed()
	if err != nil {
		return err
	}
	c.add(startMS, ms(ended.Sub(begun)))
	rss, err := host.RSS(r.pid)
	if err != nil {
		return err
	}
	c.add(rssMB, float64(rss)*1024/megabyte)
	for _, measure := range []func(*contestant, int) error{r.commands, r.parallelCommands, r.gets, r.uploads} {
		if err := measure(c, calls); err != nil {
			return err
		}
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func us(d time.Duration, calls int) float64 {
	return float64(d) / float64(time.Microsecond) / float64(calls)
}

func (r *running) command(text string) error {
	response, appErr := r.hooks.ExecuteCommand(&plugin.Context{SessionId: "s"}, &model.CommandArgs{UserId: host.AliceID, ChannelId: host.ChannelID, TeamId: host.TeamID, Command: text})
	if appErr != nil {
		return appErr
	}
	if response == nil || response.Text == "" {
		return fmt.Errorf("%s has no answer", text)
	}
	return nil
}

func repeat(n int, call func() error) error {
	for range n {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

func (r *running) commands(c *contestant, calls int) error {
	hello := func() error { return r.command("/hello Ada") }
	if err := repeat(warmUpCalls, hello); err != nil {
		return err
	}
	cpuBefore, err := host.CPU(r.pid)
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := repeat(calls, hello); err != nil {
		return err
	}
	c.add(commandUS, us(time.Since(begun), calls))
	cpuAfter, err := host.CPU(r.pid)
	// The kernel counts in steps of 10 ms: rounds are summed up, not compared one by one.
	c.add(cpuMS, ms(cpuAfter-cpuBefore)*1000/float64(calls))
	return err
}

func (r *running) parallelCommands(c *contestant, calls int) error {
	begun := time.Now()
	err := atOnce(calls, func() error { return r.command("/hello Ada") })
	c.add(parallelUS, us(time.Since(begun), calls))
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

func (r *running) gets(c *contestant, _ int) error {
	get := func() error { return r.request("GET", nil, 1024) }
	if err := repeat(warmUpCalls/10, get); err != nil {
		return err
	}
	begun := time.Now()
	err := repeat(getCalls, get)
	c.add(getUS, us(time.Since(begun), getCalls))
	return err
}

func (r *running) uploads(c *contestant, _ int) error {
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

// request checks the answer: a number of bytes, or the length of what was sent.
func (r *running) request(method string, body []byte, wantBytes int) error {
	w := httptest.NewRecorder()
	r.hooks.ServeHTTP(&plugin.Context{}, w, httptest.NewRequest(method, "/", bytes.NewReader(body)))
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s: status %d", method, w.Code)
	}
	if wantBytes > 0 && w.Body.Len() != wantBytes {
		return fmt.Errorf("%s: %d bytes instead of %d", method, w.Body.Len(), wantBytes)
	}
	if wantBytes == 0 && w.Body.String() != fmt.Sprint(len(body)) {
		return fmt.Errorf("%s of %d bytes: counted %s", method, len(body), w.Body.String())
	}
	return nil
}
