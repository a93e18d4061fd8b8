package host

import (
	"errors"

	"github.com/mattermost/mattermost/server/public/model"
)

func (w *World) EnsureBotUser(bot *model.Bot) (string, error) {
	if bot.Username == "" {
		return "", errors.New("passed a bot with no username")
	}
	if u, err := w.GetUserByUsername(bot.Username); err == nil {
		return u.Id, nil
	}
	b, err := w.CreateBot(bot)
	if err != nil {
		return "", err
	}
	return b.UserId, nil
}

func (w *World) CreateBot(bot *model.Bot) (*model.Bot, *model.AppError) {
	if _, err := w.GetUserByUsername(bot.Username); err == nil {
		return nil, invalid("CreateBot", "the username is taken")
	}
	b := clone(bot)
	b.UserId, b.OwnerId, b.CreateAt = model.NewId(), w.manifest.Id, model.GetMillis()
	put(w, w.users, b.UserId, &model.User{Id: b.UserId, Username: b.Username, Email: b.Username + "@localhost", Roles: "system_user", IsBot: true, BotDescription: b.Description})
	return put(w, w.bots, b.UserId, b), nil
}

func (w *World) PatchBot(id string, patch *model.BotPatch) (*model.Bot, *model.AppError) {
	b, err := w.GetBot(id, true)
	if err != nil {
		return nil, err
	}
	b.Patch(patch)
	return put(w, w.bots, id, b), nil
}

func (w *World) GetBot(id string, deleted bool) (*model.Bot, *model.AppError) {
	b, err := found(w, "GetBot", func() *model.Bot { return w.bots[id] })
	if err == nil && b.DeleteAt != 0 && !deleted {
		return nil, missing("GetBot")
	}
	return b, err
}

func (w *World) GetBots(o *model.BotGetOptions) ([]*model.Bot, *model.AppError) {
	bots := all(w, w.bots, func(b *model.Bot) bool {
		return (o.IncludeDeleted || b.DeleteAt == 0) && (o.OwnerId == "" || o.OwnerId == b.OwnerId)
	})
	if o.PerPage == 0 {
		return bots, nil
	}
	return page(bots, o.Page, o.PerPage), nil
}

func (w *World) UpdateBotActive(id string, active bool) (*model.Bot, *model.AppError) {
	b, err := w.GetBot(id, true)
	if err != nil {
		return nil, err
	}
	b.DeleteAt = 0
	if !active {
		b.DeleteAt = model.GetMillis()
	}
	return put(w, w.bots, id, b), nil
}

func (w *World) PermanentDeleteBot(id string) *model.AppError {
	if err := drop(w, "PermanentDeleteBot", w.bots, id); err != nil {
		return err
	}
	return drop(w, "PermanentDeleteBot", w.users, id)
}
