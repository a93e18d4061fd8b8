use super::arguments::{BuildArgument, Whose};
use super::log::Part;
use super::*;

fn request(typed: &str) -> Result<Request, String> {
    parse(&tree(), typed).map(|(_, request)| request)
}

fn job_argument(job: &str) -> JobArgument {
    JobArgument {
        text: job.to_owned(),
        server: None,
    }
}

fn build(job: &str, parameters: &[(&str, &str)]) -> Request {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Request::Build(build::Request::Build {
        job: job_argument(job),
        parameters,
        defaults: false,
    })
}

fn log(job: &str, build: Option<&str>, part: Part) -> Request {
    Request::Log(log::Request {
        build: BuildArgument {
            job: job_argument(job),
            build: build.map(str::to_owned),
        },
        part,
    })
}

#[test]
fn jobs_as_people_type_them() {
    assert_eq!(request("/jenkins build hello"), Ok(build("hello", &[])));
    assert_eq!(
        request("/Jenkins   build   folder/a"),
        Ok(build("folder/a", &[]))
    );
    assert_eq!(
        request("/jenkins build \"nightly build\""),
        Ok(build("nightly build", &[]))
    );
    assert_eq!(
        request("/jenkins build “nightly build”"),
        Ok(build("nightly build", &[]))
    );
    assert_eq!(
        request("/jenkins build nightly build"),
        Ok(build("nightly build", &[]))
    );
    assert_eq!(request("/jenkins build 100%"), Ok(build("100%", &[])));
}

#[test]
fn parameters_as_people_type_them() {
    assert_eq!(
        request("/jenkins build deploy VERSION=1.2.3 \"NOTES=a b\" EMPTY= URL=http://x/?a=b N=-1"),
        Ok(build(
            "deploy",
            &[
                ("VERSION", "1.2.3"),
                ("NOTES", "a b"),
                ("EMPTY", ""),
                ("URL", "http://x/?a=b"),
                ("N", "-1")
            ]
        ))
    );
    assert!(request("/jenkins build deploy A=1 stray").is_err_and(|text| text.contains("`stray`")));
    assert!(request("/jenkins build deploy A=1 A=2").is_err_and(|text| text.contains("twice")));
}

#[test]
fn quotes_of_parameters_stand_anywhere() {
    let expected = |value: &str| Ok(build("deploy", &[("NOTES", value)]));
    for typed in [
        "NOTES=\"a b\"",
        "\"NOTES=a b\"",
        "NOTES='a b'",
        "NOTES=“a b”",
        "“NOTES=a b”",
        "NOTES=a\\ b",
    ] {
        let request = request(&format!("/jenkins build deploy {typed}"));
        assert_eq!(request, expected("a b"), "{typed}");
    }
    assert_eq!(
        request("/jenkins build deploy NOTES=\"first\nsecond = x\""),
        expected("first\nsecond = x")
    );
    assert_eq!(
        request("/jenkins build deploy NOTES=a=b="),
        expected("a=b=")
    );
}

#[test]
fn what_is_no_parameter_is_said() {
    for (typed, expected) in [
        ("NOTES = x", "`=` begins with"),
        ("=x", "`=x` begins with"),
        ("NOTES= x", "`x` is not a parameter"),
        ("NOTES=a b", "`b` is not a parameter"),
        ("NOTES=“a b", "never closed"),
    ] {
        let said = request(&format!("/jenkins build deploy {typed}"));
        assert!(
            said.as_ref().is_err_and(|said| said.contains(expected)),
            "{typed}: {said:?}"
        );
    }
}

#[test]
fn defaults_and_rebuilds() {
    for typed in [
        "/jenkins build deploy --defaults",
        "/jenkins build —defaults deploy",
    ] {
        assert_eq!(
            request(typed),
            Ok(Request::Build(build::Request::Build {
                job: job_argument("deploy"),
                parameters: Vec::new(),
                defaults: true,
            })),
            "{typed}"
        );
    }
    let rebuild = |build: Option<&str>| {
        Ok(Request::Build(build::Request::Rebuild {
            build: BuildArgument {
                job: job_argument("nightly build"),
                build: build.map(str::to_owned),
            },
        }))
    };
    assert_eq!(request("/jenkins rebuild nightly build"), rebuild(None));
    assert_eq!(
        request("/jenkins rebuild \"nightly build\" #7"),
        rebuild(Some("#7"))
    );
}

#[test]
fn options_stand_anywhere() {
    let on_legacy = |parameters: &[(&str, &str)]| {
        let Request::Build(build::Request::Build {
            mut job,
            parameters,
            defaults,
        }) = build("deploy", parameters)
        else {
            panic!("no build")
        };
        job.server = Some("legacy".to_owned());
        Ok(Request::Build(build::Request::Build {
            job,
            parameters,
            defaults,
        }))
    };
    assert_eq!(
        request("/jenkins build deploy --server legacy"),
        on_legacy(&[])
    );
    assert_eq!(
        request("/jenkins build --server legacy deploy A=1"),
        on_legacy(&[("A", "1")])
    );
    assert_eq!(
        request("/jenkins build deploy A=1 B=2 --server legacy"),
        on_legacy(&[("A", "1"), ("B", "2")])
    );
    assert_eq!(
        request("/jenkins build deploy A=--x B=-y"),
        Ok(build("deploy", &[("A", "--x"), ("B", "-y")]))
    );
}

#[test]
fn logs() {
    assert_eq!(
        request("/jenkins get-log hello"),
        Ok(log("hello", None, Part::End(50)))
    );
    assert_eq!(
        request("/jenkins get-log hello 12"),
        Ok(log("hello", Some("12"), Part::End(50)))
    );
    assert_eq!(
        request("/jenkins get-log hello #12 --lines 5"),
        Ok(log("hello", Some("#12"), Part::End(5)))
    );
    assert_eq!(
        request("/jenkins get-log nightly build 3 --full"),
        Ok(log("nightly build", Some("3"), Part::Whole))
    );
    assert!(request("/jenkins get-log hello --lines 0").is_err());
    assert!(request("/jenkins get-log hello --lines many").is_err());
}

#[test]
fn parts_of_logs() {
    let part = |typed: &str| match request(&format!("/jenkins get-log my job 3 {typed}")) {
        Ok(Request::Log(request)) => {
            assert_eq!(request.build.job.text, "my job", "{typed}");
            assert_eq!(request.build.build.as_deref(), Some("3"), "{typed}");
            request.part
        }
        other => panic!("{typed}: {other:?}"),
    };
    let matches = |pattern: &str, context| Part::Matches {
        pattern: crate::jenkins::log_text::LinePattern::parse(pattern).unwrap(),
        context,
    };
    assert_eq!(part("--grep 'a \\d+'"), matches("a \\d+", 2));
    assert_eq!(part("--grep \"a\\d\" --context 0"), matches("a\\d", 0));
    assert_eq!(part("--follow"), Part::Live);
    let stage = |lines| Part::Stage {
        name: "Unit tests".to_owned(),
        lines,
    };
    assert_eq!(part("--stage 'Unit tests'"), stage(50));
    assert_eq!(part("--stage \"Unit tests\" --lines 5"), stage(5));
    for wrong in [
        "--full --follow",
        "--grep a --lines 3",
        "--context 2",
        "--grep (",
        "--grep a --context 100",
    ] {
        assert!(
            request(&format!("/jenkins get-log x {wrong}")).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn looking_at_jobs() {
    use crate::jenkins::view::Only;
    let inspect = |typed: &str| match request(typed) {
        Ok(Request::Inspect(request)) => request,
        other => panic!("{typed}: {other:?}"),
    };
    assert_eq!(
        inspect("/jenkins status nightly build"),
        inspect::Request::Status {
            job: job_argument("nightly build")
        }
    );
    assert_eq!(
        inspect("/jenkins list"),
        inspect::Request::List {
            folder: job_argument(""),
            only: Only::Here
        }
    );
    assert_eq!(
        inspect("/jenkins list my team --failed"),
        inspect::Request::List {
            folder: job_argument("my team"),
            only: Only::Failed
        }
    );
    assert_eq!(
        inspect("/jenkins history x --limit 3"),
        inspect::Request::History {
            job: job_argument("x"),
            limit: 3
        }
    );
    for wrong in [
        "history x --limit 0",
        "history x --limit 51",
        "list --failed --running",
    ] {
        assert!(request(&format!("/jenkins {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn changes_of_jobs_and_builds() {
    let control = |typed: &str| match request(typed) {
        Ok(Request::Control(request)) => request,
        other => panic!("{typed}: {other:?}"),
    };
    let of = |job: &str, build: Option<&str>| BuildArgument {
        job: job_argument(job),
        build: build.map(str::to_owned),
    };
    assert_eq!(
        control("/jenkins abort nightly build #3"),
        control::Request::Abort {
            build: of("nightly build", Some("#3")),
            queued: false
        }
    );
    assert_eq!(
        control("/jenkins abort --queued hello"),
        control::Request::Abort {
            build: of("hello", None),
            queued: true
        }
    );
    assert_eq!(
        control("/jenkins disable nightly build"),
        control::Request::SetEnabled {
            job: job_argument("nightly build"),
            enabled: false
        }
    );
    assert_eq!(
        control("/jenkins reindex repo"),
        control("/jenkins scan repo")
    );
    assert_eq!(
        control("/jenkins createjob a/b --from c"),
        control::Request::Create(control::Create {
            name: "a/b".to_owned(),
            from: Some("c".to_owned()),
            ..control::Create::default()
        })
    );
    assert!(request("/jenkins createjob --attached").is_err());
    assert!(request("/jenkins createjob a --attached --from c").is_err());
    let said = |typed: &str| request(typed).map_err(|text| assert!(text.contains("job")));
    assert!(said("/jenkins delete").is_err());
}

#[test]
fn answers_to_pipelines() {
    let values = vec![
        ("A".to_owned(), "x y".to_owned()),
        ("B".to_owned(), "=".to_owned()),
    ];
    assert_eq!(
        request("/jenkins approve my pipe 3 \"A=x y\" B== --input go"),
        Ok(Request::Input(input::Request {
            build: BuildArgument {
                job: job_argument("my pipe"),
                build: Some("3".to_owned())
            },
            input: Some("go".to_owned()),
            answer: input::Answer::Approve {
                values,
                defaults: false
            },
        }))
    );
}

#[test]
fn a_message_for_the_users_of_jenkins() {
    assert_eq!(
        request("/jenkins safe-restart for the upgrade --server legacy"),
        Ok(Request::ServerControl(server_control::Request {
            action: server_control::Action::SafeRestart(Some("for the upgrade".to_owned())),
            server: Some("legacy".to_owned()),
        }))
    );
}

#[test]
fn mistakes_say_what_to_do() {
    assert!(request("/jenkins").is_err_and(|text| text.contains("Slash Command Help")));
    assert!(request("/jenkins help").is_err_and(|text| text.contains("get-log")));
    assert!(request("/jenkins bild x").is_err_and(|text| text.contains("build")));
    assert!(request("/jenkins build \"open").is_err());
    assert!(
        request("/jenkins connect alice")
            .is_err_and(|text| text.contains("Please specify both username and API token."))
    );
}

#[test]
fn a_token_shows_nowhere() {
    let Ok(request) = request("/jenkins connect alice s3cret") else {
        panic!("not understood")
    };
    assert!(!format!("{request:?}").contains("s3cret"));
}

#[test]
fn every_command_has_a_verb() {
    let tree = tree().to_model().unwrap();
    for command in tree.autocomplete_data.unwrap().sub_commands {
        let name = command.trigger.as_str();
        assert!(name == "help" || Verb::of(name).is_some(), "{name}");
    }
    let verb = |typed: &str| parse(&super::tree(), typed).unwrap().0;
    assert_eq!(verb("/jenkins reindex repo"), Verb::Scan);
    assert_eq!(verb("/Jenkins get-log"), Verb::GetLog);
}

#[test]
fn what_need_not_be_typed() {
    use shortcuts::Request::{AddAlias, ClearDefault, DeleteAlias, SetDefault, ShowDefaults};

    let shortcuts = |typed: &str| match request(typed) {
        Ok(Request::Shortcuts(request)) => request,
        other => panic!("{typed}: {other:?}"),
    };
    assert_eq!(request("/jenkins build"), Ok(build("", &[])));
    assert_eq!(request("/jenkins build A=1"), Ok(build("", &[("A", "1")])));
    assert_eq!(
        request("/jenkins get-log --lines 5"),
        Ok(log("", None, Part::End(5)))
    );
    assert_eq!(shortcuts("/jenkins default"), ShowDefaults);
    assert_eq!(
        shortcuts("/jenkins default set nightly build --channel"),
        SetDefault {
            job: job_argument("nightly build"),
            whose: Whose::Channels
        }
    );
    assert_eq!(
        shortcuts("/jenkins default clear --me"),
        ClearDefault { whose: Whose::Own }
    );
    assert_eq!(
        shortcuts("/jenkins alias add Prod shop/deploy ENV=prod \"NOTE=a b\""),
        AddAlias {
            name: "Prod".to_owned(),
            job: job_argument("shop/deploy"),
            parameters: vec![
                ("ENV".to_owned(), "prod".to_owned()),
                ("NOTE".to_owned(), "a b".to_owned())
            ],
            whose: Whose::Own
        }
    );
    assert_eq!(
        shortcuts("/jenkins alias delete prod --channel"),
        DeleteAlias {
            name: "prod".to_owned(),
            whose: Whose::Channels
        }
    );
    assert!(request("/jenkins alias add prod").is_err());
    assert!(request("/jenkins default set --me --channel x").is_err());
    assert_eq!(
        request("/jenkins server"),
        Ok(Request::Servers(servers::Request::List))
    );
    assert!(request("/jenkins server default").is_err_and(|text| text.contains("--clear")));
    assert_eq!(
        request("/jenkins search \"shop main\" x --server legacy"),
        Ok(Request::Search(search::Request {
            words: ["shop", "main", "x"].map(str::to_owned).to_vec(),
            server: Some("legacy".to_owned())
        }))
    );
}

#[test]
fn help_is_sorted_by_topic_and_fits_a_post() {
    let help = help(&tree());
    let topics: Vec<&str> = help.lines().filter(|line| line.starts_with("**")).collect();
    assert_eq!(topics.first(), Some(&"**Your account**"));
    assert!(
        help.contains("* `/jenkins build [job] [NAME=value]...`: Build"),
        "{help}"
    );
    assert!(crate::text::rune_count(&help) < 8_000);
    let of_build = request("/jenkins help build").unwrap_err();
    assert!(
        of_build.contains("--defaults") && !of_build.contains("get-log"),
        "{of_build}"
    );
    let near = request("/jenkins help get-lg").unwrap_err();
    assert!(
        near.contains("There is no `get-lg` in `/jenkins`. Did you mean `get-log`"),
        "{near}"
    );
    let below = request("/jenkins help alias ad").unwrap_err();
    assert!(below.contains("Did you mean `add`?"), "{below}");
}
