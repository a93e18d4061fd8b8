//! Reading the setting `JenkinsPolicy`: one rule on each line.
//!
//! ```text
//! allow|deny <command> [<jobs>] [in <team>/<channel>] [for everyone|channel_admin|system_admin]
//! ```

use super::rule::{Commands, Rule, Unreadable};
use super::{Verb, Weight};
use crate::config::{Role, ServerAlias};
use crate::jenkins::pattern::Glob;
use crate::jenkins::suggest;

/// All rules that count, and what is wrong.
pub(super) fn lines(text: &str) -> (Vec<Rule>, Vec<Unreadable>) {
    let mut rules = Vec::new();
    let mut unreadable = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        let line = index + 1;
        let (rule, problem) = read(line, &words);
        rules.extend(rule);
        unreadable.extend(problem.map(|what| Unreadable { line, what }));
    }
    (rules, unreadable)
}

fn read(line: usize, words: &[&str]) -> (Option<Rule>, Option<String>) {
    let allows = match words.first().map(|word| word.to_lowercase()).as_deref() {
        Some("allow") => true,
        Some("deny") => false,
        _ => {
            return (
                None,
                Some("It begins with neither allow nor deny, so it is not used.".to_owned()),
            );
        }
    };
    let commands = match commands(words.get(1).copied().unwrap_or_default()) {
        Ok(commands) => commands,
        Err(what) => return (None, Some(format!("{what} The line is not used."))),
    };
    let whole = Rule {
        line,
        allows,
        commands,
        server: None,
        jobs: None,
        channel: None,
        role: Role::Everyone,
    };
    match conditions(whole.clone(), words.get(2..).unwrap_or_default()) {
        Ok(rule) => (Some(rule), None),
        Err(what) if allows => (None, Some(format!("{what} The line allows nothing."))),
        // Rather too much than too little.
        Err(what) => (
            Some(whole),
            Some(format!(
                "{what} Until that is corrected, the line denies this command for all jobs, everywhere and to everybody."
            )),
        ),
    }
}

fn commands(word: &str) -> Result<Commands, String> {
    let word = word.to_lowercase();
    let weight = match word.as_str() {
        "" => return Err("It names no command.".to_owned()),
        "*" => return Ok(Commands::All),
        "read" => Some(Weight::Read),
        "write" => Some(Weight::Write),
        "destructive" => Some(Weight::Destructive),
        _ => None,
    };
    if let Some(weight) = weight {
        return Ok(Commands::Of(weight));
    }
    match Verb::of(&word) {
        Some(verb) if verb.weight() == Weight::Own => {
            Err(format!("The command {} is always allowed.", verb.name()))
        }
        Some(verb) => Ok(Commands::One(verb)),
        None => {
            let names = Verb::ALL.iter().map(|verb| verb.name());
            let near = suggest::similar(&word, names, 1);
            let near = near
                .first()
                .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
            Err(format!("There is no command of this name.{near}"))
        }
    }
}

/// The rule with the rest of its line. The line is not repeated in what is wrong with it: whoever reads
/// that may not be meant to see the rules.
fn conditions(mut rule: Rule, mut words: &[&str]) -> Result<Rule, String> {
    if let Some((&jobs, rest)) = words.split_first()
        && !matches!(jobs.to_lowercase().as_str(), "in" | "for")
    {
        (rule.server, rule.jobs) = targets(jobs)?;
        words = rest;
    }
    let mut seen: Vec<String> = Vec::new();
    while let Some((&word, rest)) = words.split_first() {
        let word = word.to_lowercase();
        let Some((&value, rest)) = rest.split_first() else {
            return Err("Something is missing at its end.".to_owned());
        };
        if seen.contains(&word) {
            return Err(format!("It says {word} twice."));
        }
        match word.as_str() {
            "in" => rule.channel = channels(value)?,
            "for" => rule.role = role(value, rule.allows)?,
            _ => {
                return Err(
                    "Behind the jobs, only in team/channel and for a role can follow; write spaces in the names of jobs as ?.".to_owned(),
                );
            }
        }
        seen.push(word);
        words = rest;
    }
    Ok(rule)
}

/// `prod/**`, or `legacy:prod/**` at one server.
fn targets(text: &str) -> Result<(Option<ServerAlias>, Option<Glob>), String> {
    let (server, jobs) = match text.split_once(':') {
        Some((server, jobs)) => {
            let server = ServerAlias::parse(server)
                .map_err(|_| "What stands before the colon is not the alias of a server.")?;
            (Some(server), jobs)
        }
        None => (None, text),
    };
    let jobs = glob(jobs)?;
    Ok((server, jobs))
}

fn channels(text: &str) -> Result<Option<Glob>, String> {
    if text != "*" && text != "**" && text.matches('/').count() != 1 {
        return Err(
            "A channel is written as team/channel, with the names in its address.".to_owned(),
        );
    }
    glob(text)
}

/// `None` for everything.
fn glob(text: &str) -> Result<Option<Glob>, String> {
    if matches!(text, "" | "*" | "**") {
        return Ok(None);
    }
    Glob::parse(&text.to_lowercase())
        .map(Some)
        .map_err(|error| format!("It cannot be used: {error}."))
}

/// To deny something to administrators only would allow it to all others.
fn role(text: &str, allows: bool) -> Result<Role, String> {
    let role = Role::parse(text).ok_or("A role is everyone, channel_admin or system_admin.")?;
    if !allows && role != Role::Everyone {
        return Err(
            "What is denied is denied to everyone: allow it for the role in a line before."
                .to_owned(),
        );
    }
    Ok(role)
}
