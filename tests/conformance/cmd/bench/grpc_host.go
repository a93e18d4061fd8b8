package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/pluginapi"
)

// The server's limits.
const (
	grpcStartLimit = 10 * time.Second
	grpcHookLimit  = 30 * time.Second
)

// overGRPC is a plugin under hashicorp's client, called with generated messages as the server does.
type overGRPC struct {
	client  *goplugin.Client
	conn    *goplugin.GRPCClient
	api     *grpcAPI
	process int
}

// startGRPC counts from before the execution to the answer of Implemented, and then activates.
func startGRPC(bundle *host.Bundle) (subject, time.Duration, error) {
	api, err := newGRPCAPI()
	if err != nil {
		return nil, 0, err
	}
	cmd := exec.Command(bundle.Executable)
	cmd.Env = []string{"MATTERMOST_PLUGIN_API_TARGET=" + api.address}
	r := &overGRPC{api: api}
	r.client = goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  pluginapi.Handshake,
		Plugins:          map[string]goplugin.Plugin{},
		Cmd:              cmd,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		StartTimeout:     grpcStartLimit,
		Logger:           hclog.NewNullLogger(),
	})
	begun := time.Now()
	if err := r.connect(); err != nil {
		r.stop()
		return nil, 0, err
	}
	took := time.Since(begun)
	ctx, cancel := hookContext()
	defer cancel()
	activated, err := pluginapi.Invoke[pluginapi.OnActivateResponse](ctx, r.conn.Conn, pluginapi.Hooks, "OnActivate", &pluginapi.OnActivateRequest{})
	if err == nil && activated.GetError() != nil {
		err = fmt.Errorf("OnActivate: %v", activated.GetError())
	}
	if err == nil {
		r.process, err = only(host.Processes(bundle.Executable))
	}
	if err != nil {
		r.stop()
		return nil, 0, err
	}
	return r, took, nil
}

func (r *overGRPC) connect() error {
	protocol, err := r.client.Client()
	if err != nil {
		return err
	}
	conn, ok := protocol.(*goplugin.GRPCClient)
	if !ok {
		return fmt.Errorf("the client is a %T", protocol)
	}
	r.conn = conn
	ctx, cancel := hookContext()
	defer cancel()
	implemented, err := pluginapi.Invoke[pluginapi.ImplementedResponse](ctx, conn.Conn, pluginapi.Hooks, "Implemented", &pluginapi.ImplementedRequest{})
	if err == nil && len(implemented.GetHooks()) == 0 {
		err = fmt.Errorf("no hook is listed")
	}
	return err
}

func hookContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), grpcHookLimit)
}

func (r *overGRPC) pid() int { return r.process }

func (r *overGRPC) stop() {
	r.client.Kill()
	r.api.server.Stop()
}

func (r *overGRPC) command(text string) error {
	ctx, cancel := hookContext()
	defer cancel()
	response, err := pluginapi.Invoke[pluginapi.ExecuteCommandResponse](ctx, r.conn.Conn, pluginapi.Hooks, "ExecuteCommand", &pluginapi.ExecuteCommandRequest{
		PluginContext: &pluginapi.PluginContext{SessionId: "s"},
		Args:          &pluginapi.CommandArgs{UserId: host.AliceID, ChannelId: host.ChannelID, TeamId: host.TeamID, Command: text},
	})
	if err != nil {
		return err
	}
	if response.GetError() != nil || response.GetResponse().GetText() == "" {
		return fmt.Errorf("%s has no answer: %v", text, response)
	}
	return nil
}

func (r *overGRPC) request(method string, body []byte, wantBytes int) error {
	w := httptest.NewRecorder()
	if err := r.serveHTTP(w, httptest.NewRequest(method, "/", bytes.NewReader(body))); err != nil {
		return err
	}
	return checkAnswer(method, body, wantBytes, w)
}
