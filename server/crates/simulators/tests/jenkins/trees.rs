//! What `tree` and `depth` select, and how items are found by path.

use serde_json::json;
use simulators::jenkins::{BuildScript, Folder, Job, Multibranch, OrganizationFolder};

use crate::client::{Talk, world};

#[tokio::test]
async fn a_tree_selects_exactly() {
    let talk = Talk::start(
        world()
            .item(Job::freestyle("a"))
            .item(Folder::new("f").item(Job::pipeline("b"))),
    )
    .await;
    let expected = json!({"_class": "hudson.model.Hudson", "jobs": [
        {"_class": "hudson.model.FreeStyleProject", "name": "a"},
        {"_class": "com.cloudbees.hudson.plugins.folder.Folder", "name": "f", "jobs": [
            {"_class": "org.jenkinsci.plugins.workflow.job.WorkflowJob", "name": "b", "color": "notbuilt"},
        ]},
    ]});
    assert_eq!(
        talk.json("/api/json?tree=jobs[name,jobs[name,color]]")
            .await["jobs"][1],
        expected["jobs"][1]
    );
    assert_eq!(
        talk.json("/api/json?tree=jobs[name]").await["jobs"][0],
        expected["jobs"][0]
    );
    assert_eq!(talk.get("/api/json?tree=jobs[name").await.status(), 500);
}

#[tokio::test]
async fn ranges_cut_lists_and_builds_are_the_newest_hundred() {
    let job = (0..105).fold(Job::freestyle("x"), |job, _| {
        job.past_build(BuildScript::success())
    });
    let talk = Talk::start(world().item(job)).await;
    let numbers = async |tree: &str| -> Vec<u64> {
        let job = talk.json(&format!("/job/x/api/json?tree={tree}")).await;
        let list = job["builds"]
            .as_array()
            .or(job["allBuilds"].as_array())
            .unwrap();
        list.iter()
            .map(|build| build["number"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(numbers("builds[number]{0,3}").await, [105, 104, 103]);
    assert_eq!(numbers("builds[number]{2}").await, [103]);
    assert_eq!(numbers("builds[number]").await.len(), 100);
    assert_eq!(numbers("allBuilds[number]{103,}").await, [2, 1]);
}

#[tokio::test]
async fn depth_zero_mentions_and_depth_one_tells() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").past_build(BuildScript::failure()))).await;
    let root = talk.json("/api/json").await;
    let url = format!("{}/job/x/", talk.jenkins.url());
    let mention =
        json!({"_class": "hudson.model.FreeStyleProject", "color": "red", "name": "x", "url": url});
    assert_eq!(root["jobs"][0], mention);
    assert_eq!(root["views"][0]["name"], "all");
    let job = talk.json("/job/x/api/json").await;
    assert_eq!(
        job["lastBuild"],
        json!({"_class": "hudson.model.FreeStyleBuild", "number": 1, "url": format!("{url}1/")})
    );
    assert_eq!(job["healthReport"][0]["score"], 80);
    assert!(job.get("allBuilds").is_none());
    assert_eq!(
        talk.json("/job/x/api/json?depth=1").await["lastBuild"]["result"],
        "FAILURE"
    );
}

#[tokio::test]
async fn every_kind_of_item_has_its_class() {
    let organization =
        OrganizationFolder::new("org").repository(Multibranch::new("repo").branch("main"));
    let talk = Talk::start(world().item(organization)).await;
    assert_eq!(
        talk.json("/job/org/api/json").await["_class"],
        "jenkins.branch.OrganizationFolder"
    );
    let repo = talk.json("/job/org/job/repo/api/json").await;
    assert_eq!(
        repo["_class"],
        "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
    );
    assert!(repo.get("builds").is_none());
    assert_eq!(talk.text("/job/org/computation/consoleText").await, "");
    assert_eq!(
        talk.get("/job/org/indexing/consoleText").await.status(),
        404
    );
}

#[tokio::test]
async fn a_branch_is_found_by_its_encoded_name() {
    let talk = Talk::start(
        world().item(
            Multibranch::new("repo")
                .branch("feature/foo")
                .branch("fix 100%"),
        ),
    )
    .await;
    let branch = talk.json("/job/repo/job/feature%252Ffoo/api/json").await;
    assert_eq!(branch["name"], "feature%2Ffoo");
    assert_eq!(branch["displayName"], "feature/foo");
    assert_eq!(branch["fullName"], "repo/feature%2Ffoo");
    assert_eq!(branch["fullDisplayName"], "repo » feature/foo");
    assert_eq!(
        branch["url"],
        format!("{}/job/repo/job/feature%252Ffoo/", talk.jenkins.url())
    );
    // MultiBranchProject.getItem tries the other forms as well.
    assert_eq!(
        talk.json("/job/repo/job/feature%2Ffoo/api/json").await["name"],
        "feature%2Ffoo"
    );
    let percent = talk.json("/job/repo/job/fix%20100%2525/api/json").await;
    assert_eq!(percent["displayName"], "fix 100%");
    assert_eq!(
        talk.get("/job/repo/job/feature/foo/api/json")
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn spaces_and_other_alphabets_work_in_paths() {
    let talk = Talk::start(
        world()
            .item(Job::freestyle("nightly build"))
            .item(Job::freestyle("сборка")),
    )
    .await;
    assert_eq!(
        talk.json("/job/nightly%20build/api/json").await["name"],
        "nightly build"
    );
    let unicode = talk
        .json("/job/%D1%81%D0%B1%D0%BE%D1%80%D0%BA%D0%B0/api/json")
        .await;
    assert_eq!(unicode["name"], "сборка");
    assert!(
        unicode["url"]
            .as_str()
            .unwrap()
            .ends_with("/job/%D1%81%D0%B1%D0%BE%D1%80%D0%BA%D0%B0/")
    );
    assert_eq!(
        talk.json("//job/nightly%20build//api/json").await["name"],
        "nightly build"
    );
}

#[tokio::test]
async fn a_job_that_never_ran_has_no_last_build() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let job = talk.json("/job/x/api/json").await;
    assert!(job["lastBuild"].is_null());
    assert_eq!(job["color"], "notbuilt");
    assert_eq!(job["nextBuildNumber"], 1);
    assert_eq!(talk.get("/job/x/lastBuild/api/json").await.status(), 404);
}

#[tokio::test]
async fn parameter_definitions_are_exported_without_secrets() {
    use simulators::jenkins::{Parameter, ParameterKind};
    let choices = "org.biouno.unochoice.ChoiceParameter".to_owned();
    let job = Job::freestyle("x")
        .parameter(Parameter::choice("C", ["one", "two"]).description("pick"))
        .parameter(Parameter::boolean("B", true))
        .parameter(Parameter::password("P", "hidden"))
        .parameter(Parameter::text("T", "a\nb"))
        .parameter(
            Parameter::new(
                "R",
                ParameterKind::Run {
                    project: "other".to_owned(),
                },
            )
            .default_value("other#3"),
        )
        .parameter(Parameter::new("A", ParameterKind::Other { class: choices }));
    let talk = Talk::start(world().item(job)).await;
    let job = talk.json("/job/x/api/json").await;
    let list = &job["property"][0]["parameterDefinitions"];
    assert_eq!(list[0]["type"], "ChoiceParameterDefinition");
    assert_eq!(list[0]["choices"], json!(["one", "two"]));
    assert_eq!(list[0]["defaultParameterValue"]["value"], "one");
    assert_eq!(list[0]["description"], "pick");
    assert_eq!(list[1]["defaultParameterValue"]["value"], true);
    assert_eq!(list[2]["type"], "PasswordParameterDefinition");
    assert!(list[2]["defaultParameterValue"].get("value").is_none());
    assert_eq!(list[3]["defaultParameterValue"]["value"], "a\nb");
    assert_eq!(list[4]["projectName"], "other");
    assert_eq!(list[5]["type"], "ChoiceParameter");
    assert!(list[5].get("choices").is_none());
    assert!(!job.to_string().contains("hidden"));
}
