package host

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

func (w *World) RegisterCommand(command *model.Command) error {
	if command.Trigger == "" {
		return fmt.Errorf("invalid command")
	}
	if command.AutocompleteData != nil {
		if err := command.AutocompleteData.IsValid(); err != nil {
			return fmt.Errorf("invalid autocomplete data in command: %w", err)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands = slices.DeleteFunc(w.commands, func(c *model.Command) bool { return c.TeamId == command.TeamId && c.Trigger == command.Trigger })
	w.commands = append(w.commands, clone(command))
	return nil
}

func (w *World) UnregisterCommand(team, trigger string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands = slices.DeleteFunc(w.commands, func(c *model.Command) bool { return c.TeamId == team && c.Trigger == trigger })
	return nil
}

// Commands are the commands registered now.
func (w *World) Commands() []*model.Command {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.commands)
}

func (w *World) GetConfig() *model.Config {
	cfg := w.GetUnsanitizedConfig()
	cfg.Sanitize(nil, nil)
	return cfg
}

func (w *World) GetUnsanitizedConfig() *model.Config {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.config.Clone()
}

func (w *World) SaveConfig(cfg *model.Config) *model.AppError {
	next := cfg.Clone()
	next.SetDefaults()
	w.mu.Lock()
	w.config = next
	w.mu.Unlock()
	w.ConfigSaved()
	return nil
}

// LoadPluginConfiguration answers as the server does: top-level keys in lower case.
func (w *World) LoadPluginConfiguration(dest any) error {
	lower := map[string]any{}
	for key, value := range w.GetPluginConfig() {
		lower[strings.ToLower(key)] = value
	}
	raw, err := json.Marshal(lower)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, dest)
}

// GetPluginConfig answers the manifest's defaults merged with what was saved.
func (w *World) GetPluginConfig() map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]any{}
	if w.manifest.SettingsSchema != nil {
		for _, s := range w.manifest.SettingsSchema.Settings {
			if s.Default != nil {
				out[s.Key] = s.Default
			}
		}
	}
	maps.Copy(out, w.settings)
	return out
}

func (w *World) SavePluginConfig(settings map[string]any) *model.AppError {
	w.mu.Lock()
	w.settings = maps.Clone(settings)
	w.mu.Unlock()
	w.ConfigSaved()
	return nil
}

func (w *World) GetBundlePath() (string, error)       { return w.dir, nil }
func (w *World) GetLicense() *model.License           { return nil }
func (w *World) IsEnterpriseReady() bool              { return false }
func (w *World) GetServerVersion() string             { return model.CurrentVersion }
func (w *World) GetDiagnosticId() string              { return "diagnosticdiagnosticdiagno" }
func (w *World) GetTelemetryId() string               { return "telemetrytelemetrytelemetr" }
func (w *World) GetPluginID() string                  { return w.manifest.Id }
func (w *World) LogDebug(string, ...any)              {}
func (w *World) LogInfo(string, ...any)               {}
func (w *World) LogWarn(string, ...any)               {}
func (w *World) LogError(string, ...any)              {}
func (w *World) EnablePlugin(string) *model.AppError  { return nil }
func (w *World) DisablePlugin(string) *model.AppError { return nil }

func (w *World) GetPlugins() ([]*model.Manifest, *model.AppError) {
	return []*model.Manifest{w.manifest}, nil
}

func (w *World) GetPluginStatus(id string) (*model.PluginStatus, *model.AppError) {
	if id != w.manifest.Id {
		return nil, missing("GetPluginStatus")
	}
	return &model.PluginStatus{PluginId: id, PluginPath: w.dir, State: model.PluginStateRunning, Name: w.manifest.Name, Version: w.manifest.Version}, nil
}

// HasPermissionTo lets administrators do everything.
func (w *World) HasPermissionTo(user string, _ *model.Permission) bool {
	u, err := w.GetUser(user)
	return err == nil && u.IsSystemAdmin()
}

func (w *World) HasPermissionToTeam(user, team string, p *model.Permission) bool {
	_, err := w.GetTeamMember(team, user)
	return err == nil || w.HasPermissionTo(user, p)
}

func (w *World) HasPermissionToChannel(user, channel string, p *model.Permission) bool {
	_, err := w.GetChannelMember(channel, user)
	return err == nil || w.HasPermissionTo(user, p)
}

func (w *World) RolesGrantPermission(roles []string, _ string) bool {
	return slices.Contains(roles, model.SystemAdminRoleId)
}
