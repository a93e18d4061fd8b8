use super::*;
use crate::jenkins::JobPath;

fn parameter(name: &str, kind: ParameterKind) -> Parameter {
    Parameter {
        name: name.to_owned(),
        description: String::new(),
        kind,
        default: None,
    }
}

fn former(given: &[(&str, Option<&str>)]) -> Former {
    let job = Job {
        path: JobPath::new(vec!["deploy".to_owned()]).unwrap(),
        display_name: "deploy".to_owned(),
        buildable: true,
        parameters: vec![
            parameter("TARGET", ParameterKind::Choice(vec!["staging".to_owned()])),
            parameter("VERSION", ParameterKind::String),
            parameter("TOKEN", ParameterKind::Password),
            parameter("CONFIG", ParameterKind::File),
        ],
        last_build: Some(7),
        next_build: Some(8),
    };
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
    Former::of(&job, given.collect())
}

#[test]
fn what_is_known_is_given_again() {
    let former = former(&[
        ("TARGET", Some("staging")),
        ("VERSION", Some("")),
        ("TOKEN", None),
        ("CONFIG", None),
    ]);
    let values = [("TARGET", "staging"), ("VERSION", "")];
    assert_eq!(
        former,
        Former {
            values: values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            missing: vec!["TOKEN".to_owned()],
            changes: Vec::new(),
        }
    );
}

#[test]
fn changes_are_told() {
    let former = former(&[("TARGET", Some("@all `moon`")), ("OLD", Some("x"))]);
    assert_eq!(former.values, Values::new());
    assert_eq!(former.missing, ["TARGET"]);
    assert_eq!(
        former.changes,
        [
            "Left out, as it does not exist any more: `OLD`.",
            "New, with its default: `VERSION`, `TOKEN`.",
            "Not possible any more: `TARGET` was `` @all `moon` ``.",
        ]
    );
}

#[test]
fn a_secret_that_is_told_is_not_used() {
    assert_eq!(former(&[("TOKEN", Some("hunter2"))]).values, Values::new());
}
