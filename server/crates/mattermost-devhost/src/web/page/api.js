// The plain HTTP API of the development server.

export const session = { user: "admin", csrf: "" };

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const detail = body.detailed_error ? ` (${body.detailed_error})` : "";
    throw new Error((body.message || `The server answered ${response.status}.`) + detail);
  }
  return body;
}

export async function get(path, query = {}) {
  const search = new URLSearchParams({ user: session.user, ...query });
  return answer(await fetch(`${path}?${search}`));
}

export async function post(path, body = {}) {
  return answer(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: session.user, ...body }),
  }));
}

export async function logIn(user) {
  session.user = user;
  const { csrf } = await post("/api/login");
  session.csrf = csrf;
}

// Calls `onEvent` for each event and `onState` when the connection comes and goes.
export function listen(onEvent, onState) {
  let socket;
  let closed = false;
  let wait = 250;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/api/events?user=${encodeURIComponent(session.user)}`);
    socket.onopen = () => { wait = 250; onState(true); };
    socket.onmessage = (message) => onEvent(JSON.parse(message.data));
    socket.onclose = () => {
      if (closed) return;
      onState(false);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  connect();
  return () => { closed = true; socket.close(); };
}
