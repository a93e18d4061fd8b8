//! Results of tests.

use super::{JenkinsClient, answer, if_there};
use crate::http_client::HttpFailure;
use crate::jenkins::JobPath;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::model::{ReportCoverage, TestReport, TestReportJson};

/// The longest report that is read: 4 MiB, some 20,000 tests.
const REPORT_LIMIT: u64 = 4 << 20;

impl JenkinsClient {
    /// The tests of a build; `None` if it published none. A report that is too long is asked for without
    /// error messages, then for its numbers only: [`TestReport::coverage`].
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn test_report(
        &self,
        job: &JobPath,
        number: u64,
    ) -> Result<Option<TestReport>, JenkinsError> {
        for coverage in [ReportCoverage::Full, ReportCoverage::WithoutErrors] {
            match self.read_report(job, number, coverage).await {
                Err(JenkinsError::Http(HttpFailure::TooLarge { .. })) => {}
                other => return other,
            }
        }
        self.read_report(job, number, ReportCoverage::Totals).await
    }

    async fn read_report(
        &self,
        job: &JobPath,
        number: u64,
        coverage: ReportCoverage,
    ) -> Result<Option<TestReport>, JenkinsError> {
        let number = number.to_string();
        let page = job
            .build_segments(&number)
            .chain(["testReport", "api", "json"]);
        let tree = TestReportJson::tree(coverage);
        let url = self.url(page, &[("tree", tree.as_str())]);
        let fetched = self.get_within(url, REPORT_LIMIT).await?;
        let json: Option<TestReportJson> =
            if_there(answer::json("the tests", &fetched, self.user()))?;
        match json {
            None => Ok(None),
            Some(json) => json
                .into_report(coverage)
                .map(Some)
                .ok_or(JenkinsError::Malformed { what: "the tests" }),
        }
    }
}
