// Command check-fixtures reads streams that Rust encoded from the fixtures' values and compares
// what Go decodes from them with the originals. It exits 1 on any difference.
//
//	check-fixtures [-allow-lost] [-partial] DIR
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/describe"
	"github.com/devops-command-center/mattermost-plugin-command-center/tests/conformance/internal/fixtures"
)

type checker struct {
	dir                string
	allowLost, partial bool
	pass, fail, absent int
}

func main() {
	var c checker
	flag.BoolVar(&c.allowLost, "allow-lost", false, "do not fail on fields that are absent in Rust's stream (models that leave fields out); list them")
	flag.BoolVar(&c.partial, "partial", false, "do not fail on streams that are absent")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: check-fixtures [-allow-lost] [-partial] DIR")
		os.Exit(2)
	}
	c.dir = flag.Arg(0)
	for _, f := range fixtures.All() {
		c.check(f)
	}
	fmt.Printf("%d passed, %d failed, %d absent\n", c.pass, c.fail, c.absent)
	if c.fail > 0 || c.pass == 0 || (c.absent > 0 && !c.partial) {
		os.Exit(1)
	}
}

func (c *checker) check(f fixtures.Fixture) {
	stream, err := os.ReadFile(filepath.Join(c.dir, f.Name+".gob"))
	if errors.Is(err, fs.ErrNotExist) {
		c.absent++
		if !c.partial {
			fmt.Printf("ABSENT %s\n", f.Name)
		}
		return
	}
	var bad, lost []string
	if err != nil {
		bad = append(bad, err.Error())
	} else {
		bad, lost = c.compare(f, stream)
	}
	if len(bad) > 0 {
		c.fail++
		fmt.Printf("FAIL   %s\n", f.Name)
	} else {
		c.pass++
		fmt.Printf("pass   %s\n", f.Name)
	}
	for _, text := range bad {
		fmt.Printf("         %s\n", text)
	}
	for _, text := range lost {
		fmt.Printf("         lost %s\n", text)
	}
}

func (c *checker) compare(f fixtures.Fixture, stream []byte) (bad, lost []string) {
	want, err := f.Want()
	if err != nil {
		return []string{err.Error()}, nil
	}
	got, err := f.Decode(bytes.NewReader(stream))
	if err != nil {
		return []string{err.Error()}, nil
	}
	for i := range want {
		differences, err := describe.Diff(want[i], got[i])
		if err != nil {
			return []string{err.Error()}, nil
		}
		for _, d := range differences {
			text := fmt.Sprintf("value %d %s", i, d)
			if d.Lost && c.allowLost {
				lost = append(lost, text)
			} else {
				bad = append(bad, text)
			}
		}
	}
	return bad, lost
}
