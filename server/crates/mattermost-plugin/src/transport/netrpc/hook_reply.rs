//! What each kind of hook answers on the wire.
//!
//! [`HookReply`] turns a hook's neutral output into the reply struct of Go's RPC and back.

#[cfg(any(test, feature = "host"))]
use std::any::Any;

use gobwire::{Decode, Encode};

use super::gob::{Field, GoError, Letters};
use crate::error::HookError;
use crate::hooks::{HookFailure, Verdict};
use crate::model::{AppError, CommandResponse, Config, FileData};

/// The output of a hook.
pub(crate) trait HookReply: Sized {
    /// The reply struct.
    type Wire: Encode + Decode + Default + Send + 'static;

    /// The reply that says this.
    fn into_wire(self) -> Self::Wire;

    /// What the reply to a call with these arguments says.
    #[cfg(any(test, feature = "host"))]
    fn from_wire(wire: Self::Wire, arguments: &[&dyn Any]) -> Self;

    /// What a host decodes the reply into, which matters where Go sends back what it was sent
    /// (`client_rpc.go`, `MessageWillBePosted`).
    #[cfg(any(test, feature = "host"))]
    fn expected(_arguments: &[&dyn Any]) -> Self::Wire {
        Self::Wire::default()
    }

    /// The output that tells the failure to whom it concerns. By default there is none, the call
    /// itself fails, and the server goes on as if the hook did not exist.
    fn from_failure(failure: HookFailure) -> Result<Self, HookFailure> {
        Err(failure)
    }
}

impl HookReply for () {
    type Wire = Letters<()>;

    fn into_wire(self) -> Self::Wire {
        Letters(())
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(_: Self::Wire, _: &[&dyn Any]) -> Self {}
}

impl HookReply for String {
    type Wire = Letters<(String,)>;

    fn into_wire(self) -> Self::Wire {
        Letters((self,))
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((text,)): Self::Wire, _: &[&dyn Any]) -> Self {
        text
    }
}

impl HookReply for Result<(), HookError> {
    type Wire = Letters<(GoError,)>;

    fn into_wire(self) -> Self::Wire {
        Letters((self.into(),))
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((error,)): Self::Wire, _: &[&dyn Any]) -> Self {
        error.into_hook_result()
    }

    fn from_failure(failure: HookFailure) -> Result<Self, HookFailure> {
        Ok(Err(failure.into()))
    }
}

impl HookReply for Result<CommandResponse, AppError> {
    type Wire = Letters<(Option<CommandResponse>, Option<AppError>)>;

    fn into_wire(self) -> Self::Wire {
        match self {
            Ok(response) => Letters((Some(response), None)),
            Err(error) => Letters((None, Some(error))),
        }
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((response, error)): Self::Wire, _: &[&dyn Any]) -> Self {
        match error {
            Some(error) => Err(error),
            None => Ok(response.unwrap_or_default()),
        }
    }

    /// A call that fails looks to the user as if the command did not exist.
    fn from_failure(failure: HookFailure) -> Result<Self, HookFailure> {
        Ok(Err(AppError {
            id: "plugin.execute_command.failed".to_owned(),
            message: format!(
                "The command failed: {failure}. The plugin's administrator finds more in the server's log."
            ),
            status_code: 500,
            r#where: "ExecuteCommand".to_owned(),
            skip_translation: true,
            ..AppError::default()
        }))
    }
}

impl HookReply for Result<Vec<FileData>, HookError> {
    type Wire = Letters<(Vec<FileData>, GoError)>;

    fn into_wire(self) -> Self::Wire {
        match self {
            Ok(files) => Letters((files, GoError::None)),
            Err(error) => Letters((Vec::new(), error.into())),
        }
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((files, error)): Self::Wire, _: &[&dyn Any]) -> Self {
        error.into_hook_result().map(|()| files)
    }

    fn from_failure(failure: HookFailure) -> Result<Self, HookFailure> {
        Ok(Err(failure.into()))
    }
}

/// Here nothing means that the configuration is accepted as it is.
impl HookReply for Result<Option<Config>, HookError> {
    type Wire = Letters<(Option<Config>, GoError)>;

    fn into_wire(self) -> Self::Wire {
        match self {
            Ok(config) => Letters((config, GoError::None)),
            Err(error) => Letters((None, error.into())),
        }
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((config, error)): Self::Wire, _: &[&dyn Any]) -> Self {
        error.into_hook_result().map(|()| config)
    }

    fn from_failure(failure: HookFailure) -> Result<Self, HookFailure> {
        Ok(Err(failure.into()))
    }
}

impl<T: Field + Clone + PartialEq + Send + 'static> HookReply for Verdict<T> {
    type Wire = Letters<(Option<T>, String)>;

    fn into_wire(self) -> Self::Wire {
        match self {
            Self::Allow => Letters((None, String::new())),
            Self::Replace(replacement) => Letters((Some(replacement), String::new())),
            // An empty reason would let the post pass.
            Self::Reject(reason) if reason.is_empty() => Letters((None, "rejected".to_owned())),
            Self::Reject(reason) => Letters((None, reason)),
        }
    }

    #[cfg(any(test, feature = "host"))]
    fn from_wire(Letters((replacement, reason)): Self::Wire, arguments: &[&dyn Any]) -> Self {
        match replacement {
            _ if !reason.is_empty() => Self::Reject(reason),
            Some(replacement) if sent::<T>(arguments) != Some(&replacement) => {
                Self::Replace(replacement)
            }
            _ => Self::Allow,
        }
    }

    #[cfg(any(test, feature = "host"))]
    fn expected(arguments: &[&dyn Any]) -> Self::Wire {
        Letters((sent::<T>(arguments).cloned(), String::new()))
    }
}

/// The first argument of a type, which is the one that a verdict is about.
#[cfg(any(test, feature = "host"))]
fn sent<'a, T: 'static>(arguments: &[&'a dyn Any]) -> Option<&'a T> {
    arguments
        .iter()
        .find_map(|argument| argument.downcast_ref())
}
