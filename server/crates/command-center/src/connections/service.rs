//! Connecting, using and forgetting accounts, and changing the key they are sealed with.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use mattermost_plugin::Error;
use secrecy::SecretString;

use super::{
    Account, Connection, ConnectionRecord, ConnectionStore, KeyRing, OpenError, Purpose, SealError,
    SealedSecret, rotation,
};
use crate::config::ServerAlias;

/// How many times all records are walked over for those that changed meanwhile.
const ROUNDS: u32 = 3;

/// The connections of all users.
#[derive(Debug)]
pub struct Connections {
    store: ConnectionStore,
    ring: ArcSwapOption<KeyRing>,
}

/// Why a connection cannot be used or made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// There is no usable encryption key.
    #[error("no encryption key is set")]
    NoKey,
    /// The user is not connected.
    #[error("the user is not connected")]
    NotConnected,
    /// The stored token stays closed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The token could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The server did not answer.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Connections {
    /// Nothing can be opened before a key is [used](Self::use_key).
    #[must_use]
    pub fn new(store: ConnectionStore) -> Self {
        Self {
            store,
            ring: ArcSwapOption::empty(),
        }
    }

    /// Seals with `encryption_key` from now on, and tells whether records may be left that are
    /// sealed with a former key: then [`reseal`](Self::reseal) should run.
    ///
    /// Former keys are stored, sealed with the new one, before anything is sealed with it: so a
    /// restart half way through loses nothing.
    ///
    /// # Errors
    /// When the store does not answer; the key is used all the same.
    pub async fn use_key(&self, encryption_key: &SecretString) -> Result<bool, Error> {
        let Ok(ring) = KeyRing::new(encryption_key) else {
            // The former ring stays: the next key succeeds it.
            return Ok(false);
        };
        let former = self.ring.load_full();
        let mut ring = match &former {
            Some(former) => ring.succeeding(former),
            None => ring,
        };
        let retired = self.store.retired_keys().await;
        for key in retired.as_deref().unwrap_or_default() {
            if let Err(error) = ring.recall(key) {
                tracing::warn!(%error, "a former encryption key cannot be used; users whose tokens it sealed must connect again");
            }
        }
        let is_changed =
            former.is_none_or(|former| former.current_key_id() != ring.current_key_id());
        let has_former = ring.former_key_ids().next().is_some();
        let stored = match ring.retire() {
            // What could not be read must not be overwritten.
            Ok(keys) if has_former && is_changed && retired.is_ok() => {
                self.store.set_retired_keys(&keys).await
            }
            _ => Ok(()),
        };
        self.ring.store(Some(Arc::new(ring)));
        retired.map(drop).and(stored)?;
        Ok(has_former)
    }

    /// Whether tokens can be sealed.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ring.load().is_some()
    }

    fn ring(&self) -> Result<Arc<KeyRing>, ConnectionError> {
        self.ring.load_full().ok_or(ConnectionError::NoKey)
    }

    /// A user's account with its token.
    ///
    /// # Errors
    /// [`ConnectionError`].
    pub async fn open(&self, account: &Account) -> Result<Connection, ConnectionError> {
        let stored = self
            .store
            .get(account)
            .await?
            .ok_or(ConnectionError::NotConnected)?;
        if stored.record.account() != *account {
            // The seal binds the token to the record's account; this binds the record to its place.
            return Err(OpenError::Tampered.into());
        }
        Ok(stored.record.open(&*self.ring()?)?)
    }

    /// Seals something else than a token for a user. What is sealed is not sealed again when the key
    /// changes: for what is stored for hours only.
    ///
    /// # Errors
    /// [`ConnectionError::NoKey`], [`ConnectionError::Seal`].
    pub fn seal(
        &self,
        user_id: &str,
        purpose: Purpose,
        secret: &SecretString,
    ) -> Result<SealedSecret, ConnectionError> {
        Ok(self.ring()?.seal(user_id, purpose, secret)?)
    }

    /// Opens what was [sealed](Self::seal) for this user and purpose.
    ///
    /// # Errors
    /// [`ConnectionError::NoKey`], [`ConnectionError::Open`].
    pub fn unseal(
        &self,
        user_id: &str,
        purpose: Purpose,
        sealed: &SealedSecret,
    ) -> Result<SecretString, ConnectionError> {
        Ok(self.ring()?.open(user_id, purpose, sealed)?.secret)
    }

    /// Which account a user is connected to, without opening the token.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn jenkins_user(&self, account: &Account) -> Result<Option<String>, Error> {
        Ok(self
            .store
            .get(account)
            .await?
            .map(|stored| stored.record.jenkins_user))
    }

    /// The Mattermost user who is connected with an account of Jenkins; if there are several, the one
    /// who connected last.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn mattermost_user(
        &self,
        server: &ServerAlias,
        jenkins_user: &str,
    ) -> Result<Option<String>, Error> {
        let Some(user_id) = self.store.owner(server, jenkins_user).await? else {
            return Ok(None);
        };
        // They may have connected with another account since.
        let connected = self.jenkins_user(&Account::new(&user_id, server)).await?;
        let is_same =
            connected.is_some_and(|now| now.to_lowercase() == jenkins_user.to_lowercase());
        Ok(is_same.then_some(user_id))
    }

    /// Connects a user.
    ///
    /// # Errors
    /// [`ConnectionError`].
    pub async fn connect(
        &self,
        account: &Account,
        jenkins_user: &str,
        token: &SecretString,
        now: i64,
    ) -> Result<(), ConnectionError> {
        loop {
            let ring = self.ring()?;
            let record = ConnectionRecord::seal(&ring, account, jenkins_user, token, now)?;
            self.store.put(&record).await?;
            // A key that changed meanwhile may have passed by this record.
            if self.ring()?.current_key_id() == ring.current_key_id() {
                let Account { user_id, server } = account;
                self.store.note_owner(server, jenkins_user, user_id).await?;
                return Ok(());
            }
        }
    }

    /// Forgets all accounts of a user. Walks over all keys: for rare work only.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn disconnect_everywhere(&self, user_id: &str) -> Result<(), Error> {
        for account in self.store.accounts().await? {
            if account.user_id == user_id {
                self.store.remove(&account).await?;
            }
        }
        Ok(())
    }

    /// Whether anybody has an account at a server. Walks over all keys: for rare work only.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn has_accounts_at(&self, server: &ServerAlias) -> Result<bool, Error> {
        let accounts = self.store.accounts().await?;
        Ok(accounts.iter().any(|account| account.server == *server))
    }

    /// Forgets everybody's account at a server, and tells how many there were. Walks over all keys: for
    /// rare work only.
    ///
    /// # Errors
    /// When the store does not answer; what is done is done.
    pub async fn disconnect_everybody(&self, server: &ServerAlias) -> Result<usize, Error> {
        let mut forgotten = 0;
        for account in self.store.accounts().await? {
            if account.server == *server {
                self.disconnect(&account).await?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    /// Forgets a user's account, and tells which it was.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn disconnect(&self, account: &Account) -> Result<Option<String>, Error> {
        let jenkins_user = match self.jenkins_user(account).await {
            // A record that cannot be read goes as well.
            Err(Error::Invalid(_)) => Some(String::new()),
            answer => answer?,
        };
        if let Some(jenkins_user) = &jenkins_user {
            self.store.remove(account).await?;
            let Account { user_id, server } = account;
            self.store
                .forget_owner(server, jenkins_user, user_id)
                .await?;
        }
        Ok(jenkins_user)
    }

    /// Seals every record with the current key, then forgets the former ones. It may be stopped
    /// anywhere and run again, by several instances at once.
    ///
    /// # Errors
    /// [`ConnectionError`]; what is done is done.
    pub async fn reseal(&self) -> Result<(), ConnectionError> {
        for _ in 0..ROUNDS {
            let ring = self.ring()?;
            let mut resealed = 0_u32;
            let mut left = 0_u32;
            for account in self.store.accounts().await? {
                let Some(stored) = self.store.get(&account).await? else {
                    continue;
                };
                let is_misplaced = stored.record.account() != account;
                if is_misplaced
                    || rotation::state(&ring, &stored.record) != rotation::SealState::Former
                {
                    continue;
                }
                match stored.record.resealed(&ring) {
                    Ok(Some(record)) if self.store.replace(&stored, &record).await? => {
                        resealed += 1;
                    }
                    Ok(None) => {}
                    Ok(Some(_)) => left += 1,
                    Err(error) => {
                        tracing::warn!(user_id = account.user_id, %error, "a token cannot be sealed again");
                    }
                }
            }
            tracing::info!(
                resealed,
                left,
                "tokens are sealed with the new encryption key"
            );
            if left == 0 {
                return self.forget_former_keys(&ring).await;
            }
        }
        Ok(())
    }

    async fn forget_former_keys(&self, ring: &Arc<KeyRing>) -> Result<(), ConnectionError> {
        let stored = self.store.retired_keys().await?;
        // Those of a still newer key belong to another run.
        if stored
            .iter()
            .any(|key| key.key_id() != ring.current_key_id())
        {
            return Ok(());
        }
        self.store.forget_retired_keys(&stored).await?;
        // In memory they stay until the next start: another node may still seal with one.
        tracing::debug!(key = %ring.current_key_id(), "former encryption keys are forgotten");
        Ok(())
    }
}
