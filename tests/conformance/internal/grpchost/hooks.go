package grpchost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// hookLimit is how long the server waits for a hook.
const hookLimit = 30 * time.Second

// Hooks are the hooks of a plugin, called as the server does. Those that the protocol has no call
// for are nil and panic.
type Hooks struct {
	plugin.Hooks
	schema *Schema
	conn   grpc.ClientConnInterface
	listed []string
}

// Call makes one call with whatever message it takes. The first field of a request is never filled.
func (h *Hooks) Call(ctx context.Context, name string, args ...any) (*dynamicpb.Message, error) {
	md := h.schema.Method(hooksService, name)
	request, err := h.request(md, args)
	if err != nil {
		return nil, err
	}
	response := newMessage(md.Output())
	if err := h.conn.Invoke(ctx, path(hooksService, name), request, response); err != nil {
		return nil, err
	}
	if fd := md.Output().Fields().ByName("error"); fd != nil && response.Has(fd) {
		return nil, appError(response.Get(fd).Message())
	}
	return response, nil
}

func (h *Hooks) request(md protoreflect.MethodDescriptor, args []any) (*dynamicpb.Message, error) {
	request := newMessage(md.Input())
	for i, arg := range args {
		fd := md.Input().Fields().ByNumber(protoreflect.FieldNumber(i + 2))
		if fd == nil {
			return nil, fmt.Errorf("%s has no field for %T", md.Input().FullName(), arg)
		}
		if err := set(request, fd, reflect.ValueOf(bare(arg))); err != nil {
			return nil, err
		}
	}
	return request, nil
}

// bare is what the server sends of a post and of a channel.
func bare(arg any) any {
	switch arg := arg.(type) {
	case *model.Post:
		post := arg.Clone()
		post.Props, post.Metadata, post.Participants = nil, nil, nil
		return post
	case *model.Channel:
		channel := *arg
		channel.Type, channel.Props = "", nil
		return &channel
	}
	return arg
}

// appError loses the message, and gets the translation of the id, which is the id.
func appError(m protoreflect.Message) *model.AppError {
	e := &model.AppError{}
	if err := fill(reflect.ValueOf(e).Elem(), m); err != nil {
		panic(err)
	}
	e.Message = e.Id
	return e
}

// call is a hook with the server's limit; false when it was not answered.
func (h *Hooks) call(name string, args ...any) (*dynamicpb.Message, error) {
	if !slices.Contains(h.listed, name) {
		return nil, fmt.Errorf("the plugin does not list %s", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), hookLimit)
	defer cancel()
	return h.Call(ctx, name, args...)
}

func (h *Hooks) tell(name string, args ...any) {
	if _, err := h.call(name, args...); err != nil {
		panic(err)
	}
}

func (h *Hooks) reason(name string, args ...any) string {
	response, err := h.call(name, args...)
	if err != nil {
		return err.Error()
	}
	return access{response}.text("rejection_reason")
}

// verdict is what a hook makes of v.
func verdict[T any](h *Hooks, name, field string, v *T, args ...any) (*T, string) {
	response, err := h.call(name, args...)
	if err != nil {
		return v, ""
	}
	if reason := (access{response}).text("rejection_reason"); reason != "" {
		return nil, reason
	}
	fd := access{response}.field(protoreflect.Name(field))
	if !response.Has(fd) {
		return v, ""
	}
	changed := new(T)
	if err := fill(reflect.ValueOf(changed).Elem(), response.Get(fd).Message()); err != nil {
		panic(err)
	}
	return changed, ""
}

// Implemented asks which hooks to call.
func (h *Hooks) Implemented() ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), hookLimit)
	defer cancel()
	response, err := h.Call(ctx, "Implemented")
	if err != nil {
		return nil, err
	}
	h.listed = nil
	list := response.Get(access{response}.field("hooks")).List()
	for i := range list.Len() {
		h.listed = append(h.listed, list.Get(i).String())
	}
	return h.listed, nil
}

func (h *Hooks) fails(name string, args ...any) error {
	_, err := h.call(name, args...)
	return err
}

func (h *Hooks) OnActivate() error            { return h.fails("OnActivate") }
func (h *Hooks) OnDeactivate() error          { return h.fails("OnDeactivate") }
func (h *Hooks) OnConfigurationChange() error { return h.fails("OnConfigurationChange") }

func (h *Hooks) OnInstall(c *plugin.Context, event model.OnInstallEvent) error {
	return h.fails("OnInstall", c, event)
}

func (h *Hooks) ConfigurationWillBeSaved(cfg *model.Config) (*model.Config, error) {
	raw, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	response, err := h.call("ConfigurationWillBeSaved", struct{ ConfigJson []byte }{raw})
	if err != nil {
		return nil, err
	}
	fd := access{response}.field("modified_config")
	if !response.Has(fd) {
		return nil, nil
	}
	changed := &model.Config{}
	inner := response.Get(fd).Message()
	return changed, json.Unmarshal(inner.Get(inner.Descriptor().Fields().ByName("config_json")).Bytes(), changed)
}

func (h *Hooks) GenerateSupportData(c *plugin.Context) ([]*model.FileData, error) {
	response, err := h.call("GenerateSupportData", c)
	if err != nil {
		return nil, err
	}
	var files []*model.FileData
	fd := access{response}.field("files")
	return files, toGo(reflect.ValueOf(&files).Elem(), response.Get(fd), fd)
}

func (h *Hooks) ExecuteCommand(c *plugin.Context, args *model.CommandArgs) (*model.CommandResponse, *model.AppError) {
	response, err := h.call("ExecuteCommand", c, args)
	var appErr *model.AppError
	if errors.As(err, &appErr) {
		return nil, appErr
	}
	if err != nil {
		return nil, &model.AppError{Id: "plugin.grpc.execute_command.error", DetailedError: err.Error(), StatusCode: 500}
	}
	fd := access{response}.field("response")
	if !response.Has(fd) {
		return nil, nil
	}
	answer := &model.CommandResponse{}
	if err := fill(reflect.ValueOf(answer).Elem(), response.Get(fd).Message()); err != nil {
		panic(err)
	}
	answer.Type = ""
	return answer, nil
}

func (h *Hooks) MessageWillBePosted(c *plugin.Context, post *model.Post) (*model.Post, string) {
	return verdict(h, "MessageWillBePosted", "modified_post", post, c, post)
}

func (h *Hooks) MessageWillBeUpdated(c *plugin.Context, post, old *model.Post) (*model.Post, string) {
	return verdict(h, "MessageWillBeUpdated", "modified_post", post, c, post, old)
}

func (h *Hooks) NotificationWillBePushed(n *model.PushNotification, userID string) (*model.PushNotification, string) {
	return verdict(h, "NotificationWillBePushed", "modified_notification", n, n, userID)
}

func (h *Hooks) UserWillLogIn(c *plugin.Context, user *model.User) string {
	return h.reason("UserWillLogIn", c, user)
}

func (h *Hooks) MessageHasBeenPosted(c *plugin.Context, p *model.Post) {
	h.tell("MessageHasBeenPosted", c, p)
}
func (h *Hooks) MessageHasBeenDeleted(c *plugin.Context, p *model.Post) {
	h.tell("MessageHasBeenDeleted", c, p)
}
func (h *Hooks) MessageHasBeenUpdated(c *plugin.Context, p, old *model.Post) {
	h.tell("MessageHasBeenUpdated", c, p, old)
}
func (h *Hooks) ReactionHasBeenAdded(c *plugin.Context, r *model.Reaction) {
	h.tell("ReactionHasBeenAdded", c, r)
}
func (h *Hooks) ReactionHasBeenRemoved(c *plugin.Context, r *model.Reaction) {
	h.tell("ReactionHasBeenRemoved", c, r)
}
func (h *Hooks) UserHasBeenCreated(c *plugin.Context, u *model.User) {
	h.tell("UserHasBeenCreated", c, u)
}
func (h *Hooks) UserHasLoggedIn(c *plugin.Context, u *model.User) { h.tell("UserHasLoggedIn", c, u) }
func (h *Hooks) UserHasBeenDeactivated(c *plugin.Context, u *model.User) {
	h.tell("UserHasBeenDeactivated", c, u)
}
func (h *Hooks) ChannelHasBeenCreated(c *plugin.Context, channel *model.Channel) {
	h.tell("ChannelHasBeenCreated", c, channel)
}
func (h *Hooks) UserHasJoinedChannel(c *plugin.Context, m *model.ChannelMember, actor *model.User) {
	h.tell("UserHasJoinedChannel", c, m, actor)
}
func (h *Hooks) UserHasLeftChannel(c *plugin.Context, m *model.ChannelMember, actor *model.User) {
	h.tell("UserHasLeftChannel", c, m, actor)
}
func (h *Hooks) UserHasJoinedTeam(c *plugin.Context, m *model.TeamMember, actor *model.User) {
	h.tell("UserHasJoinedTeam", c, m, actor)
}
func (h *Hooks) UserHasLeftTeam(c *plugin.Context, m *model.TeamMember, actor *model.User) {
	h.tell("UserHasLeftTeam", c, m, actor)
}
func (h *Hooks) OnPluginClusterEvent(c *plugin.Context, event model.PluginClusterEvent) {
	h.tell("OnPluginClusterEvent", c, event)
}
func (h *Hooks) OnWebSocketConnect(conn, user string)    { h.tell("OnWebSocketConnect", conn, user) }
func (h *Hooks) OnWebSocketDisconnect(conn, user string) { h.tell("OnWebSocketDisconnect", conn, user) }
func (h *Hooks) WebSocketMessageHasBeenPosted(conn, user string, r *model.WebSocketRequest) {
	h.tell("WebSocketMessageHasBeenPosted", conn, user, r)
}
func (h *Hooks) PreferencesHaveChanged(c *plugin.Context, p []model.Preference) {
	h.tell("PreferencesHaveChanged", c, p)
}
