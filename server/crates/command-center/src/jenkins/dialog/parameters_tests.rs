use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parameter(name: &str, kind: ParameterKind, default: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        description: String::new(),
        kind,
        default: Some(default.to_owned()).filter(|default| !default.is_empty()),
    }
}

fn fields(parameters: impl IntoIterator<Item = Parameter>) -> Vec<Field> {
    parameters
        .into_iter()
        .map(|parameter| Field::new(parameter, true))
        .collect()
}

fn every_kind() -> Vec<Field> {
    let described = |description: &str, parameter: Parameter| Parameter {
        description: description.to_owned(),
        ..parameter
    };
    let choices = vec!["staging".to_owned(), "production".to_owned(), String::new()];
    let project = "lib/main".to_owned();
    let mut fields = fields([
        described(
            "Which <b>version</b>",
            parameter("VERSION", ParameterKind::String, "1.0"),
        ),
        parameter("NOTES", ParameterKind::Text, "First\nsecond"),
        parameter("CLEAN", ParameterKind::Boolean, "true"),
        described(
            "Where *to*.",
            parameter("TARGET", ParameterKind::Choice(choices), "staging"),
        ),
        parameter("TOKEN", ParameterKind::Password, ""),
        parameter(
            "TYPED_BUILD",
            ParameterKind::Run {
                project: project.clone(),
            },
            "",
        ),
        parameter("CHOSEN_BUILD", ParameterKind::Run { project }, ""),
        parameter("CREDENTIALS", ParameterKind::Credentials, "deploy-key"),
        parameter(
            "A_VERY_LONG_NAME_OF_AN_ACTIVE_CHOICE",
            ParameterKind::Other {
                kind: "CascadeChoiceParameter".to_owned(),
            },
            "",
        ),
        parameter("HUGE", ParameterKind::String, &"x".repeat(5000)),
    ]);
    fields[6].builds = vec![BuildOption {
        value: "lib/main#7".to_owned(),
        text: "#7 (success)".to_owned(),
    }];
    fields
}

fn form(fields: &[Field], page: usize) -> Form<'_> {
    Form {
        fields,
        page,
        known: &[],
    }
}

fn dialog(form: &Form<'_>) -> OpenDialogRequest {
    let heading = Heading {
        job: "folder/deploy",
        name: "deploy",
        url: "https://ci.example.com/job/folder/job/deploy/",
        note: "",
    };
    open("trigger", "state", &heading, form)
}

fn submission(values: &[(&str, Value)]) -> Map<String, Value> {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

#[test]
fn every_kind_has_its_field() {
    let fields = every_kind();
    insta::assert_json_snapshot!("first_page", shown(&dialog(&form(&fields, 0))));
    insta::assert_json_snapshot!("last_page", shown(&dialog(&form(&fields, 1))));
}

/// Without what is empty.
fn shown(request: &OpenDialogRequest) -> Value {
    fn prune(value: Value) -> Value {
        match value {
            Value::Object(map) => {
                let full = |value: &Value| {
                    !matches!(value, Value::Null | Value::Bool(false))
                        && *value != json!("")
                        && *value != json!([])
                        && *value != json!(0)
                };
                let kept = map.into_iter().filter(|(_, value)| full(value));
                Value::Object(kept.map(|(name, value)| (name, prune(value))).collect())
            }
            Value::Array(values) => values.into_iter().map(prune).collect(),
            other => other,
        }
    }
    prune(serde_json::to_value(request).unwrap())
}

#[test]
fn values_are_read_by_kind() {
    let fields = every_kind();
    let values = form(&fields, 0)
        .read(&submission(&[
            ("p0", json!("2.0")),
            ("p1", json!("a\nb")),
            ("p2", json!(false)),
            ("p3", json!("1")),
            ("p4", json!("hunter2")),
        ]))
        .unwrap();
    let expected = [
        ("VERSION", "2.0"),
        ("NOTES", "a\nb"),
        ("CLEAN", "false"),
        ("TARGET", "production"),
        ("TOKEN", "hunter2"),
    ];
    assert_eq!(
        values,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let second = Form {
        known: &values,
        ..form(&fields, 1)
    };
    let values = second
        .read(&submission(&[
            ("p6", json!("0")),
            ("p7", json!("")),
            // Of another page.
            ("p0", json!("9.9")),
        ]))
        .unwrap();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .skip(5)
        .collect();
    // What was left empty is left to Jenkins, but for a default that was taken away.
    assert_eq!(
        values,
        [("CHOSEN_BUILD", "lib/main#7"), ("CREDENTIALS", "")]
    );
}

#[test]
fn an_empty_secret_stays_what_it_was() {
    let fields = every_kind();
    let known = vec![
        ("TOKEN".to_owned(), "hunter2".to_owned()),
        ("VERSION".to_owned(), "3".to_owned()),
    ];
    let form = Form {
        known: &known,
        ..form(&fields, 0)
    };
    let elements = form.elements();
    assert_eq!(elements[0].default, "3");
    assert_eq!(elements[4].default, "");
    assert!(elements[4].help_text.contains("what was typed before"));
    assert!(!format!("{elements:?}").contains("hunter2"));
    let values = form.read(&submission(&[("p3", json!("0"))])).unwrap();
    assert!(values.contains(&known[0]));
}

#[test]
fn an_empty_choice_can_be_chosen() {
    let fields = every_kind();
    let values = form(&fields, 0).read(&submission(&[("p3", json!("2"))]));
    assert!(
        values
            .unwrap()
            .contains(&("TARGET".to_owned(), String::new()))
    );
}

#[test]
fn what_does_not_fit_is_said_at_its_field() {
    let fields = every_kind();
    for (sent, expected) in [
        (json!("3"), "none of the choices"),
        (json!("staging"), "none of the choices"),
        (json!("-1"), "none of the choices"),
        (json!({"a": 1}), "not a value"),
        (json!(null), "choose one"),
    ] {
        let errors = form(&fields, 0)
            .read(&submission(&[
                ("p2", json!("perhaps")),
                ("p3", sent.clone()),
            ]))
            .unwrap_err();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors["p3"].contains(expected), "{sent}: {errors:?}");
        assert!(errors["p2"].contains("true or false"), "{errors:?}");
    }
}

#[test]
fn without_menus_a_choice_is_typed_as_it_is_called() {
    let choices = ["1", "2"].map(str::to_owned).to_vec();
    let declared = parameter("N", ParameterKind::Choice(choices), "2");
    let fields = [Field::new(declared, false)];
    let form = form(&fields, 0);
    let element = form.elements().remove(0);
    assert_eq!(
        (element.r#type.as_str(), element.default.as_str()),
        ("text", "2")
    );
    assert!(
        element.help_text.contains("One of: 1, 2"),
        "{}",
        element.help_text
    );
    let values = form.read(&submission(&[("p0", json!("1"))])).unwrap();
    assert_eq!(values, [("N".to_owned(), "1".to_owned())]);
    let errors = form.read(&submission(&[("p0", json!("0"))])).unwrap_err();
    assert!(errors["p0"].contains("one of"), "{errors:?}");
}

#[test]
fn more_choices_than_a_menu_holds_are_typed() {
    let choices: Vec<String> = (0..=MOST_OPTIONS).map(|n| format!("v{n}")).collect();
    let fields = fields([parameter("N", ParameterKind::Choice(choices), "v0")]);
    let form = form(&fields, 0);
    let element = form.elements().remove(0);
    assert_eq!(
        (element.r#type.as_str(), element.default.as_str()),
        ("text", "v0")
    );
    assert!(form.read(&submission(&[("p0", json!("v1000"))])).is_ok());
    let errors = form
        .read(&submission(&[("p0", json!("v1001"))]))
        .unwrap_err();
    assert!(errors["p0"].contains("cannot be"), "{errors:?}");
}

fn any_parameter() -> impl Strategy<Value = Parameter> {
    let words = || prop_oneof!["\\PC{0,30}", "[aб@#*`<>]{0,400}", Just("x".repeat(5000))];
    let kind = prop_oneof![
        Just(ParameterKind::String),
        Just(ParameterKind::Text),
        Just(ParameterKind::Boolean),
        prop::collection::vec(words(), 0..4).prop_map(ParameterKind::Choice),
        Just(ParameterKind::Password),
        words().prop_map(|project| ParameterKind::Run { project }),
        Just(ParameterKind::Credentials),
        words().prop_map(|kind| ParameterKind::Other { kind }),
    ];
    (words(), words(), kind, prop::option::of(words())).prop_map(
        |(name, description, kind, default)| Parameter {
            name,
            description,
            kind,
            default,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_job_breaks_a_limit(parameters in prop::collection::vec(any_parameter(), 1..12), job in "\\PC{1,40}") {
        let fields = fields(parameters);
        for page in 0..form(&fields, 0).pages() {
            let heading = Heading { job: &job, name: &job, url: "https://ci.example.com/", note: "" };
            let request = open("trigger", "state", &heading, &form(&fields, page));
            prop_assert_eq!(
                mattermost_devhost::state::dialogs::problems(&request),
                Vec::<String>::new()
            );
            // What is sent back as it was shown is accepted.
            let sent = request.dialog.elements.iter().map(|element| {
                let value = match element.r#type.as_str() {
                    "bool" => json!(element.default == "true"),
                    "select" if element.default.is_empty() => json!("0"),
                    _ => json!(element.default),
                };
                (element.name.clone(), value)
            });
            let read = form(&fields, page).read(&sent.collect());
            prop_assert!(read.is_ok(), "{:?}", read);
        }
    }
}
