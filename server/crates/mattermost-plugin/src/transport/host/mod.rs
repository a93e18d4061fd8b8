//! What the host's side of every transport needs: processes of plugins, and connections that can be
//! made to fail.

mod faults;
mod process;

pub use faults::Faults;
pub(crate) use faults::Faulty;
pub(crate) use process::{Process, Start};
