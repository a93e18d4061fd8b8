//! Submitted fields: query strings, URL-encoded forms and multipart forms.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Names and values in the order they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn of_query(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The form in a request's body; empty if the body is something else.
    pub(crate) fn of_body(headers: &HeaderMap, body: &[u8]) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            return Self(url::form_urlencoded::parse(body).into_owned().collect());
        }
        match content_type.split_once("boundary=") {
            Some((kind, boundary)) if kind.starts_with("multipart/form-data") => {
                Self::of_multipart(
                    boundary
                        .split(';')
                        .next()
                        .unwrap_or_default()
                        .trim_matches('"'),
                    body,
                )
            }
            _ => Self::default(),
        }
    }

    fn of_multipart(boundary: &str, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let delimiter = format!("--{boundary}");
        let parts = text.split(delimiter.as_str()).skip(1).filter_map(|part| {
            let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
            let name = head.split("name=\"").nth(1)?.split('"').next()?;
            Some((
                name.to_owned(),
                value.strip_suffix("\r\n").unwrap_or(value).to_owned(),
            ))
        });
        Self(parts.collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_multipart_form() {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            "multipart/form-data; boundary=XyZ".parse().unwrap(),
        );
        let body = "--XyZ\r\nContent-Disposition: form-data; name=\"A\"\r\n\r\n1\r\n2\r\n\
                    --XyZ\r\nContent-Disposition: form-data; name=\"F\"; filename=\"f.txt\"\r\n\r\nfile\r\n--XyZ--\r\n";
        let fields = Fields::of_body(&headers, body.as_bytes());
        assert_eq!(fields.get("A"), Some("1\r\n2"));
        assert_eq!(fields.get("F"), Some("file"));
    }
}
