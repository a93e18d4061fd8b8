//! A request, as the network delivered it and as Jenkins understands it.

use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, Method};

use super::Fields;
use super::auth::Login;

/// A request before Jenkins looked at it.
#[derive(Clone, Debug)]
pub(crate) struct NetworkCall {
    pub(crate) method: Method,
    /// The path as sent, undecoded, below the context path; `None` if it is not below it.
    pub(crate) path: Option<String>,
    /// The whole path as sent.
    pub(crate) full_path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl NetworkCall {
    pub(crate) fn new(head: Parts, body: Bytes, context_path: &str) -> Self {
        let full_path = head.uri.path().to_owned();
        let path = match full_path.strip_prefix(context_path) {
            Some("") => Some("/".to_owned()),
            Some(rest) if rest.starts_with('/') => Some(rest.to_owned()),
            _ => None,
        };
        Self {
            method: head.method,
            path,
            full_path,
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body,
        }
    }

    pub(crate) fn form(&self) -> Fields {
        Fields::of_body(&self.headers, &self.body)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A request on its way to a page.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) network: NetworkCall,
    /// The path below the context path: split, then each segment decoded once, as stapler does.
    pub(crate) segments: Vec<String>,
    pub(crate) login: Login,
    pub(crate) query: Fields,
    pub(crate) form: Fields,
    /// The context path, empty or with a slash at its start only.
    pub(crate) context_path: String,
    /// The root as the client knows it, for `Location`; no slash at the end.
    pub(crate) client_root: String,
    /// The root as Jenkins knows it, for bodies; no slash at the end.
    pub(crate) own_root: String,
}

impl Call {
    pub(crate) fn new(
        network: NetworkCall,
        segments: Vec<String>,
        login: Login,
        context_path: &str,
        public_url: Option<&str>,
    ) -> Self {
        let host = network
            .headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("127.0.0.1");
        let client_root = format!("http://{host}{context_path}");
        let own_root = public_url.map_or_else(|| client_root.clone(), str::to_owned);
        let (query, form) = (Fields::of_query(&network.query), network.form());
        Self {
            network,
            segments,
            login,
            query,
            form,
            context_path: context_path.to_owned(),
            client_root,
            own_root,
        }
    }

    pub(crate) fn is_post(&self) -> bool {
        self.network.method == Method::POST
    }

    /// `req.getParameter`: a field of the query, else of the form.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form.get(name))
    }

    /// Where `sendRedirect(".")` leads: the directory of the request's path.
    pub(crate) fn here(&self) -> String {
        let path = self.network.path.as_deref().unwrap_or("/");
        let directory = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        format!("{}{directory}", self.client_root)
    }

    /// Where `forwardToPreviousPage` leads: the referring page, or [here](Self::here).
    pub(crate) fn previous_page(&self) -> String {
        self.network
            .header("referer")
            .map_or_else(|| self.here(), str::to_owned)
    }
}
