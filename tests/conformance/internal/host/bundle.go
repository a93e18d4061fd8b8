// Package host runs plugin bundles as Mattermost does, in its own plugin.Environment, with a
// small server in memory behind the API.
package host

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// Bundle is an unpacked plugin in a plugin directory.
type Bundle struct {
	PluginDir  string // holds <id>/
	Manifest   *model.Manifest
	Executable string
}

// Unpack installs a .tar.gz into pluginDir/<id>, with the server's checks.
func Unpack(archive, pluginDir string) (*Bundle, error) {
	tmp, err := os.MkdirTemp(pluginDir, ".unpack")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if err := extract(archive, tmp); err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	root := tmp
	entries, err := os.ReadDir(tmp)
	if err != nil {
		return nil, err
	}
	if len(entries) == 1 && entries[0].IsDir() {
		root = filepath.Join(tmp, entries[0].Name())
	}
	manifest, _, err := model.FindManifest(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	if err := manifest.IsValid(); err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	dir := filepath.Join(pluginDir, manifest.Id)
	if err := os.Rename(root, dir); err != nil {
		return nil, err
	}
	executable := manifest.GetExecutableForRuntime(runtime.GOOS, runtime.GOARCH)
	if executable == "" {
		return nil, fmt.Errorf("%s has no executable for %s/%s", archive, runtime.GOOS, runtime.GOARCH)
	}
	return &Bundle{PluginDir: pluginDir, Manifest: manifest, Executable: filepath.Join(dir, executable)}, nil
}

func extract(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	tr := tar.NewReader(unzipped)
	for {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := extractEntry(tr, header, dir); err != nil {
			return err
		}
	}
}

func extractEntry(tr *tar.Reader, header *tar.Header, dir string) error {
	path := filepath.Join(dir, filepath.Clean("/"+header.Name))
	if strings.Contains(header.Name, "..") {
		return fmt.Errorf("entry %q leaves the bundle", header.Name)
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(path, 0o755)
	case tar.TypeReg:
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, os.FileMode(header.Mode).Perm())
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, tr); err != nil {
			out.Close()
			return err
		}
		return out.Close()
	default:
		return fmt.Errorf("entry %q is neither a file nor a directory", header.Name)
	}
}
