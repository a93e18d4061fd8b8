//! `get-artifacts`.

use clap::{Arg, ArgMatches, Command};

use super::arguments::{self, BuildArgument};
use crate::jenkins::pattern::Glob;

/// Show or attach the files that a build archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which build.
    pub build: BuildArgument,
    /// Attach what fits; without it, they are listed to choose from.
    pub glob: Option<Glob>,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("get-artifacts")
            .about("List the artifacts of a build, or attach some")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(
                Arg::new("match")
                    .long("match")
                    .value_name("glob")
                    .help("Attach those whose name or path fits, as in *.jar or dist/**"),
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    (name == "get-artifacts").then(|| get_artifacts(matches))
}

fn get_artifacts(matches: &ArgMatches) -> Result<Request, String> {
    let glob = matches.get_one::<String>("match");
    let glob = glob.map(|text| Glob::parse(text)).transpose();
    Ok(Request {
        build: arguments::read_build(matches),
        glob: glob
            .map_err(|error| format!("What stands after `--match` cannot be used: {error}."))?,
    })
}
