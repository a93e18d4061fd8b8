package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/mattermost/mattermost/server/public/model"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/sample"
)

// notOverGRPC are hooks that the protocol has no call for.
var notOverGRPC = []string{"ChannelWillBeArchived", "ChannelMemberWillBeAdded", "TeamMemberWillBeAdded", "ServeMetrics"}

// grpcSummary is what the conformance plugin reports about a hook: `hook name=<name> summary=<JSON>`, since fields of
// log lines go into the message.
func grpcSummary(c host.Call, name string) (string, bool) {
	if c.Method != "LogInfo" {
		return "", false
	}
	rest, ok := strings.CutPrefix(fmt.Sprint(c.Args[0]), "hook name="+name+" summary=")
	if text, err := strconv.Unquote(rest); err == nil {
		rest = text
	}
	return rest, ok
}

func grpcHook(name string) func(host.Call) bool {
	return func(c host.Call) bool {
		_, ok := grpcSummary(c, name)
		return ok
	}
}

func TestGRPCEveryHookIsServed(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for _, d := range drives() {
		if slices.Contains(notOverGRPC, d.hook) {
			continue
		}
		t.Run(d.hook, func(t *testing.T) {
			mark := h.API.Mark()
			within(t, patience, d.hook, func() {
				if err := d.call(h); err != nil {
					t.Error(err)
				}
			})
			call, ok := h.API.Wait(deadline(patience), mark, grpcHook(d.hook))
			if !ok {
				t.Fatalf("no LogInfo about the hook; calls: %v", h.API.Since(mark))
			}
			summary, _ := grpcSummary(call, d.hook)
			seen := scalars(t, summary)
			for _, want := range d.want {
				if !slices.Contains(seen, want) {
					t.Errorf("the summary %s lacks %q", summary, want)
				}
			}
		})
	}
}

func TestGRPCImplementedListsWhatCanBeCalled(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	names := listed(t, h)
	for _, name := range notOverGRPC {
		if slices.Contains(names, name) {
			t.Errorf("%s is listed, but cannot be called", name)
		}
	}
	for _, d := range drives() {
		if !slices.Contains(names, d.hook) && !slices.Contains(notOverGRPC, d.hook) {
			t.Errorf("%s is not listed", d.hook)
		}
	}
	for _, name := range []string{"OnActivate", "ServeHTTP"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not listed", name)
		}
	}
}

func TestGRPCActivationRunsOnConfigurationChangeFirst(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	var order []string
	for _, c := range h.API.Since(0) {
		for _, name := range []string{"OnConfigurationChange", "OnActivate"} {
			if _, ok := grpcSummary(c, name); ok {
				order = append(order, name)
			}
		}
	}
	if !slices.Equal(order, []string{"OnConfigurationChange", "OnActivate"}) {
		t.Errorf("hooks during activation: %v", order)
	}
}

func TestGRPCVerdictsOnPosts(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for name, call := range map[string]func(*model.Post) (*model.Post, string){
		"MessageWillBePosted": func(p *model.Post) (*model.Post, string) { return h.MessageWillBePosted(callContext(), p) },
		"MessageWillBeUpdated": func(p *model.Post) (*model.Post, string) {
			return h.MessageWillBeUpdated(callContext(), p, &model.Post{})
		},
	} {
		if _, reason := call(&model.Post{Message: "please reject-me now"}); reason != "rejected by conformance" {
			t.Errorf("%s: reason %q", name, reason)
		}
		if got, _ := call(&model.Post{Id: "id", Message: "please rewrite-me now"}); got.Message != "rewritten" || got.Id != "id" {
			t.Errorf("%s: %+v", name, got)
		}
		same := &model.Post{Message: "leave me alone"}
		if got, reason := call(same); got != same || reason != "" {
			t.Errorf("%s: %+v %q", name, got, reason)
		}
	}
}

func TestGRPCWholeAPI(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	table := answer(t, h, "/conformance")
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
	t.Logf("%d rows", rows)
}

func TestGRPCSaveConfigLosesNothing(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	cfg := h.World.GetUnsanitizedConfig()
	sample.PointersToZero(reflect.ValueOf(cfg).Elem()) // about 300 settings that are false, 0 or empty
	cfg.NativeAppSettings.AppCustomURLSchemes = []string{}
	cfg.ClusterSettings.EnableExperimentalGossipEncryption = nil
	cfg.ElasticsearchSettings.BulkIndexingTimeWindowSeconds = nil
	if err := h.World.SaveConfig(cfg); err != nil {
		t.Fatal(err)
	}
	before := h.World.GetUnsanitizedConfig()
	mark := h.API.Mark()
	_ = answer(t, h, "/conformance save-config")
	if h.API.Count(mark, "SaveConfig") != 1 {
		t.Error("SaveConfig was not called once")
	}
	for _, d := range compare(t, before, h.World.GetUnsanitizedConfig()) {
		if !nothing(d.Want) || !nothing(d.Got) {
			t.Error(d)
		}
	}
}

func TestGRPCHookDuringPendingAPICall(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	saved := h.World.ConfigSaved
	served := make(chan bool, 1)
	h.World.ConfigSaved = func() {
		mark := h.API.Mark()
		saved()
		_, ok := h.API.Wait(deadline(patience), mark, grpcHook("OnConfigurationChange"))
		served <- ok
	}
	_ = answer(t, h, "/conformance save-config")
	if !<-served {
		t.Error("OnConfigurationChange was not served during SaveConfig")
	}
}

func TestGRPCLargeMessages(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	text := strings.Repeat("0123456789abcdef", 10<<20/16)
	if got := answer(t, h, "/conformance echo "+text); got != text {
		t.Errorf("%d of %d bytes came back", len(got), len(text))
	}
}

func TestGRPCPanicCostsOneCall(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	before := grpcPid(t, h)
	for range 5 {
		_, err := h.Call(deadline(patience), "ExecuteCommand", callContext(), &model.CommandArgs{UserId: host.AdminID, Command: "/conformance panic"})
		if status.Code(err) != codes.Internal {
			t.Errorf("want %v, have %v", codes.Internal, err)
		}
		if got := answer(t, h, "/conformance echo alive"); got != "alive" {
			t.Errorf("got %q", got)
		}
	}
	if after := grpcPid(t, h); after != before {
		t.Error("the process did not live on")
	}
	if !strings.Contains(h.Log(), "[ERROR] panic") {
		t.Error("the panic is not in the log as an error")
	}
}

// What the server gives up is finished nevertheless.
func TestGRPCCancelledCallIsFinished(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	for name, ctx := range map[string]func() (context.Context, context.CancelFunc){
		"cancelled": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
		"deadline": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 50*time.Millisecond)
		},
	} {
		t.Run(name, func(t *testing.T) {
			const calls = 2000
			mark := h.API.Mark()
			ctx, cancel := ctx()
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := h.Call(ctx, "ExecuteCommand", callContext(), &model.CommandArgs{UserId: host.AdminID, Command: fmt.Sprintf("/conformance nested %d", calls)})
				done <- err
			}()
			if _, ok := h.API.Wait(deadline(patience), mark, func(c host.Call) bool { return c.Method == "KVGet" }); !ok {
				t.Fatal("the command does not begin")
			}
			if name == "cancelled" {
				cancel()
			}
			if code := status.Code(<-done); code != codes.Canceled && code != codes.DeadlineExceeded {
				t.Fatalf("the call was answered: %v", code)
			}
			if !host.Until(deadline(patience), func() bool { return h.API.Count(mark, "KVSet")+h.API.Count(mark, "KVGet") >= calls }) {
				t.Errorf("%d calls", h.API.Count(mark, "KVSet")+h.API.Count(mark, "KVGet"))
			}
		})
	}
}

func TestGRPCManyHooksAtOnce(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	const n = 64
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if _, appErr := execute(h, "/conformance sleep 250"); appErr != nil {
				t.Error(appErr)
			}
		})
		wg.Go(func() {
			want := fmt.Sprintf("call %d", i)
			response, appErr := execute(h, "/conformance echo "+want)
			if appErr != nil || response == nil || response.Text != want {
				t.Errorf("%s: %v %v", want, response, appErr)
			}
		})
		wg.Go(func() {
			if response, appErr := execute(h, "/conformance nested 10"); appErr != nil || response == nil || response.Text != "nested ok 10" {
				t.Errorf("nested: %v %v", response, appErr)
			}
		})
	}
	within(t, patience, "all hooks", wg.Wait)
	if took := time.Since(begun); took > n*250*time.Millisecond/4 {
		t.Errorf("%d hooks of 250 ms took %v: they do not run side by side", n, took)
	}
}

func TestGRPCErrorOfACommandIsReadable(t *testing.T) {
	h := startGRPC(t, conformanceBundle)
	_, appErr := execute(h, "/conformance panic")
	if appErr == nil || !strings.Contains(appErr.Error(), "panic") {
		t.Errorf("have %v", appErr)
	}
	raw, err := json.Marshal(appErr)
	if err != nil || !json.Valid(raw) {
		t.Error(err)
	}
}
