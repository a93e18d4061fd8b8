//! Audit records.

use crate::error::Error;
use crate::model::AuditRecord;

service! {
    /// The server's audit log.
    Audit
}

impl Audit<'_> {
    /// Writes one record; the server adds this plugin's id. Records hold who did what to which
    /// object, never secrets.
    ///
    /// # Errors
    /// When the server cannot be reached. A server whose audit log is disabled drops the record.
    pub async fn log(&self, record: &AuditRecord) -> Result<(), Error> {
        self.host.log_audit_rec(record.clone()).await
    }
}
