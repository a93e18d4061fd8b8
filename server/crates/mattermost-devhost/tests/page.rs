//! The page's API over real HTTP.

mod support;

use std::sync::Arc;

use mattermost_devhost::{DevHost, web};
use mattermost_plugin::Capability;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use support::{ID, probe};

struct Playground {
    host: Arc<DevHost>,
    port: u16,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for Playground {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

async fn playground() -> Playground {
    let host = Arc::new(probe().start().await.expect("the probe is activated"));
    let listener = web::listen(0).await.expect("a port is free");
    let port = listener.local_addr().expect("it listens").port();
    let server = tokio::spawn(web::serve(host.clone(), listener));
    Playground { host, port, server }
}

impl Playground {
    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))
            .await
            .expect("the page listens");
        let host = if headers.contains("Host:") {
            String::new()
        } else {
            format!("Host: localhost:{}\r\n", self.port)
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the request is sent");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("the answer is text");
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .expect("the answer has a head");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("the answer has a status");
        Answer {
            status,
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "").await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(
            "POST",
            path,
            "Content-Type: application/json\r\n",
            &body.to_string(),
        )
        .await
    }
}

#[tokio::test]
async fn the_page_and_all_its_parts_are_served() {
    let page = playground().await;
    let index = page.get("/").await;
    assert_eq!(index.status, 200);
    assert!(index.head.contains("content-security-policy"));
    for name in index
        .body
        .split("/page/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert_eq!(
            page.get(&format!("/page/{name}")).await.status,
            200,
            "{name}"
        );
    }
    for import in page
        .get("/page/app.js")
        .await
        .body
        .split("from \"./")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert_eq!(
            page.get(&format!("/page/{import}")).await.status,
            200,
            "{import}"
        );
    }
    assert_eq!(page.get("/page/nothing.js").await.status, 404);
    let state = page.get("/api/state?user=alice").await.json();
    assert_eq!(state["plugins"][0]["state"], 2);
    assert_eq!(
        state["users"].as_array().map(Vec::len),
        Some(4),
        "three users and the bot"
    );
}

#[tokio::test]
async fn commands_answer_what_the_user_sees() {
    let page = playground().await;
    let answer = page
        .post(
            "/api/command",
            json!({"user": "alice", "channel": "builds", "text": "/probe echo hi"}),
        )
        .await;
    assert_eq!(answer.json()["text"], "hi");
    let error = page
        .post(
            "/api/command",
            json!({"user": "alice", "channel": "builds", "text": "/nothing"}),
        )
        .await;
    assert_eq!(
        (error.status, error.json()["id"].clone()),
        (
            404,
            json!("api.command.execute_command.not_found.app_error")
        )
    );
    let posts = page
        .get("/api/channels/builds/posts?user=alice")
        .await
        .json();
    assert_eq!(posts["posts"][0]["only_visible_to_you"], true);
    let posts = page.get("/api/channels/builds/posts?user=bob").await.json();
    assert_eq!(posts["posts"], json!([]), "bob does not see it");
}

#[tokio::test]
async fn posts_threads_and_reactions() {
    let page = playground().await;
    let root = page
        .post(
            "/api/posts",
            json!({"user": "alice", "channel": "builds", "message": "root"}),
        )
        .await
        .json();
    let root_id = root["id"].as_str().expect("the post has an id").to_owned();
    page.post(
        "/api/posts",
        json!({"user": "bob", "channel": "builds", "message": "reply", "root_id": root_id}),
    )
    .await;
    page.post(
        "/api/reaction",
        json!({"user": "bob", "post_id": root_id, "emoji": "eyes"}),
    )
    .await;
    let thread = page
        .get(&format!("/api/threads/{root_id}?user=alice"))
        .await
        .json();
    assert_eq!(thread["posts"][1]["message"], "reply");
    assert_eq!(
        thread["posts"][0]["reactions"],
        json!([{"emoji": "eyes", "users": ["bob"]}])
    );
    let direct = page
        .post(
            "/api/posts",
            json!({"user": "alice", "channel": "@bob", "message": "hi"}),
        )
        .await;
    assert_eq!(direct.status, 200);
    assert_eq!(
        page.get("/api/channels/@alice/posts?user=bob").await.json()["posts"][0]["message"],
        "hi"
    );
}

#[tokio::test]
async fn buttons_and_dialogs() {
    let page = playground().await;
    let card = page
        .post(
            "/api/command",
            json!({"user": "alice", "channel": "builds", "text": "/probe card"}),
        )
        .await
        .json();
    let post_id = card["posts"][0]["id"].clone();
    assert!(
        !card.to_string().contains("integration"),
        "what buttons do stays on the server"
    );
    let clicked = page
        .post(
            "/api/action",
            json!({"user": "alice", "post_id": post_id, "action": "update"}),
        )
        .await;
    assert_eq!(clicked.status, 200);
    page.post(
        "/api/command",
        json!({"user": "alice", "channel": "builds", "text": "/probe dialog"}),
    )
    .await;
    let open = page.get("/api/dialogs?user=alice").await.json();
    assert_eq!(open[0]["dialog"]["elements"][0]["subtype"], "password");
    let submit = json!({"user": "alice", "channel": "builds", "dialog_id": open[0]["id"], "fields": {"token": "wrong"}});
    let wrong = page.post("/api/dialog", submit).await.json();
    assert_eq!(
        wrong,
        json!({"closed": false, "error": "", "errors": {"token": "That is not the token."}})
    );
    let right = page
        .post(
            "/api/dialog",
            json!({"user": "alice", "channel": "builds", "fields": {"token": "right"}}),
        )
        .await
        .json();
    assert_eq!(right["closed"], true);
    assert_eq!(page.get("/api/dialogs?user=alice").await.json(), json!([]));
}

#[tokio::test]
async fn suggestions_settings_logs_and_health() {
    let page = playground().await;
    let offer = page
        .get("/api/autocomplete?user=alice&channel=builds&text=/probe%20job%20t")
        .await
        .json();
    if page.host.supports(Capability::AutocompleteTree) {
        assert_eq!(offer[0]["Complete"], "probe job two");
    } else {
        assert_eq!(offer, json!([]));
        let offer = page
            .get("/api/autocomplete?user=alice&channel=builds&text=/pro")
            .await
            .json();
        assert_eq!(offer[0]["Hint"], "[job]");
    }
    let saved = page
        .send(
            "PUT",
            "/api/settings",
            "Content-Type: application/json\r\n",
            "{\"ServerURL\": \"http://x\"}",
        )
        .await;
    assert_eq!(saved.status, 200);
    assert_eq!(
        page.get("/api/settings").await.json(),
        json!({"ServerURL": "http://x"})
    );
    page.post("/api/plugin", json!({"action": "kill"})).await;
    let checked = page
        .post("/api/plugin", json!({"action": "check"}))
        .await
        .json();
    assert_eq!(checked["state"], 2);
    let logs = page.get("/api/logs").await.json();
    assert!(logs.as_array().is_some_and(|lines| {
        lines
            .iter()
            .any(|line| line["message"] == "Health check failed for plugin")
    }));
}

#[tokio::test]
async fn plugin_requests_carry_the_session_of_the_cookie() {
    let page = playground().await;
    let login = page.post("/api/login", json!({"user": "alice"})).await;
    let token = login.json()["token"]
        .as_str()
        .expect("there is a token")
        .to_owned();
    let path = format!("/plugins/{ID}/whoami");
    let cookie = format!("Cookie: MMAUTHTOKEN={token}\r\n");
    let get = page.send("GET", &path, &cookie, "").await.json();
    assert_eq!(
        (get["user"].clone(), get["cookie"].clone()),
        (json!(page.host.user_id("alice")), Value::Null)
    );
    let forged = page.send("POST", &path, &cookie, "x").await.json();
    assert_eq!(
        (forged["user"].clone(), forged["length"].clone()),
        (Value::Null, json!(1)),
        "a form of another site"
    );
    let csrf = login.json()["csrf"]
        .as_str()
        .expect("there is a token")
        .to_owned();
    let meant = page
        .send(
            "POST",
            &path,
            &format!("{cookie}X-CSRF-Token: {csrf}\r\n"),
            "x",
        )
        .await
        .json();
    assert_eq!(meant["user"], json!(page.host.user_id("alice")));
}

#[tokio::test]
async fn events_arrive_by_websocket() {
    let page = playground().await;
    let mut stream = TcpStream::connect(("127.0.0.1", page.port)).await.unwrap();
    let request = format!(
        "GET /api/events?user=bob HTTP/1.1\r\nHost: localhost:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        page.port
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    let mut posted = false;
    // Frames of a server are not masked: their text can be read as it is.
    while !String::from_utf8_lossy(&seen).contains("\"event\":\"posted\"") {
        assert_ne!(
            stream.read_buf(&mut seen).await.unwrap(),
            0,
            "{}",
            String::from_utf8_lossy(&seen)
        );
        if !posted && String::from_utf8_lossy(&seen).contains("\"event\":\"hello\"") {
            posted = true;
            page.host
                .user("alice")
                .post("builds", "news")
                .await
                .unwrap();
        }
    }
    assert!(seen.starts_with(b"HTTP/1.1 101"));
}

#[tokio::test]
async fn foreign_pages_are_refused() {
    let page = playground().await;
    assert_eq!(
        page.send("GET", "/api/state", "Host: evil.example\r\n", "")
            .await
            .status,
        403
    );
    assert_eq!(
        page.send("GET", "/api/state", "Origin: http://evil.example\r\n", "")
            .await
            .status,
        403
    );
    let own = format!("Origin: http://localhost:{}\r\n", page.port);
    assert_eq!(page.send("GET", "/api/state", &own, "").await.status, 200);
}

#[tokio::test]
async fn a_taken_port_leads_to_the_next_one() {
    let taken = web::listen(0).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let next = web::listen(port).await.unwrap();
    assert!(next.local_addr().unwrap().port() > port);
}
