//! Files that a build archived.

use std::collections::HashMap;

use serde::Deserialize;

/// One file (`hudson.model.Run.Artifact`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name.
    pub file_name: String,
    /// Its path below the archive, with `/` between the parts.
    pub relative_path: String,
    /// Its length in bytes, if Jenkins says: only of the first hundred of a pipeline.
    pub size: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ArtifactsJson {
    artifacts: Vec<ArtifactJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ArtifactJson {
    file_name: Option<String>,
    relative_path: String,
}

/// One of `wfapi/artifacts` (pipeline-rest-api, `BuildArtifactExt`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SizedArtifactJson {
    path: String,
    size: i64,
}

impl ArtifactsJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "artifacts[fileName,relativePath]";

    pub(crate) fn is_empty(&self) -> bool {
        self.artifacts.is_empty()
    }

    pub(crate) fn into_artifacts(self, sizes: Vec<SizedArtifactJson>) -> Vec<Artifact> {
        let sizes: HashMap<String, u64> = sizes
            .into_iter()
            .filter_map(|sized| Some((sized.path, u64::try_from(sized.size).ok()?)))
            .collect();
        let named = self
            .artifacts
            .into_iter()
            .filter(|artifact| !artifact.relative_path.is_empty());
        named
            .map(|artifact| Artifact {
                file_name: artifact.file_name.unwrap_or_else(|| {
                    let path = &artifact.relative_path;
                    path.rsplit('/').next().unwrap_or(path).to_owned()
                }),
                size: sizes.get(&artifact.relative_path).copied(),
                relative_path: artifact.relative_path,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_matched_by_path() {
        let artifacts: ArtifactsJson = serde_json::from_str(
            r#"{"artifacts":[{"fileName":"a","relativePath":"x/a"},{"relativePath":"y/a"},{}]}"#,
        )
        .unwrap();
        let sizes: Vec<SizedArtifactJson> =
            serde_json::from_str(r#"[{"path":"y/a","size":7},{"path":"x/a","size":-1}]"#).unwrap();
        let found = artifacts.into_artifacts(sizes);
        let found: Vec<_> = found
            .iter()
            .map(|a| (a.file_name.as_str(), a.relative_path.as_str(), a.size))
            .collect();
        assert_eq!(found, [("a", "x/a", None), ("a", "y/a", Some(7))]);
    }
}
