//! What a transport is given to serve.

use std::sync::Arc;

use crate::hooks::Hooks;
use crate::remote::Remote;

/// Makes the hooks of one plugin instance, which call the server through the given connection.
///
/// It answers nothing until the server has activated the plugin.
pub(crate) type Started = Box<dyn FnOnce(Remote) -> Arc<dyn Hooks> + Send>;
