//! Who the user is to Jenkins.

use super::{JenkinsClient, answer};
use crate::jenkins::error::{JenkinsError, NotJenkinsHint};
use crate::jenkins::model::{Identity, ServerState, ServerStateJson, WhoAmIJson};

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
        let version = fetched
            .headers
            .get("x-jenkins")
            .and_then(|version| version.to_str().ok());
        let Some(version) = version else {
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
            version: version.to_owned(),
        })
    }

    /// What Jenkins says of itself. Needs the permission Overall/Read.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn server_state(&self) -> Result<ServerState, JenkinsError> {
        let json: ServerStateJson = self.read("itself", [], ServerStateJson::TREE).await?;
        Ok(ServerState {
            root_url: json.url,
            quieting_down: json.quieting_down,
        })
    }
}
