//! E-mail.

use crate::error::Error;

service! {
    /// E-mail through the server's mail settings.
    Mail
}

impl Mail<'_> {
    /// Sends an HTML mail. Whatever comes from users must be escaped by the caller.
    ///
    /// # Errors
    /// Status 400 when a part is empty, 500 when the mail server refuses. A server that has
    /// notifications by mail disabled sends nothing and answers no error.
    pub async fn send(&self, to: &str, subject: &str, html_body: &str) -> Result<(), Error> {
        self.host
            .send_mail(to.to_owned(), subject.to_owned(), html_body.to_owned())
            .await
    }
}
