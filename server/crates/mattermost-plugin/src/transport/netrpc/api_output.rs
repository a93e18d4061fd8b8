//! How what an API call answers stands in the reply struct of Go's RPC.

use gobwire::{Decode, Encode};

use super::gob::{Field, GoError, Letters};
use crate::error::Error;
use crate::model::AppError;

/// The output of an API call: nothing, or one value.
pub(crate) trait ApiOutput: Sized {
    /// The reply struct of a call that can fail with an `E`.
    type OrError<E: Field + Send + 'static>: Encode + Decode + Default + Send + 'static;

    /// The reply struct of a call that cannot fail.
    type Alone: Encode + Decode + Default + Send + 'static;

    /// The output, when there is one, and the error.
    fn from_reply<E: Field + Send + 'static>(reply: Self::OrError<E>) -> (Option<Self>, E);

    /// The output, when there is one.
    fn from_lone_reply(reply: Self::Alone) -> Option<Self>;

    /// The reply with this output, when there is one, and this error.
    #[cfg(any(test, feature = "host"))]
    fn into_reply<E: Field + Send + 'static>(output: Option<Self>, error: E) -> Self::OrError<E>;

    /// The reply with this output.
    #[cfg(any(test, feature = "host"))]
    fn into_lone_reply(output: Option<Self>) -> Self::Alone;
}

impl ApiOutput for () {
    type OrError<E: Field + Send + 'static> = Letters<(E,)>;
    type Alone = Letters<()>;

    fn from_reply<E: Field + Send + 'static>(Letters((error,)): Letters<(E,)>) -> (Option<()>, E) {
        (Some(()), error)
    }

    fn from_lone_reply(_: Letters<()>) -> Option<()> {
        Some(())
    }

    #[cfg(any(test, feature = "host"))]
    fn into_reply<E: Field + Send + 'static>(_: Option<()>, error: E) -> Letters<(E,)> {
        Letters((error,))
    }

    #[cfg(any(test, feature = "host"))]
    fn into_lone_reply(_: Option<()>) -> Letters<()> {
        Letters(())
    }
}

/// Go leaves zero values out, so a value that is not there is what [`Field::absent`] says.
impl<T: Field + Send + 'static> ApiOutput for T {
    type OrError<E: Field + Send + 'static> = Letters<(Option<T>, E)>;
    type Alone = Letters<(Option<T>,)>;

    fn from_reply<E: Field + Send + 'static>(
        Letters((output, error)): Letters<(Option<T>, E)>,
    ) -> (Option<T>, E) {
        (output.or_else(T::absent), error)
    }

    fn from_lone_reply(Letters((output,)): Letters<(Option<T>,)>) -> Option<T> {
        output.or_else(T::absent)
    }

    #[cfg(any(test, feature = "host"))]
    fn into_reply<E: Field + Send + 'static>(
        output: Option<T>,
        error: E,
    ) -> Letters<(Option<T>, E)> {
        Letters((output.filter(|output| !output.is_zero()), error))
    }

    #[cfg(any(test, feature = "host"))]
    fn into_lone_reply(output: Option<T>) -> Letters<(Option<T>,)> {
        Letters((output.filter(|output| !output.is_zero()),))
    }
}

/// The error that a call answers beside its output.
pub(crate) trait ApiFailure: Field + Send + 'static {
    /// The failure; `None` when the call succeeded.
    fn failure(self) -> Option<Error>;

    /// As Go's API would answer it.
    #[cfg(any(test, feature = "host"))]
    fn of(error: Error) -> Self;
}

impl ApiFailure for Option<AppError> {
    fn failure(self) -> Option<Error> {
        self.map(Error::App)
    }

    #[cfg(any(test, feature = "host"))]
    fn of(error: Error) -> Self {
        GoError::from(error).into_app_error()
    }
}

impl ApiFailure for GoError {
    fn failure(self) -> Option<Error> {
        self.into_result().err()
    }

    #[cfg(any(test, feature = "host"))]
    fn of(error: Error) -> Self {
        error.into()
    }
}
