// Package describe turns Go values into JSON that a program in another language can compare with.
//
// The rules are written down for readers of the fixtures in tests/fixtures/README.md.
package describe

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"
)

// Value returns what encoding/json should write for v.
func Value(v any) any {
	return describe(reflect.ValueOf(v))
}

// JSON returns the description of v on one line, with object keys in sorted order.
func JSON(v any) (json.RawMessage, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(Value(v)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}

var attachments = reflect.TypeFor[[]*model.MessageAttachment]()

// TypeName is the name under which gob registers t as the value of an interface.
func TypeName(t reflect.Type) string {
	switch {
	case t == attachments:
		return "[]*model.SlackAttachment"
	case t.Name() != "" && t.PkgPath() != "":
		return t.PkgPath() + "." + t.Name()
	default:
		return t.String()
	}
}

func describe(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case url.URL:
		return text(x.String())
	case *url.URL:
		if x == nil {
			return nil
		}
		return text(x.String())
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return v.Uint()
	case reflect.Float32, reflect.Float64:
		return float(v.Float())
	case reflect.String:
		return text(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return describe(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return map[string]any{"$type": TypeName(v.Elem().Type()), "$value": describe(v.Elem())}
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		return list(v)
	case reflect.Array:
		return list(v)
	case reflect.Map:
		return dictionary(v)
	case reflect.Struct:
		return structure(v)
	default:
		panic(fmt.Sprintf("describe: %s has no description", v.Type()))
	}
}

// text keeps strings that are not UTF-8 exact.
func text(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return map[string]any{"$bytes": base64.StdEncoding.EncodeToString([]byte(s))}
}

func float(f float64) any {
	switch {
	case math.IsNaN(f), math.IsInf(f, 0):
		return map[string]any{"$float": fmt.Sprint(f)}
	case f == 0 && math.Signbit(f):
		return map[string]any{"$float": "-0"}
	case f == math.Trunc(f) && math.Abs(f) < 1e21:
		return json.RawMessage(fmt.Sprintf("%.1f", f)) // 1.0, so that it does not read as an int
	default:
		return f
	}
}

func list(v reflect.Value) any {
	out := make([]any, v.Len())
	for i := range out {
		out[i] = describe(v.Index(i))
	}
	return out
}

func dictionary(v reflect.Value) any {
	if v.IsNil() {
		return nil
	}
	if v.Type().Key().Kind() == reflect.String {
		out := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			out[it.Key().String()] = describe(it.Value())
		}
		return out
	}
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
	pairs := make([]any, len(keys))
	for i, k := range keys {
		pairs[i] = []any{describe(k), describe(v.MapIndex(k))}
	}
	return map[string]any{"$pairs": pairs}
}

// structure leaves out what gob does not carry: unexported fields, functions and channels.
func structure(v reflect.Value) any {
	out := make(map[string]any, v.NumField())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Type.Kind() == reflect.Func || f.Type.Kind() == reflect.Chan {
			continue
		}
		out[f.Name] = describe(v.Field(i))
	}
	return out
}
