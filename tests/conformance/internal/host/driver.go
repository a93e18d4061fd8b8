package host

import "github.com/mattermost/mattermost/server/public/plugin"

// NoDriver stands where the server has its database: no plugin of ours asks it anything.
type NoDriver struct{ plugin.AppDriver }

// ShutdownConns is called when a plugin stops.
func (NoDriver) ShutdownConns(string) {}
