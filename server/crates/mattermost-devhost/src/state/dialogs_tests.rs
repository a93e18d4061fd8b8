use mattermost_plugin::model::{Dialog, DialogElement, OpenDialogRequest, PostActionOption};

use super::dialogs::{dialog_problems, problems};

fn text() -> DialogElement {
    DialogElement {
        display_name: "API token".to_owned(),
        name: "token".to_owned(),
        r#type: "text".to_owned(),
        sub_type: "password".to_owned(),
        max_length: 150,
        ..DialogElement::default()
    }
}

fn with(elements: Vec<DialogElement>) -> Dialog {
    Dialog {
        title: "Connect".to_owned(),
        elements,
        ..Dialog::default()
    }
}

/// The one problem of a dialog with this element.
fn problem(element: DialogElement) -> String {
    let found = dialog_problems(&with(vec![element]));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn a_sound_dialog_has_no_problems() {
    let select = DialogElement {
        r#type: "select".to_owned(),
        sub_type: String::new(),
        name: "branch".to_owned(),
        default: "main".to_owned(),
        options: vec![PostActionOption {
            text: "Main".to_owned(),
            value: "main".to_owned(),
        }],
        ..text()
    };
    assert!(dialog_problems(&with(vec![text(), select])).is_empty());
}

#[test]
fn titles_and_names_are_limited_in_bytes() {
    let mut dialog = with(vec![text()]);
    dialog.title = "x".repeat(24);
    assert!(dialog_problems(&dialog).is_empty());
    dialog.title = "x".repeat(25);
    assert!(dialog_problems(&dialog)[0].contains("title"));
    dialog.title = "ü".repeat(13);
    assert_eq!(
        dialog_problems(&dialog).len(),
        1,
        "26 bytes are too many though they are 13 runes"
    );
    dialog.title = String::new();
    assert_eq!(dialog_problems(&dialog).len(), 1);
    assert!(
        problem(DialogElement {
            display_name: "x".repeat(25),
            ..text()
        })
        .contains("display name")
    );
    assert!(
        problem(DialogElement {
            display_name: String::new(),
            ..text()
        })
        .contains("empty")
    );
    assert!(
        problem(DialogElement {
            name: "x".repeat(301),
            ..text()
        })
        .contains("name")
    );
    assert!(
        problem(DialogElement {
            help_text: "x".repeat(151),
            ..text()
        })
        .contains("help text")
    );
}

#[test]
fn elements_are_checked_by_their_type() {
    assert!(
        problem(DialogElement {
            default: "x".repeat(151),
            ..text()
        })
        .contains("default")
    );
    assert!(
        problem(DialogElement {
            placeholder: "x".repeat(151),
            ..text()
        })
        .contains("placeholder")
    );
    assert!(
        problem(DialogElement {
            sub_type: "secret".to_owned(),
            ..text()
        })
        .contains("subtype")
    );
    assert!(
        problem(DialogElement {
            r#type: "slider".to_owned(),
            ..text()
        })
        .contains("type")
    );
    assert!(
        problem(DialogElement {
            min_length: 3,
            max_length: 2,
            ..text()
        })
        .contains("min length")
    );
    assert!(
        problem(DialogElement {
            multi_select: true,
            ..text()
        })
        .contains("multiselect")
    );
    let checkbox = DialogElement {
        r#type: "bool".to_owned(),
        default: "yes".to_owned(),
        ..text()
    };
    assert!(problem(checkbox).contains("bool"));
    let radio = DialogElement {
        r#type: "radio".to_owned(),
        default: "a".to_owned(),
        ..text()
    };
    assert!(problem(radio).contains("options"));
}

#[test]
fn selects_know_their_sources() {
    let select = |source: &str, url: &str| DialogElement {
        r#type: "select".to_owned(),
        data_source: source.to_owned(),
        data_source_url: url.to_owned(),
        ..text()
    };
    assert!(dialog_problems(&with(vec![select("users", "")])).is_empty());
    assert!(dialog_problems(&with(vec![select("dynamic", "/plugins/a/lookup")])).is_empty());
    assert!(problem(select("dynamic", "")).contains("data_source_url"));
    assert!(problem(select("dynamic", "/plugins/a/../b")).contains("data_source_url"));
    assert!(problem(select("jobs", "")).contains("data source"));
}

#[test]
fn names_are_unique_and_a_request_needs_address_and_trigger() {
    assert!(dialog_problems(&with(vec![text(), text()]))[0].contains("duplicate"));
    let request = OpenDialogRequest {
        dialog: with(vec![text()]),
        ..OpenDialogRequest::default()
    };
    assert_eq!(problems(&request), ["empty URL", "empty trigger id"]);
}
