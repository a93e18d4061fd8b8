package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// overNetRPC is a plugin in Mattermost's own plugin.Environment.
type overNetRPC struct {
	host    *host.Host
	hooks   plugin.Hooks
	process int
}

// startNetRPC counts from the execution, which is behind the server's checksums, to the end of OnActivate.
func startNetRPC(bundle *host.Bundle) (subject, time.Duration, error) {
	h, err := host.New(bundle, nil)
	if err != nil {
		return nil, 0, err
	}
	h.API.Quiet()
	if err := h.Activate(); err != nil {
		return nil, 0, err
	}
	ended := time.Now()
	begun, err := h.Executed()
	if err != nil {
		return nil, 0, err
	}
	hooks, err := h.Hooks()
	if err != nil {
		return nil, 0, err
	}
	process, err := only(host.Processes(bundle.Executable))
	if err != nil {
		h.Env.Shutdown()
		return nil, 0, err
	}
	return &overNetRPC{host: h, hooks: hooks, process: process}, ended.Sub(begun), nil
}

// only is the one process that there must be.
func only(pids []int) (int, error) {
	if len(pids) != 1 {
		return 0, fmt.Errorf("want one process, have %v", pids)
	}
	return pids[0], nil
}

func (r *overNetRPC) pid() int { return r.process }

func (r *overNetRPC) stop() { r.host.Env.Shutdown() }

func (r *overNetRPC) command(text string) error {
	response, appErr := r.hooks.ExecuteCommand(&plugin.Context{SessionId: "s"}, &model.CommandArgs{UserId: host.AliceID, ChannelId: host.ChannelID, TeamId: host.TeamID, Command: text})
	if appErr != nil {
		return appErr
	}
	if response == nil || response.Text == "" {
		return fmt.Errorf("%s has no answer", text)
	}
	return nil
}

func (r *overNetRPC) request(method string, body []byte, wantBytes int) error {
	w := httptest.NewRecorder()
	r.hooks.ServeHTTP(&plugin.Context{}, w, httptest.NewRequest(method, "/", bytes.NewReader(body)))
	return checkAnswer(method, body, wantBytes, w)
}

func checkAnswer(method string, body []byte, wantBytes int, w *httptest.ResponseRecorder) error {
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
