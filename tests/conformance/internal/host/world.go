package host

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// Ids of what a new World holds.
const (
	AdminID   = "adminadminadminadminadmina"
	AliceID   = "alicealicealicealicealicea"
	BobID     = "bobbobbobbobbobbobbobbobbo"
	TeamID    = "teamteamteamteamteamteamte"
	ChannelID = "townsquaretownsquaretownsq"
)

// World is a small Mattermost in memory. What it does not keep is answered with samples.
type World struct {
	samples

	mu       sync.Mutex
	manifest *model.Manifest
	dir      string
	config   *model.Config
	settings map[string]any
	kv       map[string]kvEntry
	commands []*model.Command

	users    map[string]*model.User
	bots     map[string]*model.Bot
	teams    map[string]*model.Team
	channels map[string]*model.Channel
	posts    map[string]*model.Post
	order    []string // posts, oldest first
	sessions map[string]*model.Session
	uploads  map[string]*model.UploadSession
	files    map[string][]byte
	infos    map[string]*model.FileInfo

	channelMembers map[[2]string]*model.ChannelMember
	teamMembers    map[[2]string]*model.TeamMember
	preferences    map[string][]model.Preference
	reactions      []*model.Reaction
	statuses       map[string]*model.Status
	pictures       map[string][]byte

	// ConfigSaved is called during SaveConfig and SavePluginConfig, as the server runs
	// OnConfigurationChange before those calls return.
	ConfigSaved func()
	// OtherPlugins answers PluginHTTP.
	OtherPlugins http.Handler
}

var _ plugin.API = (*World)(nil)

// NewWorld makes a world with three users, a team and a channel for the plugin of that manifest.
func NewWorld(manifest *model.Manifest, dir string, settings map[string]any) *World {
	w := &World{
		manifest: manifest, dir: dir, config: newConfig(), settings: settings, kv: map[string]kvEntry{},
		users: map[string]*model.User{}, bots: map[string]*model.Bot{}, teams: map[string]*model.Team{},
		channels: map[string]*model.Channel{}, posts: map[string]*model.Post{}, sessions: map[string]*model.Session{},
		uploads: map[string]*model.UploadSession{}, files: map[string][]byte{}, infos: map[string]*model.FileInfo{},
		channelMembers: map[[2]string]*model.ChannelMember{}, teamMembers: map[[2]string]*model.TeamMember{},
		preferences: map[string][]model.Preference{}, statuses: map[string]*model.Status{}, pictures: map[string][]byte{},
		ConfigSaved: func() {},
	}
	w.users[AdminID] = &model.User{Id: AdminID, Username: "admin", Email: "admin@example.com", Roles: "system_admin system_user", Locale: "en"}
	w.users[AliceID] = &model.User{Id: AliceID, Username: "alice", Email: "alice@example.com", Roles: "system_user", Locale: "de"}
	w.users[BobID] = &model.User{Id: BobID, Username: "bob", Email: "bob@example.com", Roles: "system_user", Locale: "en"}
	w.teams[TeamID] = &model.Team{Id: TeamID, Name: "acme", DisplayName: "Acme", Type: model.TeamOpen}
	w.channels[ChannelID] = &model.Channel{Id: ChannelID, TeamId: TeamID, Name: "town-square", DisplayName: "Town Square", Type: model.ChannelTypeOpen}
	for id := range w.users {
		w.teamMembers[[2]string{TeamID, id}] = &model.TeamMember{TeamId: TeamID, UserId: id, Roles: "team_user", SchemeUser: true}
		w.channelMembers[[2]string{ChannelID, id}] = newChannelMember(ChannelID, id)
	}
	return w
}

func newConfig() *model.Config {
	cfg := &model.Config{}
	cfg.SetDefaults()
	cfg.ServiceSettings.SiteURL = model.NewPointer("http://localhost:8065")
	cfg.PluginSettings.Plugins = map[string]map[string]any{"com.mattermost.calls": {"iceserversconfigs": "[]"}}
	return cfg
}

func newChannelMember(channel, user string) *model.ChannelMember {
	return &model.ChannelMember{ChannelId: channel, UserId: user, Roles: "channel_user", SchemeUser: true, NotifyProps: model.GetDefaultChannelNotifyProps()}
}

func missing(where string) *model.AppError {
	return &model.AppError{Id: "app.missing.app_error", Message: "it does not exist", Where: where, StatusCode: http.StatusNotFound}
}

func invalid(where, why string) *model.AppError {
	return &model.AppError{Id: "app.invalid.app_error", Message: why, Where: where, StatusCode: http.StatusBadRequest}
}

// found answers a copy of what find points to.
func found[T any](w *World, where string, find func() *T) (*T, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := find()
	if v == nil {
		return nil, missing(where)
	}
	return clone(v), nil
}

// all answers copies of the values of m that match, in the order of their keys.
func all[K [2]string | string, T any](w *World, m map[K]*T, match func(*T) bool) []*T {
	w.mu.Lock()
	defer w.mu.Unlock()
	keys := make([]K, 0, len(m))
	for k, v := range m {
		if match(v) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b K) int { return strings.Compare(keyText(a), keyText(b)) })
	out := make([]*T, len(keys))
	for i, k := range keys {
		out[i] = clone(m[k])
	}
	return out
}

func keyText[K [2]string | string](k K) string {
	switch k := any(k).(type) {
	case [2]string:
		return k[0] + k[1]
	case string:
		return k
	}
	return ""
}

// put stores a copy of v.
func put[K comparable, T any](w *World, m map[K]*T, key K, v *T) *T {
	w.mu.Lock()
	defer w.mu.Unlock()
	m[key] = clone(v)
	return clone(v)
}

// drop removes an entry that must exist.
func drop[K comparable, T any](w *World, where string, m map[K]*T, key K) *model.AppError {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := m[key]; !ok {
		return missing(where)
	}
	delete(m, key)
	return nil
}

func first[K comparable, T any](m map[K]*T, match func(*T) bool) *T {
	for _, v := range m {
		if match(v) {
			return v
		}
	}
	return nil
}

func page[T any](list []T, page, perPage int) []T {
	from := min(page*perPage, len(list))
	return list[from:min(from+perPage, len(list))]
}

func clone[T any](v *T) *T {
	if p, ok := any(v).(*model.Post); ok {
		return any(p.Clone()).(*T)
	}
	c := new(T)
	copyInto(c, v)
	return c
}

func copyInto[T any](dst, src *T) { *dst = *src }

// PluginHTTP asks OtherPlugins and streams nothing: tests read the whole answer.
func (w *World) PluginHTTP(r *http.Request) *http.Response {
	if w.OtherPlugins == nil {
		return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}
	}
	return serve(w.OtherPlugins, r)
}
