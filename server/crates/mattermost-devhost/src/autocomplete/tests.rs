use mattermost_plugin::model::Command;
use serde_json::json;

use super::{Answers, Fetch, Item, Outcome, Suggestion, suggest};

fn commands() -> Vec<Command> {
    let data = json!({
        "Trigger": "jenkins",
        "HelpText": "Runs builds",
        "RoleID": "system_user",
        "SubCommands": [
            {"Trigger": "build", "Hint": "[job]", "HelpText": "Starts a build", "RoleID": "system_user", "Arguments": [
                {"Name": "", "HelpText": "The job", "Type": "DynamicList", "Required": true, "Data": {"FetchURL": "/plugins/p/jobs"}},
            ]},
            {"Trigger": "log", "RoleID": "system_user", "Arguments": [
                {"Name": "", "HelpText": "The build", "Type": "TextInput", "Required": true, "Data": {"Hint": "[number]", "Pattern": ""}},
                {"Name": "lines", "HelpText": "How many", "Type": "TextInput", "Required": false, "Data": {"Hint": "[n]", "Pattern": ""}},
            ]},
            {"Trigger": "level", "RoleID": "system_user", "Arguments": [
                {"Name": "", "HelpText": "The level", "Type": "StaticList", "Required": true, "Data": {"PossibleArguments": [
                    {"Item": "all builds", "Hint": "", "HelpText": "Everything"},
                    {"Item": "failed", "Hint": "", "HelpText": "Failures"},
                ]}},
                {"Name": "", "HelpText": "Who", "Type": "TextInput", "Required": true, "Data": {"Hint": "[user]", "Pattern": ""}},
            ]},
            {"Trigger": "setup", "RoleID": "system_admin"},
        ],
    });
    vec![Command {
        trigger: "jenkins".to_owned(),
        autocomplete_data: Some(serde_json::from_value(data).expect("the data is valid")),
        autocomplete_icon_data: "data:x".to_owned(),
        ..Command::default()
    }]
}

/// What is offered to an ordinary user who has typed `input`.
fn offered(input: &str) -> Vec<Suggestion> {
    match suggest(&commands(), input, "system_user", &Answers::new()) {
        Outcome::Suggestions(suggestions) => suggestions,
        Outcome::Fetch(questions) => panic!("asks for {questions:?}"),
    }
}

fn names(suggestions: &[Suggestion]) -> Vec<&str> {
    suggestions
        .iter()
        .map(|suggestion| suggestion.suggestion.as_str())
        .collect()
}

#[test]
fn a_prefix_offers_commands_with_their_icon() {
    let offer = offered("JEN");
    assert_eq!(names(&offer), ["jenkins"]);
    assert_eq!(
        (offer[0].complete.as_str(), offer[0].icon_data.as_str()),
        ("jenkins", "data:x")
    );
    assert!(offered("other").is_empty());
}

#[test]
fn subcommands_are_offered_by_role() {
    assert_eq!(names(&offered("jenkins ")), ["build", "log", "level"]);
    assert_eq!(names(&offered("jenkins l")), ["log", "level"]);
    let Outcome::Suggestions(all) =
        suggest(&commands(), "jenkins ", "system_admin", &Answers::new())
    else {
        panic!("nothing is to be fetched");
    };
    assert_eq!(names(&all), ["build", "log", "level", "setup"]);
}

#[test]
fn text_shows_its_hint_until_the_word_ends() {
    let offer = offered("jenkins log 1");
    assert_eq!(
        (offer[0].hint.as_str(), offer[0].complete.as_str()),
        ("[number]", "jenkins log 1")
    );
    let offer = offered("jenkins log \"1 2");
    assert_eq!(offer[0].hint, "[number]", "quotes keep words together");
    assert_eq!(names(&offered("jenkins log 12 ")), ["--lines"]);
    let offer = offered("jenkins log 12 --li");
    assert_eq!(offer[0].complete, "jenkins log 12 --lines ");
    let offer = offered("jenkins log 12 --lines 5");
    assert_eq!(offer[0].hint, "[n]");
}

#[test]
fn list_items_may_contain_spaces() {
    assert_eq!(names(&offered("jenkins level ")), ["all builds", "failed"]);
    assert_eq!(names(&offered("jenkins level ALL")), ["all builds"]);
    let offer = offered("jenkins level all builds al");
    assert_eq!(offer[0].hint, "[user]");
}

#[test]
fn dynamic_lists_are_asked_for_and_then_offered() {
    let question = Fetch {
        url: "/plugins/p/jobs".to_owned(),
        user_input: "jenkins build fo".to_owned(),
        parsed: "jenkins build ".to_owned(),
    };
    let asked = suggest(
        &commands(),
        "jenkins build fo",
        "system_user",
        &Answers::new(),
    );
    assert_eq!(asked, Outcome::Fetch(vec![question.clone()]));
    let items = vec![
        Item {
            item: "folder/job".to_owned(),
            ..Item::default()
        },
        Item {
            item: "other".to_owned(),
            ..Item::default()
        },
    ];
    let Outcome::Suggestions(offer) = suggest(
        &commands(),
        "jenkins build fo",
        "system_user",
        &Answers::from([(question, items)]),
    ) else {
        panic!("the items are known");
    };
    assert_eq!(offer.len(), 1);
    assert_eq!(offer[0].complete, "jenkins build folder/job");
}
