//! Who the user is to Jenkins.

use super::{JenkinsClient, answer, if_there};
use crate::jenkins::error::{JenkinsError, NotJenkinsHint};
use crate::jenkins::model::{Identity, UserJson, WhoAmIJson};

impl JenkinsClient {
    /// Asks Jenkins who this user is: the check of credentials, and that Jenkins answers at all.
    ///
    /// # Errors
    /// [`JenkinsError::Unauthorized`] for wrong credentials, also if they got lost on the way so that
    /// Jenkins sees an anonymous visitor; [`JenkinsError::NotJenkins`] for anything that does not name
    /// its version in `X-Jenkins`.
    pub async fn who_am_i(&self) -> Result<Identity, JenkinsError> {
        let fetched = self.get(self.url(["whoAmI", "api", "json"], &[])).await?;
        let who: WhoAmIJson = answer::json("who you are", &fetched, self.user())
            .map_err(|error| error.about(crate::jenkins::error::Thing::Page, "whoAmI"))?;
        let Some(version) = answer::version(&fetched.headers) else {
            return Err(JenkinsError::NotJenkins {
                status: fetched.status,
                hint: NotJenkinsHint::Other,
            });
        };
        if who.anonymous || !who.authenticated || who.name.is_empty() {
            return Err(JenkinsError::Unauthorized {
                user: self.user().to_owned(),
            });
        }
        Ok(Identity {
            user: who.name,
            version,
        })
    }

    /// The e-mail address that Jenkins knows of a user, if it lets this user see it; `None` if not.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn user_email(&self, user: &str) -> Result<Option<String>, JenkinsError> {
        // An address would swallow these.
        if matches!(user, "" | "." | "..") {
            return Ok(None);
        }
        let user = self
            .read::<UserJson>("a user", ["user", user], UserJson::TREE)
            .await;
        match if_there(user) {
            Ok(user) => Ok(user.and_then(UserJson::into_email)),
            Err(JenkinsError::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
