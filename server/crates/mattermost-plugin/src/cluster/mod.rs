//! Working together with the other instances of this plugin: two nodes are the normal case.
//!
//! * [`Mutex`] lets one instance at a time do something, and renews its claim while it works.
//! * [`schedule`] runs a job once in the cluster per interval.
//! * [`Presence`] tells which instances are alive, so that the work of a dead one is taken over.
//! * [`Lease`] is the primitive below the first two: a claim with an end, kept in the key-value store and
//!   changed by compare-and-set only.
//!
//! # What is promised, and what is not
//!
//! A lease can never be *safe by itself*: a holder that is suspended for longer than its time to
//! live cannot know, when it wakes, that somebody else holds it now. So every grant carries a
//! **fencing token**, a number that grows with each grant of the same name. Write it into the
//! records that the lease protects, and refuse to replace a record whose token is larger than your
//! own; then a late writer harms nothing.
//!
//! | event | what happens |
//! |---|---|
//! | the holder crashes | The others wait until the lease ends: at most its time to live plus [`CLOCK_SKEW`]. Nothing needs cleaning up. |
//! | the holder loses the server | It cannot renew and counts the lease as lost when its time to live has passed on its own monotonic clock, which began *before* the last successful write was sent. The others take over after that, never before, unless clocks are wrong by more than [`CLOCK_SKEW`]. |
//! | an answer of the server is lost | The holder does not know whether its write took place and tries both possibilities at the next renewal. An instance that finds itself named as the holder takes the lease again at once. |
//! | clocks differ by less than [`CLOCK_SKEW`] | Nothing. |
//! | a clock is ahead by more | That instance may take the lease too early. The former holder notices at its next renewal (a third of the time to live); until then both believe to hold it, and the tokens decide. |
//! | a clock is behind, or jumps | Waiting instances also watch the record on their own monotonic clock: one that has not changed for its whole time to live is free, whatever the clocks say. |
//! | reads come late from a replica | Nothing is decided by a read: it may only make an instance wait longer or try in vain. |
//! | both halves of a partition reach the database | There is one truth, in the database. |
//!
//! Records stay for a day after the last use ([`api::KvSet::ttl`](crate::api::KvSet::ttl)), so that
//! tokens keep growing. Keys begin with `lease_` and `schedule_`.

mod clock;
mod lease;
mod mutex;
mod presence;
mod record;
mod schedule;

pub(crate) use crate::api::new_id as random_id;
pub use clock::{Clock, SystemClock};
pub use lease::{CLOCK_SKEW, Grant, Lease, MIN_TTL, Take};
pub use mutex::{Guard, Mutex};
pub use presence::Presence;
pub use schedule::{Job, Run, schedule, schedule_with};

#[cfg(test)]
mod tests;
