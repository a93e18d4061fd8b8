//! Whole scenarios: a small plugin and a small host at the two ends of the wire.

mod calls;
mod faults;
mod streams;
