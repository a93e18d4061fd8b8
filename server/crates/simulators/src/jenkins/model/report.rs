//! What a build leaves behind: tests, artifacts, changes.

use std::time::Duration;

use bytes::Bytes;

/// How a test ended: `CaseResult.Status` of junit-plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// `PASSED`
    Passed,
    /// `FIXED`: passed, and failed in the build before.
    Fixed,
    /// `SKIPPED`
    Skipped,
    /// `FAILED`: failed, and in the build before too.
    Failed,
    /// `REGRESSION`: failed, and passed in the build before.
    Regression,
}

impl TestStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Fixed => "FIXED",
            Self::Skipped => "SKIPPED",
            Self::Failed => "FAILED",
            Self::Regression => "REGRESSION",
        }
    }

    pub(crate) fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Regression)
    }
}

/// One test.
#[derive(Clone, Debug)]
pub struct TestCase {
    pub(crate) class_name: String,
    pub(crate) name: String,
    pub(crate) status: TestStatus,
    pub(crate) duration: Duration,
    pub(crate) age: u32,
    pub(crate) error: Option<String>,
}

impl TestCase {
    /// A test and how it ended.
    pub fn new(class_name: &str, name: &str, status: TestStatus) -> Self {
        Self {
            class_name: class_name.to_owned(),
            name: name.to_owned(),
            status,
            duration: Duration::from_millis(10),
            age: u32::from(status.is_failure()),
            error: None,
        }
    }

    /// The message of its failure.
    pub fn error(mut self, text: &str) -> Self {
        self.error = Some(text.to_owned());
        self
    }

    /// For how many builds it has been failing; `failedSince` follows from it.
    pub fn age(mut self, builds: u32) -> Self {
        self.age = builds;
        self
    }
}

/// The suites of a build's tests (junit-plugin).
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    pub(crate) suites: Vec<(String, Vec<TestCase>)>,
    pub(crate) children: Vec<ChildReport>,
}

/// The part of an aggregated report that another job's build left: a Maven module, a matrix configuration.
#[derive(Clone, Debug)]
pub(crate) struct ChildReport {
    pub(crate) job: String,
    pub(crate) build: u32,
    pub(crate) report: TestReport,
}

impl TestReport {
    /// An empty report.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a suite.
    pub fn suite(mut self, name: &str, cases: impl IntoIterator<Item = TestCase>) -> Self {
        self.suites
            .push((name.to_owned(), cases.into_iter().collect()));
        self
    }

    /// Makes it an aggregated report and adds what a build of another job, named in full, left.
    pub fn child(mut self, job: &str, build: u32, report: Self) -> Self {
        self.children.push(ChildReport {
            job: job.to_owned(),
            build,
            report,
        });
        self
    }

    /// A report with so many tests in suites of a hundred; every `nth` of them fails.
    pub fn of_size(count: usize, nth: usize) -> Self {
        let numbers: Vec<usize> = (1..=count).collect();
        let suites = numbers.chunks(100).enumerate().map(|(index, numbers)| {
            let cases = numbers.iter().map(|number| {
                let class = format!("org.example.generated.Suite{index}Test");
                let name = format!("test_case_{number}");
                if number % nth.max(1) == 0 {
                    TestCase::new(&class, &name, TestStatus::Failed).error("expected 2 but was 3")
                } else {
                    TestCase::new(&class, &name, TestStatus::Passed)
                }
            });
            (format!("suite {index}"), cases.collect())
        });
        Self {
            suites: suites.collect(),
            children: Vec::new(),
        }
    }

    /// All tests, those of children included.
    pub(crate) fn cases(&self) -> Box<dyn Iterator<Item = &TestCase> + '_> {
        let own = self.suites.iter().flat_map(|(_, cases)| cases);
        let others = self.children.iter().flat_map(|child| child.report.cases());
        Box::new(own.chain(others))
    }

    pub(crate) fn failed(&self) -> usize {
        self.cases().filter(|case| case.status.is_failure()).count()
    }

    pub(crate) fn skipped(&self) -> usize {
        self.cases()
            .filter(|case| case.status == TestStatus::Skipped)
            .count()
    }
}

/// A file that a build archived.
#[derive(Clone, Debug)]
pub struct Artifact {
    pub(crate) path: String,
    pub(crate) content: ArtifactContent,
    pub(crate) redirect: Option<String>,
}

/// What is in a file.
#[derive(Clone, Debug)]
pub(crate) enum ArtifactContent {
    Bytes(Bytes),
    /// So many bytes that nobody looks at, made while they are sent.
    Filler(u64),
}

impl ArtifactContent {
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Filler(length) => *length,
        }
    }
}

impl Artifact {
    /// An artifact with its path below the archive.
    pub fn new(path: &str, content: impl Into<Bytes>) -> Self {
        Self {
            path: path.to_owned(),
            content: ArtifactContent::Bytes(content.into()),
            redirect: None,
        }
    }

    /// An artifact of this many bytes that takes no memory.
    pub fn of_size(path: &str, bytes: u64) -> Self {
        Self {
            path: path.to_owned(),
            content: ArtifactContent::Filler(bytes),
            redirect: None,
        }
    }

    /// Answers downloads with a redirect, as artifact managers on other hosts do.
    pub fn redirect(mut self, url: &str) -> Self {
        self.redirect = Some(url.to_owned());
        self
    }

    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// A commit that came with a build.
#[derive(Clone, Debug)]
pub struct Change {
    pub(crate) commit: String,
    pub(crate) message: String,
    pub(crate) author: String,
    pub(crate) email: String,
    pub(crate) paths: Vec<String>,
}

impl Change {
    /// A commit.
    pub fn new(commit: &str, author: &str, email: &str, message: &str) -> Self {
        Self {
            commit: commit.to_owned(),
            message: message.to_owned(),
            author: author.to_owned(),
            email: email.to_owned(),
            paths: Vec::new(),
        }
    }

    /// A file that it edits.
    pub fn path(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }
}
