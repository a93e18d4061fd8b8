use proptest::prelude::*;

use super::*;

fn path(name: &str) -> JobPath {
    JobPath::new(name.split('/').map(str::to_owned).collect()).unwrap()
}

#[test]
fn names_are_offered_as_they_are_understood() {
    for (name, quoted, plain) in [
        ("shop/main", "shop/main", "shop/main"),
        ("shop/feature%2Fx", "shop/feature/x", "shop/feature/x"),
        ("nightly build", "\"nightly build\"", "nightly build"),
        ("it's", "\"it's\"", "it\\'s"),
        ("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"", "a \\\"b\\\" \\\\c"),
        ("a $b `c`", "\"a \\$b \\`c\\`\"", "a $b `c`"),
    ] {
        assert_eq!(as_typed("", &path(name), true), quoted);
        assert_eq!(as_typed("", &path(name), false), plain);
    }
    assert_eq!(as_typed("legacy:", &path("a b"), true), "\"legacy:a b\"");
    assert_eq!(as_typed("legacy:", &path("a"), false), "legacy:a");
}

#[test]
fn the_job_before_a_build() {
    let job = |parsed: &str| job_before(parsed).map(|argument| argument.text);
    assert_eq!(
        job("jenkins get-log shop/main "),
        Some("shop/main".to_owned())
    );
    assert_eq!(
        job("jenkins get-log \"nightly build\" "),
        Some("nightly build".to_owned())
    );
    assert_eq!(
        job("jenkins get-log nightly build --lines 5 "),
        Some("nightly build".to_owned())
    );
    assert_eq!(job("jenkins get-log "), None);
    assert_eq!(job("jenkins get-log \"open "), None);
    let argument = job_before("jenkins get-log x --server legacy ").unwrap();
    assert_eq!(argument.server.as_deref(), Some("legacy"));
}

proptest! {
    /// Whatever a job is called: what is offered is understood as that name.
    #[test]
    fn what_is_offered_is_read_back(name in "[a-zA-Zé \"'’“„\\\\$`.–-]{1,12}", quoted: bool) {
        let name = name.trim().to_owned();
        prop_assume!(!matches!(name.as_str(), "" | "." | "..") && !name.starts_with(['-', '–']));
        prop_assume!(!name.contains(" -") && !name.contains(" –"));
        let offered = as_typed("", &path(&name), quoted);
        let words = split(&format!("jenkins build {offered}")).unwrap();
        prop_assert_eq!(words[2..].join(" "), name);
    }

    /// Half of what is offered is looked up as half of the name.
    #[test]
    fn what_is_half_typed_is_looked_up_as_it_is_meant(name in "[a-z \"'’\\\\]{1,10}") {
        let name = name.trim().to_owned();
        prop_assume!(!name.is_empty());
        prop_assert_eq!(unescaped(&as_typed("", &path(&name), false)), name);
    }
}
