package conformance

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/fixtures"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/sample"
)

func TestEcho(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	for _, text := range []string{"plain", "Grüße, 世界 👩‍👩‍👧", strings.Repeat("long ", 50_000) + "end"} {
		if got := answer(t, hooks, "/conformance echo "+text); got != text {
			t.Errorf("want %.60q (%d bytes), got %.60q (%d bytes)", text, len(text), got, len(got))
		}
	}
}

func TestInvalidUTF8InContextAndCommand(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	ctx := callContext()
	ctx.UserAgent = "Mozilla \xff\xfe broken"
	response, appErr := hooks.ExecuteCommand(ctx, &model.CommandArgs{UserId: host.AliceID, Command: "/conformance echo a\xffb"})
	if appErr != nil || response == nil {
		t.Fatalf("response %v, error %v", response, appErr)
	}
	if !strings.HasPrefix(response.Text, "a") || !strings.HasSuffix(response.Text, "b") {
		t.Errorf("got %q", response.Text)
	}
}

func TestNestedCalls(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	mark := h.API.Mark()
	if got := answer(t, hooks, "/conformance nested 100"); got != "nested ok 100" {
		t.Errorf("got %q", got)
	}
	if sets, gets := h.API.Count(mark, "KVSet"), h.API.Count(mark, "KVGet"); sets+gets < 100 || sets == 0 || gets == 0 {
		t.Errorf("%d KVSet and %d KVGet", sets, gets)
	}
}

func TestPanicCostsOneCall(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	before := pid(t, h)
	for range 5 {
		var response *model.CommandResponse
		var appErr *model.AppError
		within(t, patience, "panic", func() { response, appErr = execute(hooks, "/conformance panic") })
		if appErr == nil && !strings.Contains(h.Log(), "RPC call ExecuteCommand to plugin failed") {
			t.Errorf("the host sees no error: %+v", response)
		}
		if got := answer(t, hooks, "/conformance echo alive"); got != "alive" {
			t.Errorf("got %q", got)
		}
	}
	if after := pid(t, h); after != before {
		t.Error("the process did not live on")
	}
	if err := h.Env.PerformHealthCheck(h.Manifest.Id); err != nil {
		t.Error(err)
	}
}

func TestManyHooksAtOnce(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	const n = 64
	begun := time.Now()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, appErr := execute(hooks, "/conformance sleep 250"); appErr != nil {
				t.Error(appErr)
			}
		})
	}
	for i := range n {
		wg.Go(func() {
			want := fmt.Sprintf("call %d", i)
			response, appErr := execute(hooks, "/conformance echo "+want)
			if appErr != nil || response == nil || response.Text != want {
				t.Errorf("%s: %v %v", want, response, appErr)
			}
		})
		wg.Go(func() {
			if response, appErr := execute(hooks, "/conformance nested 10"); appErr != nil || response == nil || response.Text != "nested ok 10" {
				t.Errorf("nested: %v %v", response, appErr)
			}
		})
	}
	within(t, patience, "all hooks", wg.Wait)
	if took := time.Since(begun); took > n*250*time.Millisecond/4 {
		t.Errorf("%d hooks of 250 ms took %v: they do not run side by side", n, took)
	}
}

func TestHookDuringPendingAPICall(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	saved := h.World.ConfigSaved
	served := make(chan bool, 1)
	h.World.ConfigSaved = func() {
		mark := h.API.Mark()
		saved() // returns when the plugin has served the hook; its SaveConfig is pending all the time
		_, ok := h.API.Wait(deadline(patience), mark, host.Hook("OnConfigurationChange"))
		served <- ok
	}
	mark := h.API.Mark()
	_ = answer(t, hooks, "/conformance save-config")
	if h.API.Count(mark, "SaveConfig") != 1 {
		t.Error("SaveConfig was not called once")
	}
	select {
	case ok := <-served:
		if !ok {
			t.Error("OnConfigurationChange was not served during SaveConfig")
		}
	default:
		t.Error("the host did not get to call OnConfigurationChange")
	}
}

func TestSaveConfigLosesNothing(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	cfg := h.World.GetUnsanitizedConfig()
	sample.PointersToZero(reflect.ValueOf(cfg).Elem()) // about 300 settings that are false, 0 or empty
	cfg.NativeAppSettings.AppCustomURLSchemes = []string{}
	cfg.ClusterSettings.EnableExperimentalGossipEncryption = nil // these two may be nil: absent is not zero
	cfg.ElasticsearchSettings.BulkIndexingTimeWindowSeconds = nil
	if err := h.World.SaveConfig(cfg); err != nil {
		t.Fatal(err)
	}
	before := h.World.GetUnsanitizedConfig()
	_ = answer(t, hooks, "/conformance save-config")
	after := h.World.GetUnsanitizedConfig()
	if got := after.NativeAppSettings.AppCustomURLSchemes; got == nil || len(got) > 0 {
		t.Errorf("an empty list became %v", got)
	}
	lost := 0
	for _, d := range compare(t, before, after) {
		if nothing(d.Want) && nothing(d.Got) {
			continue // nil or empty: the same after SetDefaults
		}
		if lost++; lost <= 10 {
			t.Error(d)
		}
	}
	if lost > 10 {
		t.Errorf("%d settings changed", lost)
	}
}

func nothing(text string) bool { return text == "null" || text == "[]" || text == "{}" }

// notCalled are API methods with fixtures that the SDK does not offer.
var notCalled = []string{"GetEmojiImage"}

func TestWholeAPI(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	mark := h.API.Mark()
	table := answer(t, hooks, "/conformance")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 2 {
			continue
		}
		name, verdict := strings.Trim(strings.TrimSpace(cells[0]), "`"), strings.TrimSpace(cells[1])
		switch {
		case name == "name" || strings.HasPrefix(name, "--") || strings.HasPrefix(name, ":-"):
		case verdict == "pass":
			rows++
		default:
			rows++
			t.Errorf("%s", strings.TrimSpace(line))
		}
	}
	if rows == 0 {
		t.Fatalf("no rows in %q", table)
	}
	var unused []string
	for _, method := range fixtures.APIMethods() {
		if method == "PluginHTTPStream" {
			method = "PluginHTTP"
		}
		if h.API.Count(mark, method) == 0 && !slices.Contains(notCalled, method) {
			unused = append(unused, method)
		}
	}
	if len(unused) > 0 {
		t.Errorf("%d API methods were not called: %v", len(unused), unused)
	}
	t.Logf("%d rows", rows)
}
