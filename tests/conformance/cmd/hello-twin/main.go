// Command hello-twin is the Rust SDK's examples/hello written in Go: what the benchmark compares with.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

type hello struct {
	plugin.MattermostPlugin
}

var kilobyte = bytes.Repeat([]byte("x"), 1024)

func (p *hello) OnActivate() error {
	return p.API.RegisterCommand(&model.Command{Trigger: "hello", AutoComplete: true, AutoCompleteDesc: "Says hello", AutoCompleteHint: "[name]"})
}

func (p *hello) ExecuteCommand(_ *plugin.Context, args *model.CommandArgs) (*model.CommandResponse, *model.AppError) {
	name := strings.TrimSpace(strings.TrimPrefix(args.Command, "/hello"))
	if name == "kv" {
		if err := p.API.KVSet("hello", []byte(args.UserId)); err != nil {
			return nil, err
		}
		if _, err := p.API.KVGet("hello"); err != nil {
			return nil, err
		}
	}
	if name == "" {
		name = "world"
	}
	return &model.CommandResponse{ResponseType: model.CommandResponseTypeEphemeral, Text: "Hello, " + name + "!"}, nil
}

func (p *hello) ServeHTTP(_ *plugin.Context, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.Method != http.MethodPost {
		_, _ = w.Write(kilobyte)
		return
	}
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, n)
}

func main() {
	plugin.ClientMain(&hello{})
}
