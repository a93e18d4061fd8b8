//! Interactive dialogs.

use super::dialog_limits;
use crate::error::Error;
use crate::model::OpenDialogRequest;

service! {
    /// Interactive dialogs: forms that a click or a command opens before one user.
    Dialogs
}

impl Dialogs<'_> {
    /// Opens a dialog before the user whose click or command gave the trigger id, which the server
    /// accepts for a few seconds only (`OutgoingIntegrationRequestsTimeout`).
    ///
    /// A dialog that breaks one of the server's limits is refused here: the server itself would
    /// log a line, answer no error, and show nothing or half of it.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming every element that breaks a limit; status 400 when the trigger
    /// id has expired or is not genuine.
    pub async fn open(&self, dialog: &OpenDialogRequest) -> Result<(), Error> {
        dialog_limits::check(dialog)?;
        self.host.open_interactive_dialog(dialog.clone()).await
    }
}
