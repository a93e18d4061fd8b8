//! Finding jobs by a part of their name.

use super::{Caller, JenkinsService, Reply};
use crate::jenkins::catalog::view;
use crate::jenkins::command::search::Request;

/// So many are shown.
const SHOWN: usize = 20;

impl JenkinsService {
    pub(super) async fn search(&self, caller: &Caller, request: Request) -> Reply {
        let server = self.server(caller, request.server.as_deref()).await?;
        let jobs = self.catalogs.listed(&caller.user_id, &server).await?;
        let found = jobs.search(&request.words, SHOWN);
        Ok(Some(view::results(
            &request.words.join(" "),
            &found,
            jobs.count(),
            &server,
        )))
    }
}
