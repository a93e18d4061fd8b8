package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/mattermost/logr/v2"

	"github.com/mattermost/mattermost/server/public/shared/mlog"
)

// logTarget keeps what the environment and the plugin log, as JSON lines.
type logTarget struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	started time.Time
}

func (*logTarget) Init() error     { return nil }
func (*logTarget) Shutdown() error { return nil }

func (l *logTarget) Write(p []byte, rec *logr.LogRec) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if rec.Msg() == "starting plugin" {
		l.started = rec.Time()
	}
	return l.buf.Write(p)
}

func (l *logTarget) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logTarget) executed() (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started.IsZero() {
		return l.started, errors.New("go-plugin did not log the start of the plugin")
	}
	return l.started, nil
}

var quietGlobal = sync.OnceFunc(func() {
	if logger, err := mlog.NewLogger(); err == nil {
		mlog.InitGlobalLogger(logger)
	}
})

func newLogger() (*mlog.Logger, *logTarget, error) {
	quietGlobal()
	logger, err := mlog.NewLogger()
	if err != nil {
		return nil, nil, err
	}
	target := &logTarget{}
	factories := &mlog.Factories{TargetFactory: func(string, json.RawMessage) (logr.Target, error) { return target, nil }}
	err = logger.ConfigureTargets(mlog.LoggerConfiguration{"memory": mlog.TargetCfg{
		Type:   "memory",
		Format: "json",
		Levels: []mlog.Level{mlog.LvlDebug, mlog.LvlInfo, mlog.LvlWarn, mlog.LvlError},
	}}, factories)
	return logger, target, err
}
