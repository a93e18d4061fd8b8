//! The services the product talks to, as real HTTP servers on loopback.
//!
//! Each service is one module with the same shape: a configuration that describes a small world, a simulator that
//! serves it on a socket, and a handle through which a test moves the world, breaks the network and reads what was
//! asked. Nothing is mocked: the client under test opens real connections.
//!
//! - [`jenkins`]: a Jenkins controller.

pub mod jenkins;
