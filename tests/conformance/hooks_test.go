package conformance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/describe"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/fixtures"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/host"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/sample"
)

// drive calls one hook with arguments whose ids must turn up in what the plugin reports.
type drive struct {
	hook string
	call func(plugin.Hooks) error
	want []string
}

func drives() []drive {
	ctx := callContext()
	post := &model.Post{Id: "post-id", UserId: "user-id", ChannelId: "channel-id", Message: "a message"}
	old := &model.Post{Id: "post-id", UserId: "user-id", ChannelId: "channel-id", Message: "an old message"}
	user := &model.User{Id: "user-id", Username: "alice"}
	actor := &model.User{Id: "actor-id", Username: "bob"}
	channel := &model.Channel{Id: "channel-id", Name: "town-square"}
	inChannel := &model.ChannelMember{ChannelId: "channel-id", UserId: "user-id", NotifyProps: model.StringMap{"desktop": "all"}}
	inTeam := &model.TeamMember{TeamId: "team-id", UserId: "user-id"}
	reaction := &model.Reaction{UserId: "user-id", PostId: "post-id", EmojiName: "rocket"}
	do := func(f func(plugin.Hooks)) func(plugin.Hooks) error {
		return func(h plugin.Hooks) error { f(h); return nil }
	}
	refusal := func(f func(plugin.Hooks) string) func(plugin.Hooks) error {
		return func(h plugin.Hooks) error {
			if reason := f(h); reason != "" {
				return fmt.Errorf("refused: %s", reason)
			}
			return nil
		}
	}
	return []drive{
		{"OnConfigurationChange", func(h plugin.Hooks) error { return h.OnConfigurationChange() }, nil},
		{"OnInstall", func(h plugin.Hooks) error { return h.OnInstall(ctx, model.OnInstallEvent{UserId: "user-id"}) }, []string{"user-id"}},
		{"ExecuteCommand", func(h plugin.Hooks) error { _, err := execute(h, "/conformance echo x"); return orNil(err) }, []string{host.AdminID, host.ChannelID}},
		{"MessageWillBePosted", refusal(func(h plugin.Hooks) string { _, s := h.MessageWillBePosted(ctx, post.Clone()); return s }), []string{"post-id", "a message"}},
		{"MessageWillBeUpdated", refusal(func(h plugin.Hooks) string { _, s := h.MessageWillBeUpdated(ctx, post.Clone(), old.Clone()); return s }), []string{"post-id", "a message"}},
		{"MessageHasBeenPosted", do(func(h plugin.Hooks) { h.MessageHasBeenPosted(ctx, post) }), []string{"post-id", "a message"}},
		{"MessageHasBeenUpdated", do(func(h plugin.Hooks) { h.MessageHasBeenUpdated(ctx, post, old) }), []string{"post-id", "a message"}},
		{"MessageHasBeenDeleted", do(func(h plugin.Hooks) { h.MessageHasBeenDeleted(ctx, post) }), []string{"post-id", "a message"}},
		{"ReactionHasBeenAdded", do(func(h plugin.Hooks) { h.ReactionHasBeenAdded(ctx, reaction) }), []string{"post-id", "user-id", "rocket"}},
		{"ReactionHasBeenRemoved", do(func(h plugin.Hooks) { h.ReactionHasBeenRemoved(ctx, reaction) }), []string{"post-id", "user-id", "rocket"}},
		{"UserHasBeenCreated", do(func(h plugin.Hooks) { h.UserHasBeenCreated(ctx, user) }), []string{"user-id"}},
		{"UserWillLogIn", refusal(func(h plugin.Hooks) string { return h.UserWillLogIn(ctx, user) }), []string{"user-id"}},
		{"UserHasLoggedIn", do(func(h plugin.Hooks) { h.UserHasLoggedIn(ctx, user) }), []string{"user-id"}},
		{"UserHasBeenDeactivated", do(func(h plugin.Hooks) { h.UserHasBeenDeactivated(ctx, user) }), []string{"user-id"}},
		{"ChannelHasBeenCreated", do(func(h plugin.Hooks) { h.ChannelHasBeenCreated(ctx, channel) }), []string{"channel-id"}},
		{"ChannelWillBeArchived", refusal(func(h plugin.Hooks) string { return h.ChannelWillBeArchived(ctx, channel) }), []string{"channel-id"}},
		{"ChannelMemberWillBeAdded", refusal(func(h plugin.Hooks) string { _, s := h.ChannelMemberWillBeAdded(ctx, inChannel); return s }), []string{"channel-id", "user-id"}},
		{"UserHasJoinedChannel", do(func(h plugin.Hooks) { h.UserHasJoinedChannel(ctx, inChannel, actor) }), []string{"channel-id", "user-id", "actor-id"}},
		{"UserHasJoinedChannel", do(func(h plugin.Hooks) { h.UserHasJoinedChannel(ctx, inChannel, nil) }), []string{"channel-id", "user-id"}},
		{"UserHasLeftChannel", do(func(h plugin.Hooks) { h.UserHasLeftChannel(ctx, inChannel, actor) }), []string{"channel-id", "user-id", "actor-id"}},
		{"TeamMemberWillBeAdded", refusal(func(h plugin.Hooks) string { _, s := h.TeamMemberWillBeAdded(ctx, inTeam); return s }), []string{"team-id", "user-id"}},
		{"UserHasJoinedTeam", do(func(h plugin.Hooks) { h.UserHasJoinedTeam(ctx, inTeam, actor) }), []string{"team-id", "user-id", "actor-id"}},
		{"UserHasLeftTeam", do(func(h plugin.Hooks) { h.UserHasLeftTeam(ctx, inTeam, nil) }), []string{"team-id", "user-id"}},
		{"OnPluginClusterEvent", do(func(h plugin.Hooks) {
			h.OnPluginClusterEvent(ctx, model.PluginClusterEvent{Id: "event-id", Data: []byte{0, 0xff, 'x'}})
		}), []string{"event-id"}},
		{"OnWebSocketConnect", do(func(h plugin.Hooks) { h.OnWebSocketConnect("connection-id", "user-id") }), []string{"connection-id", "user-id"}},
		{"OnWebSocketDisconnect", do(func(h plugin.Hooks) { h.OnWebSocketDisconnect("connection-id", "user-id") }), []string{"connection-id", "user-id"}},
		{"WebSocketMessageHasBeenPosted", do(func(h plugin.Hooks) {
			h.WebSocketMessageHasBeenPosted("connection-id", "user-id", &model.WebSocketRequest{Seq: 7, Action: "custom_conformance_ping", Data: map[string]any{"n": 1.5, "list": []any{nil, "x"}}})
		}), []string{"connection-id", "user-id", "custom_conformance_ping"}},
		{"NotificationWillBePushed", refusal(func(h plugin.Hooks) string {
			_, s := h.NotificationWillBePushed(&model.PushNotification{PostId: "post-id", Message: "pushed"}, "user-id")
			return s
		}), []string{"user-id", "post-id"}},
		{"PreferencesHaveChanged", do(func(h plugin.Hooks) {
			h.PreferencesHaveChanged(ctx, []model.Preference{{UserId: "user-id", Category: "theme", Name: "name", Value: "dark"}, {UserId: "user-id"}})
		}), []string{"user-id"}},
		{"ConfigurationWillBeSaved", func(h plugin.Hooks) error {
			cfg := &model.Config{}
			cfg.SetDefaults()
			changed, err := h.ConfigurationWillBeSaved(cfg)
			if changed != nil {
				return fmt.Errorf("the configuration was replaced")
			}
			return err
		}, nil},
		{"GenerateSupportData", func(h plugin.Hooks) error { _, err := h.GenerateSupportData(ctx); return err }, nil},
	}
}

func orNil(err *model.AppError) error {
	if err == nil {
		return nil
	}
	return err
}

func TestEveryHookIsServed(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	for _, d := range drives() {
		t.Run(d.hook, func(t *testing.T) {
			mark := h.API.Mark()
			within(t, patience, d.hook, func() {
				if err := d.call(hooks); err != nil {
					t.Error(err)
				}
			})
			call, ok := h.API.Wait(deadline(patience), mark, host.Hook(d.hook))
			if !ok {
				t.Fatalf("no LogInfo about the hook; calls: %v", h.API.Since(mark))
			}
			summary, _ := call.Summary(d.hook)
			seen := scalars(t, summary)
			for _, want := range d.want {
				if !slices.Contains(seen, want) {
					t.Errorf("the summary %s lacks %q", summary, want)
				}
			}
		})
	}
}

// scalars are all values of a JSON text, however they are named.
func scalars(t *testing.T, text string) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("the summary %q is not JSON: %v", text, err)
	}
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		default:
			out = append(out, fmt.Sprint(v))
		}
	}
	walk(v)
	return out
}

// notInSDK are hooks with fixtures that the SDK leaves out on purpose.
var notInSDK = []string{"FileWillBeUploaded", "MessagesWillBeConsumed"}

func TestImplementedNamesEveryHook(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	names, err := hooks.Implemented()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range fixtures.HookNames() {
		if !slices.Contains(names, want) && !slices.Contains(notInSDK, want) && want != "OnActivate" {
			t.Errorf("%s is not implemented", want)
		}
	}
	for _, d := range drives() {
		if !slices.Contains(fixtures.HookNames(), d.hook) {
			t.Errorf("%s has no fixture", d.hook)
		}
	}
}

func TestActivationRunsOnConfigurationChangeFirst(t *testing.T) {
	h, _ := start(t, conformanceBundle)
	var order []string
	for _, c := range h.API.Since(0) {
		for _, name := range []string{"OnConfigurationChange", "OnActivate"} {
			if _, ok := c.Summary(name); ok {
				order = append(order, name)
			}
		}
	}
	if !slices.Equal(order, []string{"OnConfigurationChange", "OnActivate"}) {
		t.Errorf("hooks during activation: %v", order)
	}
}

// full is a post in which every field that gob carries is set.
func full(message string) *model.Post {
	p := sample.Of(reflect.TypeFor[model.Post](), 3).(*model.Post)
	p.Message = message
	return p
}

func TestVerdictsOnPosts(t *testing.T) {
	h, hooks := start(t, conformanceBundle)
	for _, hook := range []struct {
		name string
		call func(*model.Post) (*model.Post, string)
	}{
		{"MessageWillBePosted", func(p *model.Post) (*model.Post, string) { return hooks.MessageWillBePosted(callContext(), p) }},
		{"MessageWillBeUpdated", func(p *model.Post) (*model.Post, string) {
			return hooks.MessageWillBeUpdated(callContext(), p, full("old"))
		}},
	} {
		t.Run(hook.name, func(t *testing.T) {
			got, reason := hook.call(full("please reject-me now"))
			if reason != "rejected by conformance" {
				t.Errorf("reason %q", reason)
			}
			if got != nil && hook.name == "MessageWillBeUpdated" {
				t.Error("only an answer without a post rejects an update")
			}
			got, reason = hook.call(full("please rewrite-me now"))
			if reason != "" {
				t.Errorf("reason %q", reason)
			}
			samePost(t, full("rewritten"), got)
			got, reason = hook.call(full("leave me alone"))
			if reason != "" {
				t.Errorf("reason %q", reason)
			}
			samePost(t, full("leave me alone"), got)
		})
	}
	pid(t, h)
}

func samePost(t *testing.T, want, got *model.Post) {
	t.Helper()
	if got == nil {
		t.Error("no post in the answer")
		return
	}
	for _, d := range compare(t, want, got) {
		t.Error(d)
	}
}

// compare lists all places where two values differ.
func compare(t *testing.T, want, got any) []describe.Difference {
	t.Helper()
	w, err := describe.JSON(want)
	if err != nil {
		t.Fatal(err)
	}
	g, err := describe.JSON(got)
	if err != nil {
		t.Fatal(err)
	}
	differences, err := describe.Diff(w, g)
	if err != nil {
		t.Fatal(err)
	}
	return differences
}

func TestMembersAreLeftAlone(t *testing.T) {
	_, hooks := start(t, conformanceBundle)
	inChannel := sample.Of(reflect.TypeFor[model.ChannelMember](), 1).(*model.ChannelMember)
	want := *inChannel
	if got, _ := hooks.ChannelMemberWillBeAdded(callContext(), inChannel); !reflect.DeepEqual(got, &want) {
		t.Errorf("want %+v, got %+v", want, got)
	}
	inTeam := sample.Of(reflect.TypeFor[model.TeamMember](), 1).(*model.TeamMember)
	wantTeam := *inTeam
	if got, _ := hooks.TeamMemberWillBeAdded(callContext(), inTeam); !reflect.DeepEqual(got, &wantTeam) {
		t.Errorf("want %+v, got %+v", wantTeam, got)
	}
}
