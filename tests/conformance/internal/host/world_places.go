package host

import (
	"maps"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

func (w *World) CreateTeam(t *model.Team) (*model.Team, *model.AppError) {
	t = clone(t)
	t.Id, t.CreateAt = model.NewId(), model.GetMillis()
	return put(w, w.teams, t.Id, t), nil
}

func (w *World) UpdateTeam(t *model.Team) (*model.Team, *model.AppError) {
	if _, err := w.GetTeam(t.Id); err != nil {
		return nil, err
	}
	return put(w, w.teams, t.Id, t), nil
}

func (w *World) DeleteTeam(id string) *model.AppError { return drop(w, "DeleteTeam", w.teams, id) }

func (w *World) GetTeams() ([]*model.Team, *model.AppError) {
	return all(w, w.teams, func(*model.Team) bool { return true }), nil
}

func (w *World) GetTeam(id string) (*model.Team, *model.AppError) {
	return found(w, "GetTeam", func() *model.Team { return w.teams[id] })
}

func (w *World) GetTeamByName(name string) (*model.Team, *model.AppError) {
	return found(w, "GetTeamByName", func() *model.Team {
		return first(w.teams, func(t *model.Team) bool { return t.Name == name })
	})
}

func (w *World) SearchTeams(term string) ([]*model.Team, *model.AppError) {
	return all(w, w.teams, func(t *model.Team) bool { return strings.Contains(t.Name, term) }), nil
}

func (w *World) GetTeamsForUser(user string) ([]*model.Team, *model.AppError) {
	return all(w, w.teams, func(t *model.Team) bool { return w.teamMembers[[2]string{t.Id, user}] != nil }), nil
}

func (w *World) GetTeamStats(id string) (*model.TeamStats, *model.AppError) {
	members, err := w.GetTeamMembers(id, 0, 1<<20)
	return &model.TeamStats{TeamId: id, TotalMemberCount: int64(len(members)), ActiveMemberCount: int64(len(members))}, err
}

func (w *World) CreateTeamMember(team, user string) (*model.TeamMember, *model.AppError) {
	return put(w, w.teamMembers, [2]string{team, user}, &model.TeamMember{TeamId: team, UserId: user, Roles: "team_user", SchemeUser: true}), nil
}

func (w *World) DeleteTeamMember(team, user, _ string) *model.AppError {
	return drop(w, "DeleteTeamMember", w.teamMembers, [2]string{team, user})
}

func (w *World) GetTeamMembers(team string, number, perPage int) ([]*model.TeamMember, *model.AppError) {
	return page(all(w, w.teamMembers, func(m *model.TeamMember) bool { return m.TeamId == team }), number, perPage), nil
}

func (w *World) GetTeamMember(team, user string) (*model.TeamMember, *model.AppError) {
	return found(w, "GetTeamMember", func() *model.TeamMember { return w.teamMembers[[2]string{team, user}] })
}

func (w *World) GetTeamMembersForUser(user string, number, perPage int) ([]*model.TeamMember, *model.AppError) {
	return page(all(w, w.teamMembers, func(m *model.TeamMember) bool { return m.UserId == user }), number, perPage), nil
}

func (w *World) UpdateTeamMemberRoles(team, user, roles string) (*model.TeamMember, *model.AppError) {
	m, err := w.GetTeamMember(team, user)
	if err != nil {
		return nil, err
	}
	m.Roles = roles
	return put(w, w.teamMembers, [2]string{team, user}, m), nil
}

func (w *World) CreateChannel(c *model.Channel) (*model.Channel, *model.AppError) {
	c = clone(c)
	c.Id, c.CreateAt = model.NewId(), model.GetMillis()
	return put(w, w.channels, c.Id, c), nil
}

func (w *World) UpdateChannel(c *model.Channel) (*model.Channel, *model.AppError) {
	if _, err := w.GetChannel(c.Id); err != nil {
		return nil, err
	}
	return put(w, w.channels, c.Id, c), nil
}

func (w *World) DeleteChannel(id string) *model.AppError {
	c, err := w.GetChannel(id)
	if err != nil {
		return err
	}
	c.DeleteAt = model.GetMillis()
	put(w, w.channels, id, c)
	return nil
}

func (w *World) GetPublicChannelsForTeam(team string, number, perPage int) ([]*model.Channel, *model.AppError) {
	return page(all(w, w.channels, func(c *model.Channel) bool {
		return c.TeamId == team && c.Type == model.ChannelTypeOpen && c.DeleteAt == 0
	}), number, perPage), nil
}

func (w *World) GetChannel(id string) (*model.Channel, *model.AppError) {
	return found(w, "GetChannel", func() *model.Channel { return w.channels[id] })
}

func (w *World) GetChannelByName(team, name string, deleted bool) (*model.Channel, *model.AppError) {
	return found(w, "GetChannelByName", func() *model.Channel {
		return first(w.channels, func(c *model.Channel) bool {
			return c.TeamId == team && c.Name == name && (deleted || c.DeleteAt == 0)
		})
	})
}

func (w *World) GetChannelByNameForTeamName(team, name string, deleted bool) (*model.Channel, *model.AppError) {
	t, err := w.GetTeamByName(team)
	if err != nil {
		return nil, err
	}
	return w.GetChannelByName(t.Id, name, deleted)
}

func (w *World) GetChannelsForTeamForUser(team, user string, deleted bool) ([]*model.Channel, *model.AppError) {
	return all(w, w.channels, func(c *model.Channel) bool {
		return c.TeamId == team && (deleted || c.DeleteAt == 0) && w.channelMembers[[2]string{c.Id, user}] != nil
	}), nil
}

func (w *World) GetChannelStats(id string) (*model.ChannelStats, *model.AppError) {
	members, err := w.GetChannelMembers(id, 0, 1<<20)
	return &model.ChannelStats{ChannelId: id, MemberCount: int64(len(members))}, err
}

func (w *World) GetDirectChannel(a, b string) (*model.Channel, *model.AppError) {
	return w.named(model.GetDMNameFromIds(a, b), model.ChannelTypeDirect, a, b)
}

func (w *World) GetGroupChannel(users []string) (*model.Channel, *model.AppError) {
	return w.named(model.GetGroupNameFromUserIds(slices.Clone(users)), model.ChannelTypeGroup, users...)
}

// named finds or makes a channel between users.
func (w *World) named(name string, kind model.ChannelType, users ...string) (*model.Channel, *model.AppError) {
	for _, id := range users {
		if _, err := w.GetUser(id); err != nil {
			return nil, err
		}
	}
	if c, err := w.GetChannelByName("", name, false); err == nil {
		return c, nil
	}
	c, err := w.CreateChannel(&model.Channel{Name: name, Type: kind})
	if err != nil {
		return nil, err
	}
	for _, id := range users {
		put(w, w.channelMembers, [2]string{c.Id, id}, newChannelMember(c.Id, id))
	}
	return c, nil
}

func (w *World) SearchChannels(team, term string) ([]*model.Channel, *model.AppError) {
	return all(w, w.channels, func(c *model.Channel) bool { return c.TeamId == team && strings.Contains(c.Name, term) }), nil
}

func (w *World) AddChannelMember(channel, user string) (*model.ChannelMember, *model.AppError) {
	return put(w, w.channelMembers, [2]string{channel, user}, newChannelMember(channel, user)), nil
}

func (w *World) AddUserToChannel(channel, user, _ string) (*model.ChannelMember, *model.AppError) {
	return w.AddChannelMember(channel, user)
}

func (w *World) GetChannelMember(channel, user string) (*model.ChannelMember, *model.AppError) {
	return found(w, "GetChannelMember", func() *model.ChannelMember { return w.channelMembers[[2]string{channel, user}] })
}

func (w *World) membersWhere(match func(*model.ChannelMember) bool) model.ChannelMembers {
	out := model.ChannelMembers{}
	for _, m := range all(w, w.channelMembers, match) {
		out = append(out, *m)
	}
	return out
}

func (w *World) GetChannelMembers(channel string, number, perPage int) (model.ChannelMembers, *model.AppError) {
	return page(w.membersWhere(func(m *model.ChannelMember) bool { return m.ChannelId == channel }), number, perPage), nil
}

func (w *World) GetChannelMembersByIds(channel string, ids []string) (model.ChannelMembers, *model.AppError) {
	return w.membersWhere(func(m *model.ChannelMember) bool { return m.ChannelId == channel && slices.Contains(ids, m.UserId) }), nil
}

func (w *World) GetChannelMembersForUser(_, user string, number, perPage int) ([]*model.ChannelMember, *model.AppError) {
	return page(all(w, w.channelMembers, func(m *model.ChannelMember) bool { return m.UserId == user }), number, perPage), nil
}

func (w *World) UpdateChannelMemberRoles(channel, user, roles string) (*model.ChannelMember, *model.AppError) {
	m, err := w.GetChannelMember(channel, user)
	if err != nil {
		return nil, err
	}
	m.Roles = roles
	return put(w, w.channelMembers, [2]string{channel, user}, m), nil
}

func (w *World) UpdateChannelMemberNotifications(channel, user string, notifications map[string]string) (*model.ChannelMember, *model.AppError) {
	m, err := w.GetChannelMember(channel, user)
	if err != nil {
		return nil, err
	}
	m.NotifyProps = maps.Clone(m.NotifyProps)
	maps.Copy(m.NotifyProps, notifications)
	return put(w, w.channelMembers, [2]string{channel, user}, m), nil
}

func (w *World) DeleteChannelMember(channel, user string) *model.AppError {
	return drop(w, "DeleteChannelMember", w.channelMembers, [2]string{channel, user})
}
