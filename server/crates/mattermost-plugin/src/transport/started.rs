//! What a transport is given to serve.

use std::sync::Arc;

use crate::hooks::Hooks;
use crate::host::Host;

/// Makes the hooks of one plugin instance, which call the server through the given host.
///
/// The host answers nothing until the server has activated the plugin.
pub(crate) type Started = Box<dyn FnOnce(Arc<dyn Host>) -> Arc<dyn Hooks> + Send>;
