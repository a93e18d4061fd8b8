//! A server that answers connections with exactly the bytes that a test gives it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What to do with one connection after a request has arrived.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Send these bytes and close.
    Bytes(Vec<u8>),
    /// Send these bytes and leave the connection open for ever.
    ThenSilence(Vec<u8>),
    /// Send the first bytes, then the second ones again and again until the client leaves.
    Endless(Vec<u8>, Vec<u8>),
    /// Close without a word.
    Close,
}

impl Reply {
    pub(crate) fn text(text: &str) -> Self {
        Self::Bytes(text.replace('\n', "\r\n").into_bytes())
    }

    /// A complete answer; line breaks of the head become those of HTTP.
    pub(crate) fn answer(head: &str, body: &str) -> Self {
        let head = format!(
            "HTTP/1.1 {head}\nContent-Length: {}\nConnection: close\n\n",
            body.len()
        );
        Self::Bytes((head.replace('\n', "\r\n") + body).into_bytes())
    }
}

/// Listens on loopback until dropped. The last reply is repeated.
pub(crate) struct WireServer {
    pub(crate) url: Url,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl WireServer {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<Reply> = replies.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("bound"))
            .parse()
            .expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut open = Vec::new();
            for count in 0.. {
                let Ok((mut connection, _)) = listener.accept().await else {
                    return;
                };
                let request = read_request(&mut connection).await;
                log.lock().expect("not poisoned").push(request);
                let reply = replies[usize::min(count, replies.len() - 1)].clone();
                open.extend(answer(connection, reply).await);
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// All requests so far: head and body as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }
}

impl Drop for WireServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns a connection that has to stay open.
async fn answer(mut connection: TcpStream, reply: Reply) -> Option<TcpStream> {
    match reply {
        Reply::Close => None,
        Reply::Bytes(bytes) => {
            let _ = connection.write_all(&bytes).await;
            let _ = connection.shutdown().await;
            None
        }
        Reply::ThenSilence(bytes) => {
            let _ = connection.write_all(&bytes).await;
            Some(connection)
        }
        Reply::Endless(first, repeated) => {
            tokio::spawn(async move {
                let _ = connection.write_all(&first).await;
                while connection.write_all(&repeated).await.is_ok() {}
            });
            None
        }
    }
}

async fn read_request(connection: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                })
                .and_then(|length| length.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return text;
            }
        }
        match connection.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
