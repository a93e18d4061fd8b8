package grpchost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// notServed are methods without a handler on the server.
var notServed = map[string]bool{"GetPluginID": true, "LogAuditRec": true}

// inField are the methods that answer their error inside the answer. All others answer a status.
var inField = func() map[string]bool {
	names := "CreatePost UpdatePost DeletePost GetPost GetPostThread GetPostsSince GetPostsAfter GetPostsBefore GetPostsForChannel " +
		"SearchPostsInTeam SendEphemeralPost UpdateEphemeralPost DeleteEphemeralPost AddReaction RemoveReaction GetReactions " +
		"UploadFile CopyFileInfos GetFileInfo GetFile GetFileLink ReadFile PublishWebSocketEvent " +
		"KVSet KVSetWithExpiry KVSetWithOptions KVCompareAndSet KVCompareAndDelete KVGet KVDelete KVDeleteAll KVList"
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}()

// API answers the API calls of one plugin at an address of its own.
type API struct {
	Address string
	server  *grpc.Server
	schema  *Schema
	api     plugin.API
}

// NewAPI listens on a free port of the loopback interface, with the limits of a grpc.Server that
// nobody has configured.
func NewAPI(schema *Schema, api plugin.API) (*API, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &API{Address: listener.Addr().String(), schema: schema, api: api}
	a.server = grpc.NewServer(grpc.UnknownServiceHandler(a.handle))
	go func() { _ = a.server.Serve(listener) }()
	return a, nil
}

// Close stops listening and drops all connections.
func (a *API) Close() { a.server.Stop() }

func (a *API) handle(_ any, stream grpc.ServerStream) error {
	full, _ := grpc.MethodFromServerStream(stream)
	name, ok := strings.CutPrefix(full, "/"+apiService+"/")
	md := a.schema.Method(apiService, name)
	if !ok || md == nil || notServed[name] {
		return status.Errorf(codes.Unimplemented, "method %s not implemented", name)
	}
	request := newMessage(md.Input())
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	response, err := a.answer(md, request)
	if err != nil {
		return err
	}
	return stream.SendMsg(response)
}

func (a *API) answer(md protoreflect.MethodDescriptor, request *dynamicpb.Message) (*dynamicpb.Message, error) {
	response := newMessage(md.Output())
	name := string(md.Name())
	if special, ok := specials[name]; ok {
		return response, failure(name, response, special(a.api, access{request}, access{response}))
	}
	method := reflect.ValueOf(a.api).MethodByName(name)
	args, err := arguments(method.Type(), request)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "test host: %s: %v", name, err)
	}
	if md.Output().Fields().ByName("error") == nil {
		return nil, status.Errorf(codes.Internal, "test host: %s has no error", md.Output().FullName())
	}
	next := 2
	for _, result := range method.Call(args) {
		if err, ok := result.Interface().(error); ok && err != nil && !isNil(err) {
			return response, failure(name, response, err)
		}
		if result.Type().Implements(reflect.TypeFor[error]()) {
			continue
		}
		fd := md.Output().Fields().ByNumber(protoreflect.FieldNumber(next))
		next++
		if fd == nil {
			return nil, status.Errorf(codes.Internal, "test host: %s has no place for %s", md.Output().FullName(), result.Type())
		}
		if err := set(response, fd, result); err != nil {
			return nil, status.Errorf(codes.Internal, "test host: %s: %v", name, err)
		}
	}
	return response, nil
}

// arguments are the fields of the request, in their order; or the request itself.
func arguments(method reflect.Type, request *dynamicpb.Message) ([]reflect.Value, error) {
	fields := request.Descriptor().Fields()
	var args []reflect.Value
	for i := range method.NumIn() {
		arg := reflect.New(method.In(i)).Elem()
		if method.NumIn() == 1 && fields.Len() > 1 {
			arg.Set(reflect.New(method.In(0).Elem()))
			if err := fill(arg.Elem(), request); err != nil {
				return nil, err
			}
		} else if fd := fields.Get(i); request.Has(fd) {
			if err := toGo(arg, request.Get(fd), fd); err != nil {
				return nil, err
			}
		}
		args = append(args, arg)
	}
	return args, nil
}

// failure puts an error where the server puts it.
func failure(name string, response *dynamicpb.Message, err error) error {
	if err == nil || isNil(err) {
		return nil
	}
	var appErr *model.AppError
	if !errors.As(err, &appErr) {
		return status.Errorf(codes.Internal, "internal error: %v", err)
	}
	if !inField[name] {
		code, ok := statusCodes[appErr.StatusCode]
		if !ok {
			code = codes.Internal
		}
		return status.Errorf(code, "%s: %s", appErr.Id, appErr.Message)
	}
	return set(response, response.Descriptor().Fields().ByName("error"), reflect.ValueOf(appErr))
}

var statusCodes = map[int]codes.Code{
	400: codes.InvalidArgument, 401: codes.Unauthenticated, 403: codes.PermissionDenied, 404: codes.NotFound, 409: codes.AlreadyExists,
	413: codes.ResourceExhausted, 429: codes.ResourceExhausted, 501: codes.Unimplemented, 503: codes.Unavailable,
}

func isNil(err error) bool {
	v := reflect.ValueOf(err)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// access gets and sets fields of a message by name.
type access struct{ m *dynamicpb.Message }

func (a access) field(name protoreflect.Name) protoreflect.FieldDescriptor {
	return a.m.Descriptor().Fields().ByName(name)
}
func (a access) text(name protoreflect.Name) string  { return a.m.Get(a.field(name)).String() }
func (a access) bytes(name protoreflect.Name) []byte { return a.m.Get(a.field(name)).Bytes() }
func (a access) flag(name protoreflect.Name) bool    { return a.m.Get(a.field(name)).Bool() }
func (a access) set(name protoreflect.Name, v any) error {
	return set(a.m, a.field(name), reflect.ValueOf(v))
}
func (a access) json(name protoreflect.Name, v any, err error) error {
	if err != nil && !isNil(err) {
		return err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.set(name, raw)
}

type special func(api plugin.API, request, response access) error

// specials are the methods whose messages are not their arguments and results.
var specials = map[string]special{
	"LoadPluginConfiguration": func(api plugin.API, _, response access) error {
		var settings json.RawMessage
		err := api.LoadPluginConfiguration(&settings)
		return response.json("config_json", settings, err)
	},
	"GetConfig": func(api plugin.API, _, response access) error {
		return response.json("config_json", api.GetConfig(), nil)
	},
	"GetUnsanitizedConfig": func(api plugin.API, _, response access) error {
		return response.json("config_json", api.GetUnsanitizedConfig(), nil)
	},
	"SaveConfig": func(api plugin.API, request, _ access) error {
		cfg := &model.Config{}
		if err := json.Unmarshal(request.bytes("config_json"), cfg); err != nil {
			return err
		}
		return orNil(api.SaveConfig(cfg))
	},
	"GetLicense": func(api plugin.API, _, response access) error {
		if license := api.GetLicense(); license != nil {
			return response.json("license_json", license, nil)
		}
		return nil
	},
	"LogDebug": func(api plugin.API, request, _ access) error { return log(api.LogDebug, request) },
	"LogInfo":  func(api plugin.API, request, _ access) error { return log(api.LogInfo, request) },
	"LogWarn":  func(api plugin.API, request, _ access) error { return log(api.LogWarn, request) },
	"LogError": func(api plugin.API, request, _ access) error { return log(api.LogError, request) },
	"UploadData": func(api plugin.API, request, response access) error {
		session := &model.UploadSession{}
		if err := fill(reflect.ValueOf(session).Elem(), request.m.Get(request.field("upload_session")).Message()); err != nil {
			return err
		}
		info, err := api.UploadData(session, bytes.NewReader(request.bytes("data")))
		if err != nil {
			return err
		}
		return response.set("file_info", info)
	},
	"InstallPlugin": func(api plugin.API, request, response access) error {
		manifest, err := api.InstallPlugin(bytes.NewReader(request.bytes("file_data")), request.flag("replace"))
		if err != nil {
			return err
		}
		return response.set("manifest", manifest)
	},
	"PluginHTTP": func(api plugin.API, request, response access) error {
		r, err := http.NewRequest(request.text("method"), request.text("url"), bytes.NewReader(request.bytes("body")))
		if err != nil {
			return err
		}
		request.m.Get(request.field("headers")).Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			r.Header.Set(k.String(), v.String())
			return true
		})
		answer := api.PluginHTTP(r)
		if answer == nil {
			return errors.New("no answer")
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		headers := map[string]string{}
		for name := range answer.Header {
			headers[name] = answer.Header.Get(name)
		}
		return errors.Join(err, response.set("status_code", answer.StatusCode), response.set("headers", headers), response.set("body", body))
	},
}

func orNil(err *model.AppError) error {
	if err == nil {
		return nil
	}
	return err
}

// log passes values on as the server does, which logs what fmt makes of them.
func log(write func(string, ...any), request access) error {
	var pairs []any
	list := request.m.Get(request.field("key_value_pairs")).List()
	for i := range list.Len() {
		pair := access{list.Get(i).Message().Interface().(*dynamicpb.Message)}
		pairs = append(pairs, pair.text("key"), fmt.Sprint(pair.m.Get(pair.field("value")).Message().Interface()))
	}
	write(request.text("msg"), pairs...)
	return nil
}
