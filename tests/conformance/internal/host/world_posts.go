package host

import (
	"io"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

func (w *World) CreatePost(p *model.Post) (*model.Post, *model.AppError) {
	if _, err := w.GetChannel(p.ChannelId); err != nil {
		return nil, err
	}
	p = p.Clone()
	p.Id, p.CreateAt, p.UpdateAt = model.NewId(), model.GetMillis(), model.GetMillis()
	p.AddProp("from_plugin", "true")
	put(w, w.posts, p.Id, p)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.order = append(w.order, p.Id)
	return p, nil
}

func (w *World) UpdatePost(p *model.Post) (*model.Post, *model.AppError) {
	if _, err := w.GetPost(p.Id); err != nil {
		return nil, err
	}
	p = p.Clone()
	p.UpdateAt, p.EditAt = model.GetMillis(), model.GetMillis()
	return put(w, w.posts, p.Id, p), nil
}

func (w *World) DeletePost(id string) *model.AppError {
	if err := drop(w, "DeletePost", w.posts, id); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.order = slices.DeleteFunc(w.order, func(other string) bool { return other == id })
	return nil
}

func (w *World) GetPost(id string) (*model.Post, *model.AppError) {
	return found(w, "GetPost", func() *model.Post { return w.posts[id] })
}

func (w *World) postsWhere(match func(*model.Post) bool) []*model.Post {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*model.Post
	for _, id := range slices.Backward(w.order) {
		if p := w.posts[id]; p != nil && match(p) {
			out = append(out, p.Clone())
		}
	}
	return out
}

func postList(posts []*model.Post) *model.PostList {
	list := model.NewPostList()
	for _, p := range posts {
		list.AddPost(p)
		list.AddOrder(p.Id)
	}
	return list
}

func (w *World) GetPostThread(id string) (*model.PostList, *model.AppError) {
	root, err := w.GetPost(id)
	if err != nil {
		return nil, err
	}
	if root.RootId != "" {
		id = root.RootId
	}
	return postList(w.postsWhere(func(p *model.Post) bool { return p.Id == id || p.RootId == id })), nil
}

func (w *World) GetPostsSince(channel string, since int64) (*model.PostList, *model.AppError) {
	return postList(w.postsWhere(func(p *model.Post) bool { return p.ChannelId == channel && p.UpdateAt > since })), nil
}

func (w *World) GetPostsForChannel(channel string, number, perPage int) (*model.PostList, *model.AppError) {
	return postList(page(w.postsWhere(func(p *model.Post) bool { return p.ChannelId == channel }), number, perPage)), nil
}

func (w *World) GetPostsAfter(channel, id string, number, perPage int) (*model.PostList, *model.AppError) {
	return w.around(channel, id, number, perPage, true)
}

func (w *World) GetPostsBefore(channel, id string, number, perPage int) (*model.PostList, *model.AppError) {
	return w.around(channel, id, number, perPage, false)
}

func (w *World) around(channel, id string, number, perPage int, after bool) (*model.PostList, *model.AppError) {
	posts := w.postsWhere(func(p *model.Post) bool { return p.ChannelId == channel })
	at := slices.IndexFunc(posts, func(p *model.Post) bool { return p.Id == id })
	if at < 0 {
		return nil, missing("GetPosts")
	}
	if after {
		return postList(page(posts[:at], number, perPage)), nil
	}
	return postList(page(posts[at+1:], number, perPage)), nil
}

func (w *World) SearchPostsInTeam(string, []*model.SearchParams) ([]*model.Post, *model.AppError) {
	return w.postsWhere(func(*model.Post) bool { return true }), nil
}

func (w *World) SendEphemeralPost(_ string, p *model.Post) *model.Post {
	p = p.Clone()
	p.Id, p.Type, p.CreateAt = model.NewId(), model.PostTypeEphemeral, model.GetMillis()
	return p
}

func (w *World) UpdateEphemeralPost(_ string, p *model.Post) *model.Post {
	p = p.Clone()
	p.Type, p.UpdateAt = model.PostTypeEphemeral, model.GetMillis()
	return p
}

func (w *World) AddReaction(r *model.Reaction) (*model.Reaction, *model.AppError) {
	if _, err := w.GetPost(r.PostId); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reactions = append(w.reactions, clone(r))
	return clone(r), nil
}

func (w *World) RemoveReaction(r *model.Reaction) *model.AppError {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reactions = slices.DeleteFunc(w.reactions, func(o *model.Reaction) bool {
		return o.PostId == r.PostId && o.UserId == r.UserId && o.EmojiName == r.EmojiName
	})
	return nil
}

func (w *World) GetReactions(post string) ([]*model.Reaction, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*model.Reaction
	for _, r := range w.reactions {
		if r.PostId == post {
			out = append(out, clone(r))
		}
	}
	return out, nil
}

func (w *World) UploadFile(data []byte, channel, name string) (*model.FileInfo, *model.AppError) {
	if _, err := w.GetChannel(channel); err != nil {
		return nil, err
	}
	info := &model.FileInfo{Id: model.NewId(), ChannelId: channel, Name: name, Path: name, Size: int64(len(data)), CreateAt: model.GetMillis()}
	put(w, w.infos, info.Id, info)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[info.Id] = slices.Clone(data)
	return info, nil
}

func (w *World) CopyFileInfos(_ string, ids []string) ([]string, *model.AppError) {
	var out []string
	for _, id := range ids {
		info, err := w.GetFileInfo(id)
		if err != nil {
			return nil, err
		}
		data, _ := w.GetFile(id)
		copied, err := w.UploadFile(data, info.ChannelId, info.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, copied.Id)
	}
	return out, nil
}

func (w *World) GetFileInfo(id string) (*model.FileInfo, *model.AppError) {
	return found(w, "GetFileInfo", func() *model.FileInfo { return w.infos[id] })
}

func (w *World) GetFile(id string) ([]byte, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, ok := w.files[id]
	if !ok {
		return nil, missing("GetFile")
	}
	return slices.Clone(data), nil
}

func (w *World) GetFileLink(id string) (string, *model.AppError) {
	if _, err := w.GetFileInfo(id); err != nil {
		return "", err
	}
	return "http://localhost:8065/files/" + id + "/public", nil
}

func (w *World) ReadFile(path string) ([]byte, *model.AppError) {
	info, err := found(w, "ReadFile", func() *model.FileInfo {
		return first(w.infos, func(i *model.FileInfo) bool { return i.Path == path })
	})
	if err != nil {
		return nil, err
	}
	return w.GetFile(info.Id)
}

func (w *World) CreateUploadSession(s *model.UploadSession) (*model.UploadSession, error) {
	s = clone(s)
	s.Id, s.CreateAt = model.NewId(), model.GetMillis()
	return put(w, w.uploads, s.Id, s), nil
}

func (w *World) GetUploadSession(id string) (*model.UploadSession, error) {
	s, err := found(w, "GetUploadSession", func() *model.UploadSession { return w.uploads[id] })
	if err != nil {
		return nil, err
	}
	return s, nil
}

// UploadData answers nothing until the session has all its bytes, as the server does.
func (w *World) UploadData(s *model.UploadSession, data io.Reader) (*model.FileInfo, error) {
	n, err := io.Copy(io.Discard, data)
	if err != nil {
		return nil, err
	}
	stored, appErr := found(w, "UploadData", func() *model.UploadSession { return w.uploads[s.Id] })
	if appErr != nil {
		return nil, appErr
	}
	stored.FileOffset += n
	put(w, w.uploads, s.Id, stored)
	if stored.FileOffset < stored.FileSize {
		return nil, nil
	}
	return &model.FileInfo{Id: s.Id, Name: s.Filename, ChannelId: s.ChannelId, Size: stored.FileOffset}, nil
}

func (w *World) InstallPlugin(bundle io.Reader, _ bool) (*model.Manifest, *model.AppError) {
	n, err := io.Copy(io.Discard, bundle)
	if err != nil || n == 0 {
		return nil, invalid("InstallPlugin", "the bundle is empty")
	}
	return &model.Manifest{Id: "installed", Name: "Installed", Version: "1.0.0"}, nil
}
