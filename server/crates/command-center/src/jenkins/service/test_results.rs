//! Showing which tests failed.

use super::target::{FoundBuild, missing};
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::BuildSelector;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::test_results::Request;
use crate::jenkins::model::TestReport;
use crate::jenkins::view::{Comparison, Since};

impl JenkinsService {
    pub(super) async fn test_results(&self, caller: &Caller, request: Request) -> Reply {
        let found = self.find_build(caller, &request.build).await?;
        self.show_tests(caller, &found, request.since).await
    }

    /// Shows the tests of a build that is known to be there, beside those of an earlier one.
    pub(super) async fn show_tests(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        since: Option<BuildSelector>,
    ) -> Reply {
        let (client, path, number) = (&found.client, &found.path, found.number);
        let view = self.view(client);
        let Some(report) = client.test_report(path, number).await? else {
            return Ok(Some(view.no_test_results(path, number)));
        };
        let since = match since {
            Some(selector) => Some(compared(found, selector, &report).await?),
            None => None,
        };
        let shown = view.test_results(path, number, &report, since.as_ref());
        self.post(caller, shown, Vec::new()).await
    }
}

async fn compared(
    found: &FoundBuild,
    selector: BuildSelector,
    report: &TestReport,
) -> Result<Since, AccessError> {
    let (client, path) = (&found.client, &found.path);
    let earlier = client.build(path, selector).await?;
    let earlier = earlier.ok_or_else(|| missing(&selector.to_segment(), path))?;
    let before = client.test_report(path, earlier.number).await?;
    Ok(Since {
        number: earlier.number,
        comparison: before.map(|before| Comparison::of(&before, report)),
    })
}
