use super::*;
use crate::jenkins::model::JobState;

fn part(json: &str, folder: Option<&str>) -> CatalogPart {
    let folder =
        folder.map(|name| JobPath::new(name.split('/').map(str::to_owned).collect()).unwrap());
    serde_json::from_str::<CatalogJson<'_>>(json)
        .unwrap()
        .into_part(folder.as_ref(), CATALOG_DEPTH)
        .unwrap()
}

#[test]
fn the_tree_of_jobs_becomes_a_list() {
    let part = part(
        r#"{"_class":"hudson.model.Hudson","jobs":[
        {"_class":"hudson.model.FreeStyleProject","color":"blue","displayName":"hello","name":"hello"},
        {"_class":"com.cloudbees.hudson.plugins.folder.Folder","displayName":"Articles \"x\"","jobs":[
          {"_class":"org.x.WorkflowMultiBranchProject","displayName":"repo","jobs":[
            {"_class":"org.x.WorkflowJob","color":"red_anime","displayName":"feature/foo","name":"feature%2Ffoo"}],"name":"repo"}],
          "name":"articles"},
        {"_class":"x","name":"a/b"},{"_class":"x","name":".."}]}"#,
        Some("top"),
    );
    let names: Vec<&str> = part.entries.iter().map(CatalogEntry::full_name).collect();
    assert_eq!(
        names,
        [
            "top/hello",
            "top/articles",
            "top/articles/repo",
            "top/articles/repo/feature%2Ffoo"
        ]
    );
    let shown: Vec<_> = part
        .entries
        .iter()
        .map(CatalogEntry::display_name)
        .collect();
    assert_eq!(shown, ["hello", "Articles \"x\"", "repo", "feature/foo"]);
    assert_eq!(
        part.entries[1].kind,
        CatalogKind::Folder(FolderKind::Folder)
    );
    assert_eq!(
        part.entries[2].kind,
        CatalogKind::Folder(FolderKind::Multibranch)
    );
    let color = JobColor {
        state: JobState::Failure,
        building: true,
    };
    assert_eq!(part.entries[3].kind, CatalogKind::Job(color));
    assert_eq!(part.entries[3].path().unwrap().names().len(), 4);
    assert!(part.unread.is_empty());
}

#[test]
fn what_lies_too_deep_is_named() {
    let mut json =
        r#"{"_class":"com.cloudbees.hudson.plugins.folder.Folder","displayName":"f","name":"f"}"#
            .to_owned();
    for _ in 1..CATALOG_DEPTH {
        json = format!(
            r#"{{"_class":"com.cloudbees.hudson.plugins.folder.Folder","displayName":"f","name":"f","jobs":[{json}]}}"#
        );
    }
    let part = part(&format!(r#"{{"jobs":[{json}]}}"#), None);
    assert_eq!(part.entries.len(), CATALOG_DEPTH);
    assert_eq!(part.unread[0].names().len(), CATALOG_DEPTH);
}

#[test]
fn the_tree_asks_for_every_level() {
    let tree = CatalogJson::tree(CATALOG_DEPTH);
    assert!(tree.starts_with("jobs[_class,name,displayName,color,jobs[_class"));
    assert_eq!(tree.matches("jobs[").count(), CATALOG_DEPTH);
    assert!(tree.ends_with("]]]]]"));
    assert!(
        serde_json::from_str::<CatalogJson<'_>>("{}")
            .unwrap()
            .into_part(None, CATALOG_DEPTH)
            .is_none()
    );
}
