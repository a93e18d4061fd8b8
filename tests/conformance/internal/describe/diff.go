package describe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
)

// Difference is one place where two descriptions are not the same.
type Difference struct {
	Path      string
	Want, Got string
	// Lost says that the value wanted is simply absent (null, or the zero value) in what was got.
	Lost bool
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: want %s, got %s", d.Path, d.Want, d.Got)
}

// Diff compares the descriptions of two values.
func Diff(want, got json.RawMessage) ([]Difference, error) {
	w, err := parse(want)
	if err != nil {
		return nil, err
	}
	g, err := parse(got)
	if err != nil {
		return nil, err
	}
	var out []Difference
	diff("$", w, g, &out)
	return out, nil
}

func parse(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

func diff(path string, want, got any, out *[]Difference) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			for _, k := range keys(w, g) {
				diff(path+"."+k, w[k], g[k], out)
			}
			return
		}
	case []any:
		if g, ok := got.([]any); ok && len(g) == len(w) {
			for i := range w {
				diff(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], out)
			}
			return
		}
	}
	a, b := compact(want), compact(got)
	if a != b {
		*out = append(*out, Difference{Path: path, Want: a, Got: b, Lost: zero[b]})
	}
}

var zero = map[string]bool{"null": true, `""`: true, "0": true, "0.0": true, "false": true, "[]": true, "{}": true}

func keys(a, b map[string]any) []string {
	all := make([]string, 0, len(a))
	for k := range a {
		all = append(all, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			all = append(all, k)
		}
	}
	sort.Strings(all)
	return all
}

func compact(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}
