//! When the process has done its work.
//!
//! Either the host says so, or it is gone. A host that dies leaves its plugins running, and an open
//! stream is what it drops then: after a connection with such a stream has ended, a host that lives
//! connects again within seconds. Before there was one, the death of the parent process tells.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, interval, sleep_until, timeout};

/// How long a host may stay away after its connection ended.
const ABSENCE: Duration = Duration::from_secs(5);

/// How often the parent process is looked at while nobody is connected.
const LOOK: Duration = Duration::from_secs(1);

/// How long the answer to the host's farewell may take to reach it. Two seconds later it kills.
const FAREWELL: Duration = Duration::from_millis(75);

/// What is known of the host. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Lifetime(watch::Sender<Host>);

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Host {
    connections: usize,
    /// It holds a stream open for as long as it lives.
    holds_stream: bool,
    said_farewell: bool,
}

/// Why the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The host stopped it.
    Farewell,
    /// The host is gone.
    HostGone,
}

/// An open connection of the host. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Connected(watch::Sender<Host>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.send_modify(|host| host.connections -= 1);
    }
}

impl Lifetime {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// The host has connected.
    pub(crate) fn connected(&self) -> Connected {
        self.0.send_modify(|host| host.connections += 1);
        Connected(self.0.clone())
    }

    /// The host has opened a stream that it holds for as long as it lives.
    pub(crate) fn stream_held(&self) {
        self.0.send_modify(|host| host.holds_stream = true);
    }

    /// The host stops the plugin.
    pub(crate) fn farewell(&self) {
        self.0.send_modify(|host| host.said_farewell = true);
    }

    /// Waits for the end. `parent_lives` says whether the process that started this one still is.
    pub(crate) async fn ended(&self, parent_lives: impl Fn() -> bool) -> End {
        let mut changes = self.0.subscribe();
        loop {
            let host = *changes.borrow_and_update();
            if host.said_farewell {
                // The host closes its connections once it has the answer.
                let _ = timeout(FAREWELL, changes.wait_for(|host| host.connections == 0)).await;
                return End::Farewell;
            }
            let absent = async {
                match host {
                    Host {
                        connections: 0,
                        holds_stream,
                        ..
                    } => absence(holds_stream, &parent_lives).await,
                    _ => std::future::pending().await,
                }
            };
            tokio::select! {
                // The sender is our own: it cannot be gone.
                _ = changes.changed() => {}
                () = absent => return End::HostGone,
            }
        }
    }
}

/// Waits until a host that is not connected must be gone.
async fn absence(held_stream: bool, parent_lives: impl Fn() -> bool) {
    let limit = Instant::now() + ABSENCE;
    let mut looks = interval(LOOK);
    loop {
        tokio::select! {
            () = sleep_until(limit), if held_stream => return,
            _ = looks.tick() => {
                if !parent_lives() {
                    return;
                }
            }
        }
    }
}

/// A test of whether the process that started this one still is its parent: when it dies, another
/// takes its place. Always true where the system does not say.
pub(crate) fn parent_watch() -> impl Fn() -> bool {
    #[cfg(unix)]
    {
        let parent = std::os::unix::process::parent_id();
        move || std::os::unix::process::parent_id() == parent
    }
    #[cfg(not(unix))]
    || true
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::{ABSENCE, End, FAREWELL, LOOK, Lifetime};

    const LONG: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test(start_paused = true)]
    async fn a_farewell_waits_for_the_host_to_leave() {
        let lifetime = Lifetime::new();
        let connection = lifetime.connected();
        lifetime.farewell();
        let leaving = async {
            sleep(FAREWELL / 3).await;
            drop(connection);
        };
        let started = Instant::now();
        let (end, ()) = tokio::join!(lifetime.ended(|| true), leaving);
        assert_eq!(end, End::Farewell);
        assert_eq!(started.elapsed(), FAREWELL / 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_farewell_does_not_wait_for_ever() {
        let lifetime = Lifetime::new();
        let _connection = lifetime.connected();
        lifetime.farewell();
        let started = Instant::now();
        assert_eq!(lifetime.ended(|| true).await, End::Farewell);
        assert_eq!(started.elapsed(), FAREWELL);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connected_host_is_there_and_an_idle_one_without_a_stream_too() {
        let lifetime = Lifetime::new();
        let connection = lifetime.connected();
        let check = async {
            sleep(LONG).await;
            drop(connection);
            sleep(LONG).await;
        };
        tokio::select! {
            end = lifetime.ended(|| true) => panic!("{end:?}"),
            () = check => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_drops_its_stream_and_stays_away_is_gone() {
        let lifetime = Lifetime::new();
        let connection = lifetime.connected();
        lifetime.stream_held();
        let coming_and_going = async {
            drop(connection);
            sleep(ABSENCE - Duration::from_millis(1)).await;
            let again = lifetime.connected();
            sleep(LONG).await;
            drop(again);
        };
        let started = Instant::now();
        let (end, ()) = tokio::join!(lifetime.ended(|| true), coming_and_going);
        assert_eq!(end, End::HostGone);
        assert_eq!(
            started.elapsed(),
            ABSENCE - Duration::from_millis(1) + LONG + ABSENCE
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_dies_before_it_connects_is_gone() {
        let died = Instant::now() + LONG;
        let end = Lifetime::new().ended(|| Instant::now() < died).await;
        assert_eq!(end, End::HostGone);
        assert!(died.elapsed() <= LOOK);
    }
}
