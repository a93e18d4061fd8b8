package conformance

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
)

// The product is activated without any settings, as right after its installation.
func TestProductAnswersItsCommands(t *testing.T) {
	h, hooks := start(t, productBundle)
	commands := h.World.Commands()
	if len(commands) == 0 {
		t.Fatal("no command is registered")
	}
	for _, c := range commands {
		if !c.AutoComplete || c.AutocompleteData == nil {
			t.Errorf("/%s has no autocompletion", c.Trigger)
		}
		for _, text := range []string{"", " help", " no-such-thing", ` "unbalanced`} {
			mark := h.API.Mark()
			line := "/" + c.Trigger + text
			within(t, patience, line, func() {
				response, appErr := execute(hooks, line)
				if appErr != nil {
					t.Errorf("%s: %v", line, appErr)
				} else if (response == nil || response.Text == "") && h.API.Count(mark, "SendEphemeralPost") == 0 {
					t.Errorf("%s answers nothing", line)
				}
			})
		}
	}
}

func TestProductSurvivesEveryHook(t *testing.T) {
	h, hooks := start(t, productBundle)
	before := pid(t, h)
	for _, d := range drives() {
		within(t, patience, d.hook, func() { _ = d.call(hooks) })
	}
	for _, path := range []string{"/", "/no/such/path", "/../../etc/passwd", "/webhooks/jenkins", "/%ff"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", strings.NewReader(""))
		r.URL.Path = path
		within(t, patience, path, func() { hooks.ServeHTTP(callContext(), w, r) })
		if w.Code >= 500 {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	if err := h.Env.PerformHealthCheck(h.Manifest.Id); err != nil {
		t.Error(err)
	}
	if after := pid(t, h); after != before {
		t.Error("the process changed")
	}
}

// Unusable settings must not keep the plugin from starting: commands then say what is wrong.
func TestProductStartsWithUnusableSettings(t *testing.T) {
	bundle, err := host.Unpack(bundlePath(t, productBundle), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{}
	if bundle.Manifest.SettingsSchema != nil {
		for _, s := range bundle.Manifest.SettingsSchema.Settings {
			settings[s.Key] = "::not usable::"
		}
	}
	h, err := host.New(bundle, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Env.Shutdown)
	hooks := activate(t, h)
	for _, c := range h.World.Commands() {
		within(t, patience, c.Trigger, func() { _, _ = execute(hooks, "/"+c.Trigger+" help") })
	}
	within(t, 10*time.Second, "OnConfigurationChange", func() { _ = hooks.OnConfigurationChange() })
	pid(t, h)
}
