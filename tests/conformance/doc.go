// Package conformance holds tests that drive built plugin bundles with Mattermost's own
// plugin.Environment. See README.md.
package conformance
