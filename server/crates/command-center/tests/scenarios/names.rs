//! Names of jobs: search, autocomplete, "did you mean"; and who is shown which.

use std::time::Duration;

use http::Request;
use mattermost_plugin::Capability;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{AutocompleteListItem, Channel};
use simulators::jenkins::{BuildScript, Fault, Folder, JenkinsConfig, Job, Multibranch, User};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, HASTE, World, jenkins, jenkins_with};

const HOSTILE: &str = "@channel *x* [a](evil) `b`";

/// Jobs of all kinds, of which bob may see only some.
fn company() -> JenkinsConfig {
    JenkinsConfig::new()
        .speed(f64::from(HASTE))
        .user(User::developer("alice").token(ALICE_TOKEN))
        .user(User::reader("bob").token(BOB_TOKEN).cannot_see("secret"))
        .item(Job::freestyle("deploy").past_build(BuildScript::failure()))
        .item(Job::freestyle("nightly build"))
        .item(Job::freestyle(HOSTILE))
        .item(
            Multibranch::new("shop")
                .branch("main")
                .branch("feature/login"),
        )
        .item(Folder::new("secret").item(Job::freestyle("deploy-vault")))
}

/// What a user is offered for a half-typed command, as it would stand there then.
async fn offered(world: &World, user: &str, input: &str) -> Vec<String> {
    let suggestions = world.host.user(user).suggestions("builds", input).await;
    let suggestions = suggestions.unwrap();
    suggestions.into_iter().map(|one| one.complete).collect()
}

/// Whether a half-typed command reaches the plugin at all.
async fn is_asked_for_names(world: &World) -> bool {
    let is_asked = world.host.supports(Capability::AutocompleteTree);
    if !is_asked {
        assert!(offered(world, "alice", "/jenkins build ").await.is_empty());
    }
    is_asked
}

/// The same, once the list of jobs is there.
async fn offered_at_last(world: &World, user: &str, input: &str, wanted: &str) -> Vec<String> {
    let mut often = tokio::time::interval(Duration::from_millis(20));
    let waiting = async {
        loop {
            often.tick().await;
            let offered = offered(world, user, input).await;
            if offered.iter().any(|one| one == wanted) {
                return offered;
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    waited.unwrap_or_else(|_| panic!("{input}: {wanted} is not offered"))
}

fn has(offered: &[String], wanted: &str) -> bool {
    offered.iter().any(|one| one == wanted)
}

#[tokio::test]
async fn jobs_are_offered_while_they_are_typed() {
    let world = World::with_alice(company()).await;
    if !is_asked_for_names(&world).await {
        return;
    }
    let all = offered_at_last(&world, "alice", "/jenkins build ", "jenkins build deploy").await;
    assert!(has(&all, "jenkins build \"nightly build\""), "{all:?}");
    assert!(has(&all, "jenkins build shop/feature/login"), "{all:?}");
    assert!(has(&all, "jenkins build secret/deploy-vault"), "{all:?}");
    assert!(
        !has(&all, "jenkins build shop"),
        "a folder cannot be built: {all:?}"
    );
    for (typed, wanted) in [
        ("DEP", "jenkins build deploy"),
        ("shop/feat", "jenkins build shop/feature/login"),
        ("nigh", "jenkins build nightly build"),
        ("\"nigh", "jenkins build \"nightly build\""),
    ] {
        let some = offered(&world, "alice", &format!("/jenkins build {typed}")).await;
        assert!(has(&some, wanted), "{typed}: {some:?}");
    }
    // What is offered is understood, whatever the job is called.
    let hostile = offered(&world, "alice", "/jenkins build \"@ch").await;
    let hostile = hostile
        .iter()
        .find(|one| one.ends_with("`\""))
        .expect("it is offered");
    assert_eq!(world.say("alice", &format!("/{hostile}")).await, "");
    assert_eq!(world.jenkins.builds_requested(HOSTILE), 1);
    // Behind the job, its builds.
    for job in ["deploy", "\"nightly build\""] {
        let builds = offered(&world, "alice", &format!("/jenkins get-log {job} ")).await;
        let wanted = format!("jenkins get-log {job} lastFailedBuild");
        assert!(has(&builds, &wanted), "{builds:?}");
        let number = format!("jenkins get-log {job} 1");
        assert_eq!(has(&builds, &number), job == "deploy", "{builds:?}");
    }
    world.host.assert_no_violations();
    world.host.assert_no_secret(ALICE_TOKEN);
}

#[tokio::test]
async fn nobody_is_offered_what_their_account_does_not_see() {
    let world = World::with_alice(company()).await;
    if !is_asked_for_names(&world).await {
        return;
    }
    world.connect("bob", BOB_TOKEN).await;
    offered_at_last(
        &world,
        "alice",
        "/jenkins build ",
        "jenkins build secret/deploy-vault",
    )
    .await;
    let bobs = offered_at_last(&world, "bob", "/jenkins build ", "jenkins build deploy").await;
    assert!(!bobs.iter().any(|one| one.contains("vault")), "{bobs:?}");
    let bobs = offered(&world, "bob", "/jenkins build secret").await;
    assert!(!bobs.iter().any(|one| one.contains("vault")), "{bobs:?}");

    let alices = world.say("alice", "/jenkins search vault").await;
    assert!(alices.contains("[secret/deploy-vault]("), "{alices}");
    let bobs = world.say("bob", "/jenkins search vault").await;
    assert!(
        bobs.contains("None of the") && !bobs.contains("secret"),
        "{bobs}"
    );
    let alices = world.say("alice", "/jenkins build deploy-valt").await;
    assert!(
        alices.contains("Did you mean `secret/deploy-vault`"),
        "{alices}"
    );
    let bobs = world.say("bob", "/jenkins build deploy-valt").await;
    assert!(!bobs.contains("vault"), "{bobs}");
    let admins = offered(&world, "admin", "/jenkins build ").await;
    assert!(
        !has(&admins, "jenkins build deploy"),
        "not connected: {admins:?}"
    );

    // Somebody else's id in the query changes nothing.
    let alice = world.host.user_id("alice");
    let path = format!(
        "/plugins/command-center/api/v1/jenkins/suggest/jobs?user_input=jenkins%20build%20&parsed=jenkins%20build%20&user_id={alice}"
    );
    let request = Request::get(path.clone()).body(Body::empty()).unwrap();
    let answer = world.host.user("bob").request(request).await.unwrap();
    let body = answer.into_body().collect(1 << 20).await.unwrap();
    let items: Vec<AutocompleteListItem> = serde_json::from_slice(&body).unwrap();
    assert!(!items.is_empty() && !items.iter().any(|item| item.item.contains("vault")));
    let mut forged = Request::get(path).body(Body::empty()).unwrap();
    forged
        .headers_mut()
        .insert("Mattermost-User-Id", alice.parse().unwrap());
    let refused = world
        .host
        .server()
        .serve_plugin_request(0, forged, "")
        .await;
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn who_is_not_connected_any_more_is_offered_nothing() {
    let world = World::with_alice(company()).await;
    if !is_asked_for_names(&world).await {
        return;
    }
    offered_at_last(&world, "alice", "/jenkins build ", "jenkins build deploy").await;
    world.say("alice", "/jenkins disconnect").await;
    let some = offered(&world, "alice", "/jenkins build de").await;
    assert!(!has(&some, "jenkins build deploy"), "{some:?}");
    // As somebody else, they see what that one sees.
    let said = world
        .say("alice", &format!("/jenkins connect bob {BOB_TOKEN}"))
        .await;
    assert!(said.contains("successfully connected"), "{said}");
    let now = offered_at_last(&world, "alice", "/jenkins build ", "jenkins build deploy").await;
    assert!(!now.iter().any(|one| one.contains("vault")), "{now:?}");
}

#[tokio::test]
async fn a_search_finds_parts_of_names() {
    let world = World::with_alice(company()).await;
    let said = world.say("alice", "/jenkins search LOGIN shop").await;
    assert!(said.contains("[shop/feature/login]("), "{said}");
    assert!(said.contains("/job/shop/job/feature%252Flogin/"), "{said}");
    let said = world.say("alice", "/jenkins search deploy").await;
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[1].contains("[deploy](") && lines[1].ends_with("failure"),
        "{said}"
    );
    assert!(lines[2].contains("secret/deploy-vault"), "{said}");
    let said = world.say("alice", "/jenkins search channel").await;
    assert!(
        !said.contains("[@channel") && said.contains("[@\u{200b}channel"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins search `@all`").await;
    assert!(said.contains("None of the"), "{said}");
    let said = world.say("bob", "/jenkins search deploy").await;
    assert!(said.contains("/jenkins connect"), "{said}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_list_grows_old_and_is_fetched_again() {
    let world = World::with_alice(company()).await;
    if !is_asked_for_names(&world).await {
        return;
    }
    world.say("alice", "/jenkins search deploy").await;
    let catalogs = |world: &World| {
        let all = world.jenkins.requests_to("GET /api/json");
        all.iter()
            .filter(|request| {
                request
                    .query("tree")
                    .is_some_and(|tree| tree.contains("displayName,color"))
            })
            .count()
    };
    world.say("alice", "/jenkins search deploy").await;
    offered(&world, "alice", "/jenkins build de").await;
    assert_eq!(catalogs(&world), 1, "one list serves them all");
    world.jenkins.add_item("", Job::freestyle("brand-new"));
    world.advance(Duration::from_secs(6 * 60));
    // The old list answers at once, and a new one is fetched.
    let said = world.say("alice", "/jenkins search deploy").await;
    assert!(said.contains("[deploy]("), "{said}");
    offered_at_last(
        &world,
        "alice",
        "/jenkins build b",
        "jenkins build brand-new",
    )
    .await;
    assert_eq!(catalogs(&world), 2);

    // A Jenkins that is away leaves what is known for an hour, not for ever.
    world.jenkins.stop_listening().await;
    world.advance(Duration::from_secs(6 * 60));
    let said = world.say("alice", "/jenkins search brand").await;
    assert!(said.contains("[brand-new]("), "{said}");
    world.advance(Duration::from_secs(60 * 60));
    let said = world.say("alice", "/jenkins search brand").await;
    assert!(!said.contains("[brand-new]("), "{said}");
}

#[tokio::test]
async fn a_jenkins_that_is_slow_or_talks_nonsense_delays_nobody() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world
        .jenkins
        .inject(Fault::delay(Duration::from_secs(3_600)).on("GET /api/json"));
    let some = offered(&world, "alice", "/jenkins build h").await;
    assert!(!has(&some, "jenkins build hello"), "{some:?}");
    world.jenkins.clear_faults();

    let other = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let pages = other
        .jenkins
        .inject(Fault::login_page().on("GET /api/json"));
    let said = other.say("alice", "/jenkins search hello").await;
    assert!(said.contains("login page"), "{said}");
    other.jenkins.remove_fault(pages);
    let said = other.say("alice", "/jenkins search hello").await;
    assert!(said.contains("[hello]("), "{said}");
}

#[tokio::test]
async fn ten_thousand_jobs_are_at_hand() {
    let world = World::with_alice(jenkins().generated_jobs(10_000)).await;
    let said = world.say("alice", "/jenkins search service-0999").await;
    let said = if said.contains("Waiting") {
        world.told("alice", "service-0999").await
    } else {
        said
    };
    assert!(
        said.contains("the best 10 of 10") || said.contains("[team-099/service-09990]("),
        "{said}"
    );
    if is_asked_for_names(&world).await {
        let some = offered(&world, "alice", "/jenkins build team-042/service-0421").await;
        assert!(
            has(&some, "jenkins build team-042/service-04217"),
            "{some:?}"
        );
    }
    let said = world.say("alice", "/jenkins search service").await;
    assert!(said.contains("the best 20 of 10000"), "{said}");
}

#[tokio::test]
async fn aliases_of_a_channel_are_offered_to_its_readers_only() {
    let world = World::with_alice(company()).await;
    world.connect("bob", BOB_TOKEN).await;
    let api = world.host.plugin_api(0);
    let builds = world.host.channel_id("builds");
    let team_id = api.get_channel(builds).await.unwrap().team_id;
    let private = api
        .create_channel(Channel {
            team_id,
            r#type: Channel::PRIVATE.to_owned(),
            name: "private".to_owned(),
            display_name: "Private".to_owned(),
            ..Channel::default()
        })
        .await
        .unwrap();
    let alice = world.host.user_id("alice");
    api.add_channel_member(private.id.clone(), alice)
        .await
        .unwrap();
    world
        .host
        .set_setting("JenkinsSubscriptionManagers", "member")
        .await;
    let outcome = world
        .host
        .user("alice")
        .run_command(
            "private",
            "/jenkins alias add vault secret/deploy-vault --channel",
        )
        .await
        .unwrap();
    assert!(
        outcome.text().contains("This channel's alias")
            || outcome.text().contains("this channel's alias"),
        "{}",
        outcome.text()
    );
    for (user, is_offered) in [("alice", true), ("bob", false)] {
        let path = format!(
            "/plugins/command-center/api/v1/jenkins/suggest/aliases?channel_id={}",
            private.id
        );
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = world.host.user(user).request(request).await.unwrap();
        let body = answer.into_body().collect(1 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(text.contains("vault"), is_offered, "{user}: {text}");
    }
}
