//! Installing on a Mattermost server: by its local socket, else by URL and token, with the
//! environment variables that all Mattermost plugins use.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use reqwest::{Client, Method, RequestBuilder, multipart};

use crate::bundle::{self, Packing};
use crate::manifest::Manifest;
use crate::output::line;
use crate::workspace;

#[derive(Args)]
pub(crate) struct ServerArguments {
    /// The server's local socket (`ServiceSettings.LocalModeSocketLocation`).
    #[arg(
        long,
        env = "MM_LOCALSOCKETPATH",
        default_value = "/var/tmp/mattermost_local.socket"
    )]
    socket: PathBuf,
    /// The server's URL.
    #[arg(long, env = "MM_SERVICESETTINGS_SITEURL")]
    site_url: Option<String>,
    /// An administrator's token.
    #[arg(long, env = "MM_ADMIN_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// An administrator's name, where there is no token.
    #[arg(long, env = "MM_ADMIN_USERNAME")]
    username: Option<String>,
    /// The administrator's password.
    #[arg(long, env = "MM_ADMIN_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

#[derive(Args)]
pub(crate) struct LogArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Lines of the server's log to look through.
    #[arg(long, default_value_t = 500)]
    lines: u32,
}

/// Builds for the host platform, uploads and enables.
pub(crate) fn deploy(arguments: &ServerArguments) -> Result<()> {
    let (path, _) = bundle::build(None, "release", false, Packing::Quick)?;
    block_on(async {
        let server = Server::connect(arguments).await?;
        let bytes = std::fs::read(&path)?;
        let form = multipart::Form::new().text("force", "true").part(
            "plugin",
            multipart::Part::bytes(bytes).file_name("plugin.tar.gz"),
        );
        server
            .send(
                server.request(Method::POST, "plugins").multipart(form),
                "upload",
            )
            .await?;
        server
            .send(
                server.request(Method::POST, &format!("plugins/{}/enable", id()?)),
                "enable",
            )
            .await?;
        line(format!("deployed {}", path.display()));
        Ok(())
    })
}

/// Enables or disables the installed plugin.
pub(crate) fn set_enabled(arguments: &ServerArguments, enabled: bool) -> Result<()> {
    let action = if enabled { "enable" } else { "disable" };
    block_on(async {
        let server = Server::connect(arguments).await?;
        server
            .send(
                server.request(Method::POST, &format!("plugins/{}/{action}", id()?)),
                action,
            )
            .await?;
        line(format!("{action}d"));
        Ok(())
    })
}

/// Disables and enables the installed plugin.
pub(crate) fn reset(arguments: &ServerArguments) -> Result<()> {
    set_enabled(arguments, false)?;
    set_enabled(arguments, true)
}

/// Prints the log lines of this plugin.
pub(crate) fn logs(arguments: &LogArguments) -> Result<()> {
    block_on(async {
        let server = Server::connect(&arguments.server).await?;
        let path = format!("logs?page=0&logs_per_page={}", arguments.lines);
        let body = server
            .send(server.request(Method::GET, &path), "logs")
            .await?;
        let lines: Vec<String> =
            serde_json::from_str(&body).context("the server's log is not a list of lines")?;
        let id = id()?;
        for entry in lines.iter().filter(|entry| entry.contains(&id)) {
            line(entry.trim_end());
        }
        Ok(())
    })
}

fn id() -> Result<String> {
    Ok(Manifest::read(&workspace::root().join("plugin.json"))?.id)
}

fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// A server that lets us in.
struct Server {
    client: Client,
    url: String,
    token: Option<String>,
}

impl Server {
    async fn connect(arguments: &ServerArguments) -> Result<Self> {
        if arguments.socket.exists() {
            let client = Client::builder()
                .unix_socket(arguments.socket.clone())
                .build()?;
            return Ok(Self {
                client,
                url: "http://localhost".into(),
                token: None,
            });
        }
        let Some(url) = &arguments.site_url else {
            bail!(
                "no server: {} does not exist. Set MM_LOCALSOCKETPATH, or MM_SERVICESETTINGS_SITEURL with \
                 MM_ADMIN_TOKEN (or MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD)",
                arguments.socket.display()
            );
        };
        let mut server = Self {
            client: Client::new(),
            url: url.trim_end_matches('/').to_owned(),
            token: arguments.token.clone(),
        };
        if server.token.is_none() {
            let (Some(username), Some(password)) = (&arguments.username, &arguments.password)
            else {
                bail!(
                    "no credentials: set MM_ADMIN_TOKEN, or MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD"
                );
            };
            server.token = Some(server.log_in(username, password).await?);
        }
        Ok(server)
    }

    async fn log_in(&self, username: &str, password: &str) -> Result<String> {
        let body = serde_json::json!({"login_id": username, "password": password});
        let response = self
            .request(Method::POST, "users/login")
            .json(&body)
            .send()
            .await?;
        if !response.status().is_success() {
            bail!("log in as {username}: {}", response.status());
        }
        let token = response
            .headers()
            .get("token")
            .context("the server answered no token")?;
        Ok(token.to_str()?.to_owned())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}/api/v4/{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&self, request: RequestBuilder, what: &str) -> Result<String> {
        let response = request
            .send()
            .await
            .with_context(|| format!("{what}: the server was not reached"))?;
        let status = response.status();
        let body = response.text().await?;
        if !status.is_success() {
            let reason = serde_json::from_str::<serde_json::Value>(&body)
                .ok()
                .and_then(|json| json.get("message")?.as_str().map(str::to_owned))
                .unwrap_or(body);
            bail!("{what}: {status}: {reason}");
        }
        Ok(body)
    }
}
