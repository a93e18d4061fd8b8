//! Forms with files (RFC 7578).

use bytes::Bytes;
use http::HeaderValue;

/// Collects the fields of a form. All of it is held: for small files.
#[derive(Debug)]
pub struct Multipart {
    boundary: String,
    body: Vec<u8>,
}

impl Multipart {
    /// An empty form. `boundary` is random letters and digits, which no content can hold by chance.
    #[must_use]
    pub fn new(boundary: String) -> Self {
        Self {
            boundary,
            body: Vec::new(),
        }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        let name = quoted(name);
        self.part(&format!("name={name}"), value.as_bytes())
    }

    /// Adds a file.
    #[must_use]
    pub fn file(self, name: &str, file_name: &str, content: &[u8]) -> Self {
        let head = format!("name={}; filename={}", quoted(name), quoted(file_name));
        self.part(
            &format!("{head}\r\nContent-Type: application/octet-stream"),
            content,
        )
    }

    fn part(mut self, head: &str, content: &[u8]) -> Self {
        let start = format!(
            "--{}\r\nContent-Disposition: form-data; {head}\r\n\r\n",
            self.boundary
        );
        self.body
            .reserve(start.len() + content.len() + self.boundary.len() + 8);
        self.body.extend_from_slice(start.as_bytes());
        self.body.extend_from_slice(content);
        self.body.extend_from_slice(b"\r\n");
        self
    }

    /// The content type and the body; `None` for a boundary that is none.
    pub(super) fn finish(mut self) -> Option<(HeaderValue, Bytes)> {
        let end = format!("--{}--\r\n", self.boundary);
        self.body.extend_from_slice(end.as_bytes());
        let kind = format!("multipart/form-data; boundary={}", self.boundary);
        Some((HeaderValue::from_str(&kind).ok()?, self.body.into()))
    }
}

/// As browsers quote names (HTML, "multipart/form-data encoding algorithm").
fn quoted(name: &str) -> String {
    let name = name
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    format!("\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_two_fields() {
        let form = Multipart::new("cut".into())
            .text("a\"b\r\nX: y", "1\n2")
            .file("f", "ключ.txt", b"\0\xff");
        let (kind, body) = form.finish().unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=cut");
        let expected = [
            "--cut\r\nContent-Disposition: form-data; name=\"a%22b%0D%0AX: y\"\r\n\r\n1\n2\r\n"
                .as_bytes(),
            "--cut\r\nContent-Disposition: form-data; name=\"f\"; filename=\"ключ.txt\"\r\n"
                .as_bytes(),
            b"Content-Type: application/octet-stream\r\n\r\n\0\xff\r\n--cut--\r\n",
        ];
        assert_eq!(body, expected.concat());
    }
}
