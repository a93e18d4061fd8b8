// Command dump-fixtures writes the gob fixtures: <dir>/<name>.gob and <dir>/<name>.json.
//
// gob numbers types in the order in which a process first meets them. Each stream is therefore
// written by a process of its own, so that adding a fixture changes no other one.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/fixtures"
)

func main() {
	dir := flag.String("dir", "../fixtures/gob", "where to write")
	one := flag.String("one", "", "write this fixture's stream to standard output (used internally)")
	flag.Parse()
	if err := run(*dir, *one); err != nil {
		fmt.Fprintln(os.Stderr, "dump-fixtures:", err)
		os.Exit(1)
	}
}

func run(dir, one string) error {
	if one != "" {
		f, ok := fixtures.Find(one)
		if !ok {
			return fmt.Errorf("no fixture is called %q", one)
		}
		return f.Encode(os.Stdout)
	}
	if err := clean(dir); err != nil {
		return err
	}
	all := fixtures.All()
	for _, f := range all {
		if err := write(dir, f); err != nil {
			return err
		}
	}
	fmt.Printf("%d fixtures in %s\n", len(all), dir)
	return nil
}

// clean removes what an earlier catalogue left.
func clean(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, pattern := range []string{"*.gob", "*.json"} {
		old, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, file := range old {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(dir string, f fixtures.Fixture) error {
	text, err := f.Description()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, f.Name+".json"), text, 0o644); err != nil {
		return err
	}
	if f.RustOnly {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	stream, err := exec.Command(self, "-one", f.Name).Output()
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return os.WriteFile(filepath.Join(dir, f.Name+".gob"), stream, 0o644)
}
