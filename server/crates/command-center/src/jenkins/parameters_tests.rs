use super::*;

fn parameter(name: &str, kind: ParameterKind) -> Parameter {
    Parameter {
        name: name.into(),
        description: String::new(),
        kind,
        default: None,
    }
}

fn declared() -> Vec<Parameter> {
    vec![
        parameter(
            "TARGET",
            ParameterKind::Choice(vec!["staging".into(), "Production".into()]),
        ),
        parameter("DRY_RUN", ParameterKind::Boolean),
        parameter("VERSION", ParameterKind::String),
        parameter("SECRET", ParameterKind::Password),
        parameter("UPLOAD", ParameterKind::File),
    ]
}

fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn names_and_choices_are_found_in_any_case() {
    let values = fit(
        &declared(),
        &given(&[
            ("target", "production"),
            ("Dry_Run", "YES"),
            ("VERSION", "1.2=3"),
        ]),
    )
    .unwrap();
    let values: Vec<_> = values
        .iter()
        .map(|value| (value.name.as_str(), value.value.as_str()))
        .collect();
    assert_eq!(
        values,
        [
            ("TARGET", "Production"),
            ("DRY_RUN", "true"),
            ("VERSION", "1.2=3")
        ]
    );
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = fit(
        &declared(),
        &given(&[
            ("VERSIN", "1"),
            ("nonsense", ""),
            ("TARGET", "moon"),
            ("DRY_RUN", "maybe"),
            ("UPLOAD", "x"),
            ("VERSION", "1"),
            ("version", "2"),
        ]),
    )
    .unwrap_err();
    let words: Vec<String> = problems
        .iter()
        .map(|problem| problem.explain(&Ink::PLAIN))
        .collect();
    assert_eq!(
        words,
        [
            "It has no parameter \"VERSIN\"; there is \"VERSION\".",
            "It has no parameter \"nonsense\"; there is \"TARGET\", \"DRY_RUN\", \"VERSION\", \"SECRET\", \"UPLOAD\".",
            "\"TARGET\" cannot be \"moon\"; it is one of \"staging\", \"Production\".",
            "\"DRY_RUN\" cannot be \"maybe\"; it is true or false.",
            "\"UPLOAD\" is a file, which can only be given in Jenkins.",
            "\"VERSION\" is given twice.",
        ]
    );
}

#[test]
fn a_job_without_parameters_takes_none() {
    assert_eq!(fit(&[], &[]), Ok(vec![]));
    assert_eq!(
        fit(&[], &given(&[("A", "1")])),
        Err(vec![ParameterProblem::NotParameterized])
    );
}

#[test]
fn two_names_that_differ_in_case_are_told_apart() {
    let declared = [
        parameter("a", ParameterKind::String),
        parameter("A", ParameterKind::String),
    ];
    assert_eq!(fit(&declared, &given(&[("A", "1")])).unwrap()[0].name, "A");
}

#[test]
fn a_password_is_not_shown() {
    let values = fit(&declared(), &given(&[("SECRET", "hunter2")])).unwrap();
    assert_eq!(format!("{values:?}"), "[SECRET=\"****\"]");
}
