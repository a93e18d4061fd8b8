package host

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

type kvEntry struct {
	value   []byte
	expires time.Time // zero: never
}

func (w *World) kvLive(key string) []byte {
	e, ok := w.kv[key]
	if !ok || (!e.expires.IsZero() && !time.Now().Before(e.expires)) {
		return nil
	}
	return e.value
}

// KVSetWithOptions is what all other ways to write come down to.
func (w *World) KVSetWithOptions(key string, value []byte, o model.PluginKVSetOptions) (bool, *model.AppError) {
	if key == "" || len([]rune(key)) > model.KeyValueKeyMaxRunes {
		return false, invalid("KVSetWithOptions", "the key is empty or too long")
	}
	if strings.HasPrefix(key, "mmi_") {
		return false, invalid("KVSetWithOptions", "the key has the server's prefix")
	}
	if err := o.IsValid(); err != nil {
		return false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if o.Atomic && !bytes.Equal(w.kvLive(key), o.OldValue) {
		return false, nil
	}
	if len(value) == 0 {
		delete(w.kv, key)
		return true, nil
	}
	e := kvEntry{value: bytes.Clone(value)}
	if o.ExpireInSeconds > 0 {
		e.expires = time.Now().Add(time.Duration(o.ExpireInSeconds) * time.Second)
	}
	w.kv[key] = e
	return true, nil
}

func (w *World) KVSet(key string, value []byte) *model.AppError {
	_, err := w.KVSetWithOptions(key, value, model.PluginKVSetOptions{})
	return err
}

func (w *World) KVSetWithExpiry(key string, value []byte, seconds int64) *model.AppError {
	_, err := w.KVSetWithOptions(key, value, model.PluginKVSetOptions{ExpireInSeconds: seconds})
	return err
}

func (w *World) KVCompareAndSet(key string, old, value []byte) (bool, *model.AppError) {
	return w.KVSetWithOptions(key, value, model.PluginKVSetOptions{Atomic: true, OldValue: old})
}

func (w *World) KVCompareAndDelete(key string, old []byte) (bool, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	live := w.kvLive(key)
	if live == nil || !bytes.Equal(live, old) {
		return false, nil
	}
	delete(w.kv, key)
	return true, nil
}

func (w *World) KVGet(key string) ([]byte, *model.AppError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.kvLive(key)), nil
}

func (w *World) KVDelete(key string) *model.AppError {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.kv, key)
	return nil
}

func (w *World) KVDeleteAll() *model.AppError {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.kv)
	return nil
}

func (w *World) KVList(number, perPage int) ([]string, *model.AppError) {
	if number < 0 || perPage < 0 {
		return nil, &model.AppError{Id: "app.invalid.app_error", Where: "KVList", StatusCode: http.StatusBadRequest}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var keys []string
	for key := range w.kv {
		if w.kvLive(key) != nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return page(keys, number, perPage), nil
}
