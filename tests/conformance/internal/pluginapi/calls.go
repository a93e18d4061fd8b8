package pluginapi

import (
	"context"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// Names of the two services.
const (
	Hooks = "mattermost.pluginapi.v1.PluginHooks"
	API   = "mattermost.pluginapi.v1.PluginAPI"
)

// Handshake is what Mattermost and its plugins agree on.
var Handshake = goplugin.HandshakeConfig{
	ProtocolVersion: 1, MagicCookieKey: "MATTERMOST_PLUGIN", MagicCookieValue: "Securely message teams, anywhere.",
}

// Path is how a call is addressed.
func Path(service, method string) string { return "/" + service + "/" + method }

// message is a pointer to a generated struct.
type message[T any] interface {
	*T
	proto.Message
}

// Invoke makes a call.
func Invoke[R any, P message[R]](ctx context.Context, conn grpc.ClientConnInterface, service, method string, request proto.Message) (P, error) {
	response := P(new(R))
	if err := conn.Invoke(ctx, Path(service, method), request, response); err != nil {
		return nil, err
	}
	return response, nil
}

// Unary is how a call is answered, as protoc-gen-go-grpc would write it.
func Unary[Q any, P message[Q], R proto.Message](name string, answer func(context.Context, P) (R, error)) grpc.MethodDesc {
	handler := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		request := P(new(Q))
		if err := decode(request); err != nil {
			return nil, err
		}
		return answer(ctx, request)
	}
	return grpc.MethodDesc{MethodName: name, Handler: handler}
}
