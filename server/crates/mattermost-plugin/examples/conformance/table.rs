//! The table that a run answers.

use std::fmt::Display;
use std::time::Duration;

use mattermost_plugin::Error;

/// How long one check may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The longest reason that is shown, in characters.
const REASON: usize = 120;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    Fail,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
        }
    }
}

/// Why a check failed.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(reason: impl Display) -> Self {
        Self(reason.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.status_code() {
            Some(status) => Self(format!("{error} (status {status})")),
            None => Self(error.to_string()),
        }
    }
}

/// The outcome of the code of a check.
pub(crate) type Checked<T = ()> = Result<T, Failure>;

/// Fails with the text unless it holds.
pub(crate) fn ensure(holds: bool, otherwise: impl Display) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(otherwise))
    }
}

/// Passes when the server refused with one of these statuses.
pub(crate) fn refused<T>(result: Result<T, Error>, statuses: &[u16]) -> Checked {
    match result {
        Ok(_) => Err(Failure::new(format!(
            "expected status {statuses:?}, but it worked"
        ))),
        Err(error) => match error.status_code() {
            Some(status) if statuses.contains(&status) => Ok(()),
            _ => Err(Failure::new(format!(
                "expected status {statuses:?}: {}",
                Failure::from(error).0
            ))),
        },
    }
}

/// Passes when it worked or when the server refused with one of these statuses: the server's
/// settings decide.
pub(crate) fn worked_or_refused<T>(
    result: Result<T, Error>,
    statuses: &[u16],
) -> Checked<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        error => refused(error, statuses).map(|()| None),
    }
}

/// What an earlier check left behind.
pub(crate) fn needed<'v, T>(value: &'v Option<T>, what: &str) -> Checked<&'v T> {
    value
        .as_ref()
        .ok_or_else(|| Failure::new(format!("not tried: there is no {what}")))
}

#[derive(Debug)]
struct Row {
    name: String,
    outcome: Outcome,
    reason: String,
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    /// What nothing can be said about yet, and why.
    open: Vec<(String, String)>,
}

impl Table {
    /// Runs one check and writes its row. Answers what it answered if it passed.
    pub(crate) async fn check<T>(
        &mut self,
        name: &'static str,
        work: impl Future<Output = Checked<T>>,
    ) -> Option<T> {
        let result = tokio::time::timeout(LIMIT, work)
            .await
            .unwrap_or_else(|_| Err(Failure(format!("no end within {LIMIT:?}"))));
        match result {
            Ok(value) => {
                self.row(name, Outcome::Pass, "");
                Some(value)
            }
            Err(Failure(reason)) => {
                self.row(name, Outcome::Fail, &reason);
                None
            }
        }
    }

    pub(crate) fn row(&mut self, name: &str, outcome: Outcome, reason: &str) {
        self.rows.push(Row {
            name: name.to_owned(),
            outcome,
            reason: reason.to_owned(),
        });
    }

    pub(crate) fn open(&mut self, name: &str, reason: &str) {
        self.open.push((name.to_owned(), reason.to_owned()));
    }

    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        self.rows
            .iter()
            .filter(|row| row.outcome == outcome)
            .count()
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from("| name | pass/fail | reason |\n|---|---|---|\n");
        for row in &self.rows {
            let reason = cell(&row.reason);
            text.push_str(&format!(
                "| {} | {} | {reason} |\n",
                row.name,
                row.outcome.word()
            ));
        }
        text.push_str(&format!(
            "\n{} pass, {} fail\n",
            self.count(Outcome::Pass),
            self.count(Outcome::Fail)
        ));
        for (name, reason) in &self.open {
            text.push_str(&format!("* {name}: {reason}\n"));
        }
        text
    }

    #[cfg(test)]
    pub(crate) fn names(&self) -> Vec<&str> {
        let rows = self.rows.iter().map(|row| row.name.as_str());
        rows.chain(self.open.iter().map(|(name, _)| name.as_str()))
            .collect()
    }
}

/// Text that ends neither the cell nor the row.
fn cell(text: &str) -> String {
    let short: String = text.chars().take(REASON).collect();
    short.replace(['\n', '\r'], " ").replace('|', "\\|")
}
