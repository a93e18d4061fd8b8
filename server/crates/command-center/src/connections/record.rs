//! What is stored for a connected user.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{KeyRing, OpenError, Purpose, SealError, SealedSecret};
use crate::config::ServerAlias;

/// The stored form: JSON `{"user", "server", "jenkins_user", "token", "created_at"}`. Holds no open secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// The Mattermost user id. The token is bound to it.
    pub user: String,
    /// At which server. The token is bound to it, too.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// The id of the user at Jenkins, spelled as Jenkins spells it.
    pub jenkins_user: String,
    /// The API token.
    pub token: SealedSecret,
    /// When the user connected, in milliseconds since 1970.
    #[serde(default)]
    pub created_at: i64,
}

/// A user's account at one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// The Mattermost user id.
    pub user_id: String,
    /// Which Jenkins.
    pub server: ServerAlias,
}

impl Account {
    /// The account of a user.
    #[must_use]
    pub fn new(user_id: &str, server: &ServerAlias) -> Self {
        Self {
            user_id: user_id.to_owned(),
            server: server.clone(),
        }
    }

    /// What the token is bound to. Never change it: stored tokens would not open any more. User ids
    /// have no slash, so two accounts never have the same.
    fn binding(&self) -> String {
        if self.server.is_main() {
            self.user_id.clone()
        } else {
            format!("{}/{}", self.user_id, self.server)
        }
    }
}

/// A connection that can be used.
#[derive(Debug)]
pub struct Connection {
    /// The id of the user at Jenkins.
    pub jenkins_user: String,
    /// The API token.
    pub token: SecretString,
    /// True if the record should be stored again; see [`ConnectionRecord::resealed`].
    pub needs_reseal: bool,
}

impl ConnectionRecord {
    /// Seals a token for its owner.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(
        ring: &KeyRing,
        account: &Account,
        jenkins_user: &str,
        token: &SecretString,
        created_at: i64,
    ) -> Result<Self, SealError> {
        let token = ring.seal(&account.binding(), Purpose::JenkinsToken, token)?;
        Ok(Self {
            user: account.user_id.clone(),
            server: account.server.clone(),
            jenkins_user: jenkins_user.to_owned(),
            token,
            created_at,
        })
    }

    /// Whose account it is, and where.
    #[must_use]
    pub fn account(&self) -> Account {
        Account {
            user_id: self.user.clone(),
            server: self.server.clone(),
        }
    }

    /// Opens the token.
    ///
    /// # Errors
    /// [`OpenError`], which says to connect again.
    pub fn open(&self, ring: &KeyRing) -> Result<Connection, OpenError> {
        let opened = ring.open(
            &self.account().binding(),
            Purpose::JenkinsToken,
            &self.token,
        )?;
        Ok(Connection {
            jenkins_user: self.jenkins_user.clone(),
            token: opened.secret,
            needs_reseal: opened.needs_reseal,
        })
    }

    /// The same record sealed with the current key; `None` if it already is. Store it with
    /// compare-and-set: the user may connect or disconnect meanwhile.
    ///
    /// # Errors
    /// [`ResealError`]; the record stays as good as it was.
    pub fn resealed(&self, ring: &KeyRing) -> Result<Option<Self>, ResealError> {
        let binding = self.account().binding();
        let opened = ring.open(&binding, Purpose::JenkinsToken, &self.token)?;
        if !opened.needs_reseal {
            return Ok(None);
        }
        let token = ring.seal(&binding, Purpose::JenkinsToken, &opened.secret)?;
        Ok(Some(Self {
            token,
            ..self.clone()
        }))
    }
}

/// Why a record keeps its old seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResealError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be sealed again now.
    #[error(transparent)]
    Seal(#[from] SealError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn ring(key: &str) -> KeyRing {
        KeyRing::new(&SecretString::from(key)).unwrap()
    }

    fn main(user: &str) -> Account {
        Account::new(user, &ServerAlias::default())
    }

    #[test]
    fn a_record_survives_json_without_showing_the_token() {
        let ring = ring("0123456789abcdef");
        let record = ConnectionRecord::seal(
            &ring,
            &main("user-a"),
            "Alice",
            &SecretString::from("hunter2"),
            1_700_000_000_000,
        )
        .unwrap();
        let json = serde_json::to_string(&record).unwrap();
        assert!(
            json.starts_with(r#"{"user":"user-a","jenkins_user":"Alice","token":""#),
            "{json}"
        );
        assert!(!json.contains("hunter2") && !format!("{record:?}").contains("hunter2"));
        let read: ConnectionRecord = serde_json::from_str(&json).unwrap();
        let connection = read.open(&ring).unwrap();
        assert_eq!(
            (
                connection.jenkins_user.as_str(),
                connection.token.expose_secret()
            ),
            ("Alice", "hunter2")
        );
        assert!(!format!("{connection:?}").contains("hunter2"));
    }

    #[test]
    fn a_record_of_another_user_does_not_open() {
        let ring = ring("0123456789abcdef");
        let mut record =
            ConnectionRecord::seal(&ring, &main("user-a"), "Alice", &SecretString::from("t"), 0)
                .unwrap();
        record.user = "user-b".to_owned();
        assert_eq!(record.open(&ring).unwrap_err(), OpenError::Tampered);
    }

    #[test]
    fn a_token_of_one_server_does_not_open_for_another() {
        let ring = ring("0123456789abcdef");
        let account = Account::new("user-a", &ServerAlias::parse("legacy").unwrap());
        let token = SecretString::from("t");
        let mut record = ConnectionRecord::seal(&ring, &account, "Alice", &token, 0).unwrap();
        let json = serde_json::to_string(&record).unwrap();
        assert!(json.contains(r#""server":"legacy""#), "{json}");
        assert!(record.open(&ring).is_ok());
        record.server = ServerAlias::default();
        assert_eq!(record.open(&ring).unwrap_err(), OpenError::Tampered);
    }

    #[test]
    fn resealing_is_done_once() {
        let old = ring("old old old old old");
        let record =
            ConnectionRecord::seal(&old, &main("u"), "Alice", &SecretString::from("t"), 7).unwrap();
        let both = ring("new new new new new").succeeding(&old);
        let resealed = record.resealed(&both).unwrap().unwrap();
        assert_eq!(
            resealed
                .open(&ring("new new new new new"))
                .unwrap()
                .token
                .expose_secret(),
            "t"
        );
        assert_eq!(resealed.created_at, 7);
        assert_eq!(resealed.resealed(&both), Ok(None));
        assert!(record.resealed(&ring("third third third 3")).is_err());
    }
}
