//! `test-results`.

use clap::{Arg, ArgMatches, Command};

use super::arguments::{self, BuildArgument};
use crate::jenkins::BuildSelector;
use crate::text;

/// Show the tests of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which build.
    pub build: BuildArgument,
    /// An earlier build to compare with.
    pub since: Option<BuildSelector>,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("test-results")
            .about("Show which tests of a build failed")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(
                Arg::new("since")
                    .long("since")
                    .value_name("build")
                    .help("Compare with this earlier build, as in 12 or lastSuccessfulBuild"),
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    (name == "test-results").then(|| test_results(matches))
}

fn test_results(matches: &ArgMatches) -> Result<Request, String> {
    let since = matches.get_one::<String>("since").map(|typed| {
        BuildSelector::parse(typed).ok_or_else(|| {
            format!(
                "{} names no build. Write `--since` with a number or a name such as `lastSuccessfulBuild`.",
                text::code_span(&text::truncate(typed, 100))
            )
        })
    });
    Ok(Request {
        build: arguments::read_build(matches),
        since: since.transpose()?,
    })
}
