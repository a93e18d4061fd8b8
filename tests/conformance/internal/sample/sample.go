// Package sample makes values in which every field has a value of its own.
package sample

import (
	"fmt"
	"net/url"
	"reflect"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// filler gives every field that gob carries a value of its own, so that two mixed-up fields show.
type filler struct {
	counter int64
	depth   int // how many pointers, slices and maps of structs it goes down
}

// Of returns a pointer to a T in which no field is zero, down to depth levels of nested structs.
func Of(t reflect.Type, depth int) any {
	v := reflect.New(t)
	f := filler{depth: depth}
	f.fill(v.Elem(), t.Name(), 0)
	return v.Interface()
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	urlType   = reflect.TypeFor[url.URL]()
	errorType = reflect.TypeFor[error]()
)

// Error is the sample of an error.
var Error = &model.AppError{Id: "app.error.id", Message: "it failed", DetailedError: "in detail", RequestId: "req", StatusCode: 404, Where: "There"}

func (f *filler) next() int64 {
	f.counter++
	return f.counter
}

func (f *filler) fill(v reflect.Value, name string, level int) {
	switch v.Type() {
	case timeType:
		v.Set(reflect.ValueOf(time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC)))
		return
	case urlType:
		u, _ := url.Parse("/some/path?q=%C3%BC&x=1#frag")
		v.Set(reflect.ValueOf(*u))
		return
	case errorType:
		v.Set(reflect.ValueOf(Error))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(f.next() % 127)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(f.next() % 255))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(f.next()) + 0.5)
	case reflect.String:
		v.SetString(fmt.Sprintf("%s-%d", name, f.next()))
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(fmt.Sprintf("%s-%d", name, f.next())))
		}
	case reflect.Pointer:
		if level < f.depth || v.Type().Elem().Kind() != reflect.Struct {
			p := reflect.New(v.Type().Elem())
			f.fill(p.Elem(), name, level+1)
			v.Set(p)
		}
	case reflect.Slice:
		f.fillSlice(v, name, level)
	case reflect.Map:
		f.fillMap(v, name, level)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				f.fill(v.Field(i), field.Name, level)
			}
		}
	}
}

func (f *filler) fillSlice(v reflect.Value, name string, level int) {
	elem := v.Type().Elem()
	if elem.Kind() == reflect.Uint8 {
		v.SetBytes(fmt.Appendf([]byte{0, 0xff}, "%s-%d", name, f.next()))
		return
	}
	if nests(elem) && level >= f.depth {
		return
	}
	n := 2
	if nests(elem) {
		n = 1
	}
	s := reflect.MakeSlice(v.Type(), n, n)
	for i := range n {
		f.fill(s.Index(i), name, level+1)
		if s.Index(i).Kind() == reflect.Pointer && s.Index(i).IsNil() {
			return // gob has no nil in a list
		}
	}
	v.Set(s)
}

// fillMap makes one entry only: gob writes maps in random order.
func (f *filler) fillMap(v reflect.Value, name string, level int) {
	if nests(v.Type().Elem()) && level >= f.depth {
		return
	}
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	f.fill(key, name+"Key", level+1)
	f.fill(value, name, level+1)
	if value.Kind() == reflect.Pointer && value.IsNil() {
		return
	}
	m := reflect.MakeMap(v.Type())
	m.SetMapIndex(key, value)
	v.Set(m)
}

func nests(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t != timeType
}

// PointersToZero sets every pointer of a struct to a zero value, all the way down.
func PointersToZero(v reflect.Value) {
	if v.Kind() != reflect.Struct || v.Type() == timeType {
		return
	}
	for i := range v.NumField() {
		field := v.Field(i)
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if field.Kind() == reflect.Pointer && field.Type().Elem().Kind() != reflect.Struct {
			field.Set(reflect.New(field.Type().Elem()))
		}
		PointersToZero(field)
	}
}
