package grpchost

import (
	"bytes"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// startLimit is how long the server gives a plugin to start.
const startLimit = 10 * time.Second

// Host is one plugin, started as the server would start it.
type Host struct {
	*host.Bundle
	*Hooks
	World  *host.World
	API    *host.Recorder
	Client *goplugin.Client
	Conn   *grpc.ClientConn
	api    *API
	log    *output
}

// Change changes how hashicorp's client is configured, or the plugin's environment.
type Change func(*goplugin.ClientConfig)

// New starts the API of a plugin, and the client for it, but not the plugin.
func New(schema *Schema, bundle *host.Bundle, changes ...Change) (*Host, error) {
	dir := filepath.Join(bundle.PluginDir, bundle.Manifest.Id)
	world := host.NewWorld(bundle.Manifest, dir, nil)
	h := &Host{Bundle: bundle, World: world, API: host.NewRecorder(world), log: &output{}}
	var err error
	if h.api, err = NewAPI(schema, h.API); err != nil {
		return nil, err
	}
	cmd := exec.Command(bundle.Executable)
	cmd.Dir = dir
	cmd.Env = []string{"MATTERMOST_PLUGIN_API_TARGET=" + h.api.Address}
	config := &goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion: 1, MagicCookieKey: "MATTERMOST_PLUGIN", MagicCookieValue: "Securely message teams, anywhere.",
		},
		Plugins:          map[string]goplugin.Plugin{},
		Cmd:              cmd,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		StartTimeout:     startLimit,
		Logger:           hclog.New(&hclog.LoggerOptions{Output: h.log, Level: hclog.Debug}),
	}
	for _, change := range changes {
		change(config)
	}
	h.Client = goplugin.NewClient(config)
	h.Hooks = &Hooks{schema: schema}
	world.ConfigSaved = func() {
		if h.Conn != nil {
			_ = h.OnConfigurationChange()
		}
	}
	world.OtherPlugins = http.HandlerFunc(h.interPlugin)
	return h, nil
}

// Start starts the plugin and asks for its hooks.
func (h *Host) Start() error {
	protocol, err := h.Client.Client()
	if err != nil {
		return err
	}
	client, ok := protocol.(*goplugin.GRPCClient)
	if !ok {
		return fmt.Errorf("the client is a %T", protocol)
	}
	h.Conn, h.Hooks.conn = client.Conn, client.Conn
	_, err = h.Implemented()
	return err
}

// Activate starts the plugin and activates it.
func (h *Host) Activate() error {
	if err := h.Start(); err != nil {
		return err
	}
	return h.OnActivate()
}

// Close stops the plugin and its API.
func (h *Host) Close() {
	h.Client.Kill()
	h.api.Close()
}

// Log is what hashicorp's client has logged, with what the plugin writes to standard error.
func (h *Host) Log() string { return h.log.String() }

func (h *Host) interPlugin(w http.ResponseWriter, r *http.Request) {
	rest, mine := strings.CutPrefix(r.URL.Path, "/"+h.Manifest.Id+"/")
	if !mine {
		http.NotFound(w, r)
		return
	}
	r.URL.Path = "/" + rest
	r.Header.Set("Mattermost-Plugin-ID", h.Manifest.Id)
	h.ServeHTTP(&plugin.Context{}, w, r)
}

// Variable sets an environment variable of the plugin.
func Variable(name, value string) Change {
	return func(c *goplugin.ClientConfig) { c.Cmd.Env = append(c.Cmd.Env, name+"="+value) }
}

type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

var _ plugin.Hooks = (*Hooks)(nil)
