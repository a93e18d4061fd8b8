package grpchost

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/mattermost/mattermost/server/public/model"
)

// Fields whose names differ by more than case and underscores.
var otherNames = map[string]string{
	"SearchParams.isorsearch":  "orterms",
	"PushNotification.iscrt":   "iscrtenabled",
	"PushNotification.contava": "contentavailable",
	"FileData.data":            "body",
}

// Fields that stay empty on both sides, as the server leaves them.
var empty = map[string]bool{"AppError.params": true}

// Values of the protocol's enumerations, by number.
var enums = map[string][]string{
	"ChannelType": {"", "O", "P", "D", "G"},
	"TeamType":    {"", "O", "I"},
}

func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// goField finds the field of a struct that a field of a message stands for.
func goField(v reflect.Value, fd protoreflect.FieldDescriptor) (reflect.Value, error) {
	name := plain(string(fd.Name()))
	if other, ok := otherNames[string(fd.ContainingMessage().Name())+"."+name]; ok {
		name = other
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && plain(f.Name) == name {
			return v.Field(i), nil
		}
	}
	return reflect.Value{}, fmt.Errorf("%s has no field for %s", v.Type(), fd.FullName())
}

// fill sets the fields of a struct from a message.
func fill(dst reflect.Value, m protoreflect.Message) error {
	if b, ok := dst.Addr().Interface().(*model.WebsocketBroadcast); ok {
		return fillBroadcast(b, m)
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if empty[string(m.Descriptor().Name())+"."+plain(string(fd.Name()))] || !m.Has(fd) {
			continue
		}
		f, err := goField(dst, fd)
		if err != nil {
			return err
		}
		if err := toGo(f, m.Get(fd), fd); err != nil {
			return fmt.Errorf("%s: %w", fd.FullName(), err)
		}
	}
	return nil
}

// As the server reads it: one field for a connection, and one that says that it is left out.
func fillBroadcast(b *model.WebsocketBroadcast, m protoreflect.Message) error {
	get := func(name protoreflect.Name) protoreflect.Value { return m.Get(m.Descriptor().Fields().ByName(name)) }
	b.UserId, b.ChannelId, b.TeamId = get("user_id").String(), get("channel_id").String(), get("team_id").String()
	if get("omit_connection_id").Bool() {
		b.OmitConnectionId = get("connection_id").String()
	}
	b.OmitUsers = map[string]bool{}
	for i := range get("omit_users").List().Len() {
		b.OmitUsers[get("omit_users").List().Get(i).String()] = true
	}
	return nil
}

func toGo(dst reflect.Value, v protoreflect.Value, fd protoreflect.FieldDescriptor) error {
	switch {
	case fd.IsMap():
		dst.Set(reflect.MakeMap(dst.Type()))
		var err error
		v.Map().Range(func(k protoreflect.MapKey, e protoreflect.Value) bool {
			item := reflect.New(dst.Type().Elem()).Elem()
			err = toGo(item, e, fd.MapValue())
			dst.SetMapIndex(reflect.ValueOf(k.String()).Convert(dst.Type().Key()), item)
			return err == nil
		})
		return err
	case fd.IsList() && v.IsValid():
		if list, ok := v.Interface().(protoreflect.List); ok {
			dst.Set(reflect.MakeSlice(dst.Type(), list.Len(), list.Len()))
			for i := range list.Len() {
				if err := oneToGo(dst.Index(i), list.Get(i), fd); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return oneToGo(dst, v, fd)
}

func oneToGo(dst reflect.Value, v protoreflect.Value, fd protoreflect.FieldDescriptor) error {
	if p, ok := dst.Addr().Interface().(**model.Permission); ok {
		*p = &model.Permission{Id: v.String()}
		return nil
	}
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		return oneToGo(dst.Elem(), v, fd)
	}
	switch fd.Kind() {
	case protoreflect.MessageKind:
		switch fd.Message().FullName() {
		case "google.protobuf.Struct", "google.protobuf.Value":
			return jsonToGo(dst, v.Message())
		default:
			return fill(dst, v.Message())
		}
	case protoreflect.EnumKind:
		dst.SetString(enums[string(fd.Enum().Name())][v.Enum()])
	case protoreflect.BytesKind:
		dst.SetBytes(v.Bytes())
	case protoreflect.BoolKind:
		if dst.CanInt() {
			if v.Bool() {
				dst.SetInt(1)
			}
		} else {
			dst.SetBool(v.Bool())
		}
	case protoreflect.StringKind:
		if dst.CanInt() {
			n, err := strconv.ParseInt(v.String(), 10, 64)
			dst.SetInt(n)
			return err
		}
		dst.SetString(v.String())
	default:
		dst.SetInt(v.Int())
	}
	return nil
}

// Numbers become float64 and lists []any, as AsMap has it.
func jsonToGo(dst reflect.Value, m protoreflect.Message) error {
	text, err := protojson.Marshal(m.Interface())
	if err != nil {
		return err
	}
	return json.Unmarshal(text, dst.Addr().Interface())
}

// message makes a message from a struct, or from a pointer to one.
func message(d protoreflect.MessageDescriptor, src reflect.Value) (*dynamicpb.Message, error) {
	m := newMessage(d)
	src = reflect.Indirect(src)
	for i := range d.Fields().Len() {
		fd := d.Fields().Get(i)
		if empty[string(d.Name())+"."+plain(string(fd.Name()))] {
			continue
		}
		f, err := goField(src, fd)
		if err != nil {
			return nil, err
		}
		if err := set(m, fd, f); err != nil {
			return nil, fmt.Errorf("%s: %w", fd.FullName(), err)
		}
	}
	return m, nil
}

// set sets one field of a message.
func set(m protoreflect.Message, fd protoreflect.FieldDescriptor, src reflect.Value) error {
	switch {
	case fd.IsMap():
		for _, k := range src.MapKeys() {
			v, err := value(fd.MapValue(), src.MapIndex(k))
			if err != nil {
				return err
			}
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString(k.String()).MapKey(), v)
		}
		return nil
	case fd.IsList():
		for i := range src.Len() {
			v, err := value(fd, src.Index(i))
			if err != nil {
				return err
			}
			m.Mutable(fd).List().Append(v)
		}
		return nil
	case src.Kind() == reflect.Pointer && src.IsNil(), src.Kind() == reflect.Interface && src.IsNil():
		return nil
	case fd.HasPresence() && fd.Message() == nil && src.Kind() != reflect.Pointer && src.IsZero():
		return nil // a value where the protocol has a pointer
	}
	v, err := value(fd, src)
	if err != nil || !v.IsValid() {
		return err
	}
	m.Set(fd, v)
	return nil
}

func value(fd protoreflect.FieldDescriptor, src reflect.Value) (protoreflect.Value, error) {
	if p, ok := src.Interface().(*model.Permission); ok {
		return protoreflect.ValueOfString(p.Id), nil
	}
	if fd.Kind() == protoreflect.MessageKind && (fd.Message().FullName() == "google.protobuf.Struct" || fd.Message().FullName() == "google.protobuf.Value") {
		return goToJSON(fd.Message(), src)
	}
	src = reflect.Indirect(src)
	switch fd.Kind() {
	case protoreflect.MessageKind:
		m, err := message(fd.Message(), src)
		return protoreflect.ValueOfMessage(m), err
	case protoreflect.EnumKind:
		for number, text := range enums[string(fd.Enum().Name())] {
			if text == src.String() {
				return protoreflect.ValueOfEnum(protoreflect.EnumNumber(number)), nil
			}
		}
		return protoreflect.ValueOfEnum(0), nil
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(src.Bytes()), nil
	case protoreflect.BoolKind:
		if src.CanInt() {
			return protoreflect.ValueOfBool(src.Int() != 0), nil
		}
		return protoreflect.ValueOfBool(src.Bool()), nil
	case protoreflect.StringKind:
		if src.CanInt() {
			return protoreflect.ValueOfString(strconv.FormatInt(src.Int(), 10)), nil
		}
		return protoreflect.ValueOfString(src.String()), nil
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(src.Int())), nil
	default:
		return protoreflect.ValueOfInt64(src.Int()), nil
	}
}

// A map in which one value is of a type that structpb does not know vanishes, as it does on the server.
func goToJSON(d protoreflect.MessageDescriptor, src reflect.Value) (protoreflect.Value, error) {
	plainMap, ok := src.Convert(reflect.TypeFor[map[string]any]()).Interface().(map[string]any)
	if !ok {
		return protoreflect.Value{}, fmt.Errorf("%s is no map", src.Type())
	}
	if plainMap == nil {
		return protoreflect.Value{}, nil
	}
	s, err := structpb.NewStruct(plainMap)
	if err != nil {
		return protoreflect.Value{}, nil
	}
	raw, err := proto.Marshal(s)
	if err != nil {
		return protoreflect.Value{}, err
	}
	m := newMessage(d)
	return protoreflect.ValueOfMessage(m), proto.Unmarshal(raw, m)
}
