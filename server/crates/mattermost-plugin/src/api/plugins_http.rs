//! HTTP requests to other plugins.

use http::{Request, Response};

use crate::error::Error;
use crate::http::Body;

service! {
    /// HTTP requests from plugin to plugin, inside the server.
    PluginsHttp
}

impl PluginsHttp<'_> {
    /// Sends a request to the `ServeHTTP` hook of another plugin: the path is
    /// `/<plugin id>/<path>`. The other side sees this plugin's id in `Mattermost-Plugin-Id`.
    /// Both bodies stream.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the path names no plugin. A plugin that is not active answers
    /// status 404, which is a response and no error.
    pub async fn request(&self, request: Request<Body>) -> Result<Response<Body>, Error> {
        let mut parts = request.uri().path().splitn(3, '/');
        let (before, id, rest) = (parts.next(), parts.next(), parts.next());
        if before != Some("") || id.is_none_or(str::is_empty) || rest.is_none() {
            return Err(Error::Invalid(format!(
                "a request to a plugin needs the path /<plugin id>/<path>, not {:?}",
                request.uri().path()
            )));
        }
        self.host.plugin_http(request).await
    }
}
