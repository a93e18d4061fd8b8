// Package pluginapi has the messages of mattermost.pluginapi.v1 that the benchmark needs, as
// protoc-gen-go makes them: what a Go plugin and Mattermost's own server would use.
package pluginapi

//go:generate go run ./gen
