//! What each user was told, and when to ask again.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;
use url::Url;

use super::VisibleJobs;
use super::table::{JobSet, JobTable};
use crate::clock::Clock;
use crate::config::ServerAlias;
use crate::connections::Account;
use crate::jenkins::access::{Access, AccessError, Server};
use crate::jenkins::error::ErrorKind;
use crate::jenkins::model::CatalogEntry;

/// After this time a list is fetched anew when somebody asks, in milliseconds. Meanwhile the old one
/// serves.
const FRESH: i64 = 5 * 60 * 1000;
/// After this time it does not serve any more: permissions may have changed, in milliseconds.
const USABLE: i64 = 60 * 60 * 1000;
/// A list that could not be fetched is not tried again for this time, in milliseconds.
const PAUSE: i64 = 30 * 1000;
/// A command waits this long for a list that is being fetched.
const LONG: Duration = Duration::from_secs(60);
/// Most users of one server whose lists are kept.
const MOST_USERS: usize = 200;
/// How many lists are fetched at once: each is the most expensive question there is.
const AT_ONCE: usize = 2;

/// The lists of all users, of all servers.
#[derive(Debug)]
pub struct Catalogs {
    access: Arc<Access>,
    clock: Clock,
    servers: Mutex<HashMap<ServerAlias, ServerLists>>,
    fetching: Semaphore,
    /// Changes whenever a fetch is over.
    over: watch::Sender<()>,
    tasks: TaskTracker,
}

/// The lists of one server.
#[derive(Debug)]
struct ServerLists {
    /// Where it is: at another address, everything is different.
    root: Url,
    table: Arc<JobTable>,
    users: HashMap<String, UserList>,
    /// Counts requests, to know whose list was used last.
    uses: u64,
    /// How many names were left when they were last looked through.
    names_in_use: usize,
}

/// The list of one user.
#[derive(Debug, Default)]
struct UserList {
    /// The Jenkins account that was told.
    account: String,
    told: Option<Told>,
    is_being_fetched: bool,
    failed_at: Option<i64>,
    used: u64,
}

#[derive(Debug, Clone)]
struct Told {
    set: Arc<JobSet>,
    at: i64,
}

/// What is known when somebody asks.
enum Known {
    /// A list.
    Jobs(VisibleJobs),
    /// A list is being fetched.
    Coming,
    /// None, and none is coming.
    Nothing,
}

impl Catalogs {
    /// No lists yet.
    #[must_use]
    pub fn new(access: Arc<Access>, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            access,
            clock,
            servers: Mutex::default(),
            fetching: Semaphore::new(AT_ONCE),
            over: watch::Sender::new(()),
            tasks: TaskTracker::new(),
        })
    }

    /// What is known of the jobs that a user may see. A list that is old is fetched in the background.
    /// If there is none yet, waits for it, but not longer than `patience`.
    pub async fn known(
        self: &Arc<Self>,
        user_id: &str,
        server: &Server,
        patience: Duration,
    ) -> Option<VisibleJobs> {
        let mut over = self.over.subscribe();
        let account = self.account(user_id, server).await?;
        if self.is_due(user_id, server, &account) {
            let catalogs = Arc::clone(self);
            let (user_id, alias) = (user_id.to_owned(), server.alias.clone());
            self.tasks.spawn(async move {
                if let Err(error) = catalogs.fetch(&user_id, &alias).await {
                    tracing::debug!(?error, %alias, "a list of jobs is not fetched");
                }
            });
        }
        let told = async {
            loop {
                match self.peek(user_id, server, &account) {
                    Known::Jobs(jobs) => return Some(jobs),
                    Known::Coming => over.changed().await.ok()?,
                    Known::Nothing => return None,
                }
            }
        };
        tokio::time::timeout(patience, told).await.ok().flatten()
    }

    /// The jobs that a user may see, as of some minutes ago; waits for them if need be.
    ///
    /// # Errors
    /// What is in the way of asking Jenkins.
    pub async fn listed(
        self: &Arc<Self>,
        user_id: &str,
        server: &Server,
    ) -> Result<VisibleJobs, AccessError> {
        if let Some(jobs) = self.known(user_id, server, LONG).await {
            return Ok(jobs);
        }
        // It is not there, and why not is to be told.
        self.fetch(user_id, &server.alias).await
    }

    /// Whom Jenkins sees in this user; who is not connected any more has no list.
    async fn account(&self, user_id: &str, server: &Server) -> Option<String> {
        let account = Account::new(user_id, &server.alias);
        let stored = self.access.connections().jenkins_user(&account).await;
        let stored = stored.unwrap_or_else(|error| {
            tracing::warn!(%error, "whether a user is connected is not known");
            None
        });
        if stored.is_none() {
            self.forget(user_id, &server.alias);
        }
        stored
    }

    /// Whether the caller should fetch the list: it is old or not there, and nobody else does.
    fn is_due(&self, user_id: &str, server: &Server, account: &str) -> bool {
        let now = self.clock.now();
        let is_within = |at: i64, period: i64| now.saturating_sub(at) < period;
        let mut servers = self.lock();
        let lists = at(&mut servers, server);
        let uses = lists.touch();
        let list = lists.users.entry(user_id.to_owned()).or_default();
        if list.account != account {
            *list = UserList {
                account: account.to_owned(),
                ..UserList::default()
            };
        }
        list.used = uses;
        let is_fresh = list
            .told
            .as_ref()
            .is_some_and(|told| is_within(told.at, FRESH));
        let is_paused = list.failed_at.is_some_and(|at| is_within(at, PAUSE));
        let is_due = !is_fresh && !is_paused && !list.is_being_fetched;
        list.is_being_fetched |= is_due;
        lists.make_room();
        is_due
    }

    fn peek(&self, user_id: &str, server: &Server, account: &str) -> Known {
        let now = self.clock.now();
        let mut servers = self.lock();
        let lists = at(&mut servers, server);
        let list = lists.users.get(user_id);
        let Some(list) = list.filter(|list| list.account == account) else {
            return Known::Nothing;
        };
        match list.usable(now, &lists.table) {
            Some(jobs) => Known::Jobs(jobs),
            None if list.is_being_fetched => Known::Coming,
            None => Known::Nothing,
        }
    }

    async fn fetch(&self, user_id: &str, alias: &ServerAlias) -> Result<VisibleJobs, AccessError> {
        // However this ends, the next one may try.
        let _over = Over {
            catalogs: self,
            user_id,
            alias,
        };
        let fetched = async {
            let _permit = self.fetching.acquire().await;
            let server = self.access.server(alias)?;
            let client = self.access.client(user_id, alias).await?;
            let listed = client.catalog().await?;
            Ok::<_, AccessError>((server, client.user().to_owned(), listed))
        };
        match fetched.await {
            Ok((server, account, listed)) => Ok(self.keep(user_id, &server, account, &listed)),
            Err(error) => {
                self.give_up(user_id, alias, &error);
                Err(error)
            }
        }
    }

    fn keep(
        &self,
        user_id: &str,
        server: &Server,
        account: String,
        listed: &[CatalogEntry],
    ) -> VisibleJobs {
        let mut servers = self.lock();
        let lists = at(&mut servers, server);
        let set = Arc::new(Arc::make_mut(&mut lists.table).admit(listed));
        let used = lists.touch();
        let list = UserList {
            account,
            told: Some(Told {
                set: Arc::clone(&set),
                at: self.clock.now(),
            }),
            is_being_fetched: false,
            failed_at: None,
            used,
        };
        lists.users.insert(user_id.to_owned(), list);
        let table = Arc::clone(&lists.table);
        lists.make_room();
        lists.compact();
        VisibleJobs { table, set }
    }

    fn give_up(&self, user_id: &str, alias: &ServerAlias, error: &AccessError) {
        let mut servers = self.lock();
        let Some(lists) = servers.get_mut(alias) else {
            return;
        };
        let Some(list) = lists.users.get_mut(user_id) else {
            return;
        };
        list.failed_at = Some(self.clock.now());
        // Jenkins does not tell this account anything any more.
        if matches!(error, AccessError::Jenkins(error) if error.kind() == ErrorKind::Access) {
            list.told = None;
        }
    }

    fn forget(&self, user_id: &str, alias: &ServerAlias) {
        if let Some(lists) = self.lock().get_mut(alias) {
            lists.users.remove(user_id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ServerAlias, ServerLists>> {
        // All is in order between any two statements under this lock.
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a fetch, also if it is dropped or panics.
struct Over<'a> {
    catalogs: &'a Catalogs,
    user_id: &'a str,
    alias: &'a ServerAlias,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if let Some(lists) = self.catalogs.lock().get_mut(self.alias)
            && let Some(list) = lists.users.get_mut(self.user_id)
        {
            list.is_being_fetched = false;
        }
        self.catalogs.over.send_replace(());
    }
}

/// The lists of a server, empty ones if it is not where it was.
fn at<'a>(
    servers: &'a mut HashMap<ServerAlias, ServerLists>,
    server: &Server,
) -> &'a mut ServerLists {
    let root = server.address.internal_root();
    let fresh = || ServerLists {
        root: root.clone(),
        table: Arc::default(),
        users: HashMap::new(),
        uses: 0,
        names_in_use: 0,
    };
    match servers.entry(server.alias.clone()) {
        Slot::Vacant(slot) => slot.insert(fresh()),
        Slot::Occupied(slot) => {
            let lists = slot.into_mut();
            if lists.root != *root {
                *lists = fresh();
            }
            lists
        }
    }
}

impl ServerLists {
    fn touch(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }

    /// Forgets the lists that nobody asked for in the longest time.
    fn make_room(&mut self) {
        while self.users.len() > MOST_USERS {
            let oldest = self.users.iter().min_by_key(|(_, list)| list.used);
            let Some(oldest) = oldest.map(|(user_id, _)| user_id.clone()) else {
                return;
            };
            self.users.remove(&oldest);
        }
    }

    /// Once half of the names may be in no list any more, those that are not are forgotten.
    fn compact(&mut self) {
        if self.table.len() <= 2 * self.names_in_use + 1000 {
            return;
        }
        let told = self
            .users
            .values_mut()
            .filter_map(|list| list.told.as_mut());
        let sets = told.map(|told| Arc::make_mut(&mut told.set));
        Arc::make_mut(&mut self.table).compact(sets);
        self.names_in_use = self.table.len();
    }
}

impl UserList {
    fn usable(&self, now: i64, table: &Arc<JobTable>) -> Option<VisibleJobs> {
        let told = self.told.as_ref()?;
        (now.saturating_sub(told.at) < USABLE).then(|| VisibleJobs {
            table: Arc::clone(table),
            set: Arc::clone(&told.set),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::catalog::table::tests::entry;

    fn lists() -> ServerLists {
        ServerLists {
            root: "https://ci/".parse().unwrap(),
            table: Arc::default(),
            users: HashMap::new(),
            uses: 0,
            names_in_use: 0,
        }
    }

    fn tell(lists: &mut ServerLists, user: &str, names: &[String]) {
        let entries: Vec<CatalogEntry> = names.iter().map(|name| entry(name)).collect();
        let set = Arc::new(Arc::make_mut(&mut lists.table).admit(&entries));
        let used = lists.touch();
        let list = UserList {
            told: Some(Told { set, at: 0 }),
            used,
            ..UserList::default()
        };
        lists.users.insert(user.to_owned(), list);
        lists.make_room();
        lists.compact();
    }

    fn names(prefix: &str, count: usize) -> Vec<String> {
        (0..count)
            .map(|number| format!("{prefix}{number}"))
            .collect()
    }

    #[test]
    fn those_who_asked_last_are_kept() {
        let mut lists = lists();
        for user in 0..MOST_USERS + 5 {
            tell(&mut lists, &format!("user{user}"), &names("job", 3));
        }
        assert_eq!(lists.users.len(), MOST_USERS);
        assert!(!lists.users.contains_key("user4") && lists.users.contains_key("user5"));
    }

    #[test]
    fn names_that_nobody_sees_any_more_are_forgotten() {
        let mut lists = lists();
        for round in 0..20 {
            tell(&mut lists, "alice", &names(&format!("round{round}-"), 500));
            tell(&mut lists, "bob", &names("same", 500));
        }
        assert!(lists.table.len() <= 4_000, "{}", lists.table.len());
        let jobs = lists.users["alice"].usable(0, &lists.table).unwrap();
        let (hits, total) = jobs.search(&["round19".to_owned()], 1);
        assert_eq!((hits.len(), total), (1, 500));
        assert_eq!(jobs.search(&["same".to_owned()], 1).1, 0);
    }

    #[test]
    fn an_old_list_serves_no_more() {
        let mut lists = lists();
        tell(&mut lists, "alice", &names("job", 1));
        let list = &lists.users["alice"];
        assert!(list.usable(USABLE - 1, &lists.table).is_some());
        assert!(list.usable(USABLE, &lists.table).is_none());
    }
}
