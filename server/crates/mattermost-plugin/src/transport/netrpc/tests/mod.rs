//! Whole scenarios: a small plugin and a small host at the two ends of the wire.

mod calls;
mod failures;
mod faults;
mod garbage;
mod http;
mod launch;
mod leaks;
mod sending;
mod streams;
mod support;
