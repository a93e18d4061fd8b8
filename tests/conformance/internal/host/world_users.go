package host

import (
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

func (w *World) CreateUser(u *model.User) (*model.User, *model.AppError) {
	if u.Username == "" || u.Email == "" {
		return nil, invalid("CreateUser", "username and email are needed")
	}
	u = clone(u)
	u.Id, u.CreateAt = model.NewId(), model.GetMillis()
	return put(w, w.users, u.Id, u), nil
}

func (w *World) UpdateUser(u *model.User) (*model.User, *model.AppError) {
	if _, err := w.GetUser(u.Id); err != nil {
		return nil, err
	}
	return put(w, w.users, u.Id, u), nil
}

func (w *World) DeleteUser(id string) *model.AppError { return w.UpdateUserActive(id, false) }

func (w *World) UpdateUserActive(id string, active bool) *model.AppError {
	u, err := w.GetUser(id)
	if err != nil {
		return err
	}
	u.DeleteAt = 0
	if !active {
		u.DeleteAt = model.GetMillis()
	}
	put(w, w.users, id, u)
	return nil
}

func (w *World) UpdateUserRoles(id, roles string) (*model.User, *model.AppError) {
	u, err := w.GetUser(id)
	if err != nil {
		return nil, err
	}
	u.Roles = roles
	return put(w, w.users, id, u), nil
}

func (w *World) GetUser(id string) (*model.User, *model.AppError) {
	return found(w, "GetUser", func() *model.User { return w.users[id] })
}

func (w *World) GetUserByEmail(email string) (*model.User, *model.AppError) {
	return found(w, "GetUserByEmail", func() *model.User {
		return first(w.users, func(u *model.User) bool { return u.Email == email })
	})
}

func (w *World) GetUserByUsername(name string) (*model.User, *model.AppError) {
	return found(w, "GetUserByUsername", func() *model.User {
		return first(w.users, func(u *model.User) bool { return u.Username == name })
	})
}

func (w *World) GetUsers(o *model.UserGetOptions) ([]*model.User, *model.AppError) {
	users := all(w, w.users, func(u *model.User) bool { return o.Role == "" || slices.Contains(u.GetRoles(), o.Role) })
	if o.PerPage == 0 {
		return users, nil
	}
	return page(users, o.Page, o.PerPage), nil
}

func (w *World) GetUsersByIds(ids []string) ([]*model.User, *model.AppError) {
	return all(w, w.users, func(u *model.User) bool { return slices.Contains(ids, u.Id) }), nil
}

func (w *World) GetUsersByUsernames(names []string) ([]*model.User, *model.AppError) {
	return all(w, w.users, func(u *model.User) bool { return slices.Contains(names, u.Username) }), nil
}

func (w *World) GetUsersInTeam(team string, number, perPage int) ([]*model.User, *model.AppError) {
	return page(all(w, w.users, func(u *model.User) bool { return w.teamMembers[[2]string{team, u.Id}] != nil }), number, perPage), nil
}

func (w *World) GetUsersInChannel(channel, _ string, number, perPage int) ([]*model.User, *model.AppError) {
	return page(all(w, w.users, func(u *model.User) bool { return w.channelMembers[[2]string{channel, u.Id}] != nil }), number, perPage), nil
}

func (w *World) GetUserStatus(id string) (*model.Status, *model.AppError) {
	if _, err := w.GetUser(id); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.statuses[id]; s != nil {
		return clone(s), nil
	}
	return &model.Status{UserId: id, Status: model.StatusOffline}, nil
}

func (w *World) GetUserStatusesByIds(ids []string) ([]*model.Status, *model.AppError) {
	var out []*model.Status
	for _, id := range ids {
		if s, err := w.GetUserStatus(id); err == nil {
			out = append(out, s)
		}
	}
	return out, nil
}

func (w *World) UpdateUserStatus(id, status string) (*model.Status, *model.AppError) {
	if _, err := w.GetUser(id); err != nil {
		return nil, err
	}
	return put(w, w.statuses, id, &model.Status{UserId: id, Status: status, Manual: true}), nil
}

func (w *World) GetProfileImage(id string) ([]byte, *model.AppError) {
	if _, err := w.GetUser(id); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if picture := w.pictures[id]; picture != nil {
		return picture, nil
	}
	return []byte("\x89PNG default"), nil
}

func (w *World) SetProfileImage(id string, data []byte) *model.AppError {
	if _, err := w.GetUser(id); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pictures[id] = slices.Clone(data)
	return nil
}

func (w *World) GetPreferencesForUser(user string) ([]model.Preference, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.preferences[user]), nil
}

func (w *World) GetPreferenceForUser(user, category, name string) (model.Preference, *model.AppError) {
	all, _ := w.GetPreferencesForUser(user)
	for _, p := range all {
		if p.Category == category && p.Name == name {
			return p, nil
		}
	}
	return model.Preference{}, missing("GetPreferenceForUser")
}

func (w *World) UpdatePreferencesForUser(user string, list []model.Preference) *model.AppError {
	_ = w.DeletePreferencesForUser(user, list)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.preferences[user] = append(w.preferences[user], list...)
	return nil
}

func (w *World) DeletePreferencesForUser(user string, list []model.Preference) *model.AppError {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.preferences[user] = slices.DeleteFunc(w.preferences[user], func(p model.Preference) bool {
		return slices.ContainsFunc(list, func(q model.Preference) bool { return p.Category == q.Category && p.Name == q.Name })
	})
	return nil
}

func (w *World) CreateSession(s *model.Session) (*model.Session, *model.AppError) {
	s = clone(s)
	s.Id, s.Token, s.CreateAt = model.NewId(), model.NewId(), model.GetMillis()
	return put(w, w.sessions, s.Id, s), nil
}

func (w *World) GetSession(id string) (*model.Session, *model.AppError) {
	return found(w, "GetSession", func() *model.Session { return w.sessions[id] })
}

func (w *World) ExtendSessionExpiry(id string, expiry int64) *model.AppError {
	s, err := w.GetSession(id)
	if err != nil {
		return err
	}
	s.ExpiresAt = expiry
	put(w, w.sessions, id, s)
	return nil
}

func (w *World) RevokeSession(id string) *model.AppError {
	return drop(w, "RevokeSession", w.sessions, id)
}
