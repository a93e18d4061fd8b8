package host

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// Host is one environment with one plugin.
type Host struct {
	*Bundle
	Env   *plugin.Environment
	World *World
	API   *Recorder
	log   *logTarget
}

// New prepares an environment for the bundle. settings are the plugin's saved settings.
func New(bundle *Bundle, settings map[string]any) (*Host, error) {
	logger, log, err := newLogger()
	if err != nil {
		return nil, err
	}
	world := NewWorld(bundle.Manifest, filepath.Join(bundle.PluginDir, bundle.Manifest.Id), settings)
	h := &Host{Bundle: bundle, World: world, API: NewRecorder(world), log: log}
	webapp := filepath.Join(bundle.PluginDir, ".webapp")
	if err := os.MkdirAll(webapp, 0o755); err != nil {
		return nil, err
	}
	newAPI := func(*model.Manifest) plugin.API { return h.API }
	h.Env, err = plugin.NewEnvironment(newAPI, NoDriver{}, bundle.PluginDir, webapp, logger, nil)
	if err != nil {
		return nil, err
	}
	world.ConfigSaved = func() {
		if hooks, err := h.Hooks(); err == nil {
			_ = hooks.OnConfigurationChange()
		}
	}
	world.OtherPlugins = http.HandlerFunc(h.interPlugin)
	return h, nil
}

// interPlugin answers requests between plugins: the only one here is the plugin itself.
func (h *Host) interPlugin(w http.ResponseWriter, r *http.Request) {
	hooks, err := h.Hooks()
	rest, mine := strings.CutPrefix(r.URL.Path, "/"+h.Manifest.Id+"/")
	if err != nil || !mine {
		http.NotFound(w, r)
		return
	}
	r.URL.Path = "/" + rest
	r.Header.Set("Mattermost-Plugin-ID", h.Manifest.Id)
	hooks.ServeHTTP(&plugin.Context{}, w, r)
}

// Activate starts the plugin.
func (h *Host) Activate() error {
	_, activated, err := h.Env.Activate(h.Manifest.Id)
	if err == nil && !activated {
		err = fmt.Errorf("%s was active already", h.Manifest.Id)
	}
	return err
}

// Hooks are the hooks of the active plugin.
func (h *Host) Hooks() (plugin.Hooks, error) { return h.Env.HooksForPlugin(h.Manifest.Id) }

// Log is what the environment and the plugin have logged.
func (h *Host) Log() string { return h.log.String() }

// Executed is when go-plugin last executed the plugin: after all checks, before the fork.
func (h *Host) Executed() (time.Time, error) { return h.log.executed() }

// serve answers a request by a handler, as a response.
func serve(handler http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	if r.Header == nil {
		r.Header = http.Header{} // a header without entries does not travel
	}
	handler.ServeHTTP(w, r)
	_, _ = io.Copy(io.Discard, r.Body)
	return w.Result()
}
