//! Finding jobs by a part of their name.

use std::sync::Arc;

use super::table::{Entry, JobSet, JobTable};
use crate::jenkins::model::CatalogKind;
use crate::jenkins::{JobPath, suggest};

/// What one user may see at one server, as of some minutes ago.
#[derive(Clone, Debug)]
pub struct VisibleJobs {
    pub(super) table: Arc<JobTable>,
    pub(super) set: Arc<JobSet>,
}

/// A job or folder that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it is.
    pub path: JobPath,
    /// What it is.
    pub kind: CatalogKind,
}

impl VisibleJobs {
    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.set.iter().filter_map(|id| self.table.get(id))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.set.len()
    }

    /// The best `limit` that have all of these words in their name, best first, and how many have.
    #[must_use]
    pub fn search(&self, words: &[String], limit: usize) -> (Vec<Hit>, usize) {
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut found: Vec<(u32, &Entry)> = self
            .entries()
            .filter_map(|entry| Some((score(&words, entry)?, entry)))
            .collect();
        found.sort_unstable_by(|a, b| {
            let order = |found: &(u32, &Entry)| (found.0, found.1.lower.len());
            order(a)
                .cmp(&order(b))
                .then_with(|| a.1.lower.cmp(&b.1.lower))
        });
        let total = found.len();
        let hits = found.into_iter().filter_map(|(_, entry)| hit(entry));
        (hits.take(limit).collect(), total)
    }

    /// Up to `limit` whose name begins like this, those that need the fewest further folders first.
    #[must_use]
    pub fn beginning_with(
        &self,
        typed: &str,
        wanted: impl Fn(CatalogKind) -> bool,
        limit: usize,
    ) -> Vec<Hit> {
        let typed = typed.to_lowercase();
        let mut found: Vec<&Entry> = self
            .entries()
            .filter(|entry| entry.lower.starts_with(&typed) && wanted(entry.kind))
            .collect();
        found.sort_by_cached_key(|entry| {
            (entry.lower.matches('/').count(), Arc::clone(&entry.lower))
        });
        found.into_iter().filter_map(hit).take(limit).collect()
    }

    /// The one of exactly this name, but for case.
    #[must_use]
    pub fn named(&self, typed: &str) -> Option<Hit> {
        let lower = typed.to_lowercase();
        let mut found = self.entries().filter(|entry| *entry.lower == *lower);
        found.next().and_then(hit)
    }

    /// Up to `limit` jobs whose name, or the last part of it, looks like what was typed; nearest first.
    #[must_use]
    pub fn similar(&self, typed: &str, limit: usize) -> Vec<String> {
        let lower = typed.to_lowercase();
        let whole = suggest::Typed::new(&lower);
        let last = suggest::Typed::new(last_part(&lower));
        let mut found: Vec<(usize, &Entry)> = self
            .entries()
            .filter(|entry| matches!(entry.kind, CatalogKind::Job(_)))
            .filter_map(|entry| {
                let by_whole = whole.rank(&entry.lower);
                // In another folder: only after those that are in the right one.
                let by_last = last.rank(last_part(&entry.lower)).map(|rank| rank + 1);
                let rank = by_whole.into_iter().chain(by_last).min()?;
                Some((rank, entry))
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.lower.cmp(&b.1.lower)));
        let names = found.into_iter().map(|(_, entry)| entry.typed.to_string());
        names.take(limit).collect()
    }
}

fn hit(entry: &Entry) -> Option<Hit> {
    let names = entry.full_name.split('/').map(str::to_owned).collect();
    Some(Hit {
        path: JobPath::new(names).ok()?,
        kind: entry.kind,
    })
}

/// Lower is better; `None` if a word is missing.
fn score(words: &[String], entry: &Entry) -> Option<u32> {
    words.iter().try_fold(0, |sum, word| {
        let by_name = score_word(word, &entry.lower);
        let label = entry.label.as_deref();
        let by_label = label.and_then(|label| score_word(word, label));
        Some(sum + by_name.into_iter().chain(by_label).min()?)
    })
}

/// The whole name, its last part, the beginning of that, the beginning of any word, anything in it, and
/// at last only the letters in their order.
fn score_word(word: &str, name: &str) -> Option<u32> {
    let last = last_part(name);
    if name == word || last == word {
        return Some(0);
    }
    if last.starts_with(word) {
        return Some(1);
    }
    let mut places = name.match_indices(word).map(|(place, _)| place).peekable();
    if places.peek().is_some() {
        let begins_word = |place: usize| {
            let before = name[..place].chars().next_back();
            before.is_none_or(|before| !before.is_alphanumeric())
        };
        return Some(if places.any(begins_word) { 2 } else { 3 });
    }
    (word.chars().count() >= 3 && has_letters(word, name)).then_some(6)
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn has_letters(word: &str, name: &str) -> bool {
    let mut letters = name.chars();
    word.chars()
        .all(|wanted| letters.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::jenkins::catalog::table::tests::entry;

    fn visible(names: &[&str]) -> VisibleJobs {
        let mut table = JobTable::default();
        // Something that only somebody else may see.
        table.admit(&["deploy-secret", "secret/deploy"].map(entry));
        let listed: Vec<_> = names.iter().map(|name| entry(name)).collect();
        let set = table.admit(&listed);
        VisibleJobs {
            table: Arc::new(table),
            set: Arc::new(set),
        }
    }

    fn shop() -> VisibleJobs {
        visible(&[
            "deploy",
            "tools/redeploy",
            "shop/deploy-prod",
            "shop/main",
            "shop/feature%2FLogin",
            "nightly build",
        ])
    }

    fn search(words: &str) -> Vec<String> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let (hits, total) = shop().search(&words, 10);
        assert_eq!(hits.len(), total);
        hits.iter().map(|hit| hit.path.to_string()).collect()
    }

    #[test]
    fn the_nearest_come_first_and_nothing_of_others() {
        assert_eq!(
            search("DEPLOY"),
            ["deploy", "shop/deploy-prod", "tools/redeploy"]
        );
        assert_eq!(search("shop prod"), ["shop/deploy-prod"]);
        assert_eq!(search("feature/login"), ["shop/feature/Login"]);
        assert_eq!(search("login"), ["shop/feature/Login"]);
        assert_eq!(search("ngtly"), ["nightly build"]);
        assert_eq!(search("secret"), Vec::<String>::new());
        assert_eq!(search("shop nothing"), Vec::<String>::new());
    }

    #[test]
    fn beginnings_as_they_are_typed() {
        let all = |typed: &str| -> Vec<String> {
            let hits = shop().beginning_with(typed, |_| true, 10);
            hits.iter().map(|hit| hit.path.to_string()).collect()
        };
        assert_eq!(all("shop/FEAT"), ["shop/feature/Login"]);
        assert_eq!(all("de"), ["deploy"]);
        assert_eq!(all("")[..2], ["deploy", "nightly build"]);
        assert_eq!(all("").len(), 6);
        assert!(
            shop()
                .beginning_with("", |kind| matches!(kind, CatalogKind::Folder(_)), 9)
                .is_empty()
        );
        assert_eq!(shop().beginning_with("", |_| true, 2).len(), 2);
    }

    #[test]
    fn one_name_in_any_case() {
        let found = shop().named("SHOP/feature/login").unwrap();
        assert_eq!(found.path.full_name(), "shop/feature%2FLogin");
        assert_eq!(shop().named("shop"), None);
        assert_eq!(shop().named("secret/deploy"), None);
    }

    #[test]
    fn names_that_look_alike() {
        assert_eq!(shop().similar("delpoy", 3), ["deploy"]);
        assert_eq!(shop().similar("redeploi", 3), ["tools/redeploy"]);
        assert_eq!(shop().similar("shop/mian", 3), ["shop/main"]);
        assert_eq!(shop().similar("zzz", 3), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn nothing_that_is_not_listed_is_found(
            listed in prop::collection::btree_set("[a-d]{1,3}", 0..6),
            word in "[a-d/]{0,4}",
        ) {
            let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
            let jobs = visible(&listed);
            let (hits, _) = jobs.search(std::slice::from_ref(&word), 100);
            let offered = jobs.beginning_with(&word, |_| true, 100);
            for hit in hits.iter().chain(&offered) {
                prop_assert!(listed.contains(&hit.path.full_name().as_str()));
            }
            for name in jobs.similar(&word, 100) {
                prop_assert!(listed.contains(&name.as_str()));
            }
            let beginning = listed.iter().filter(|name| name.starts_with(&word)).count();
            prop_assert_eq!(offered.len(), beginning);
        }

        #[test]
        fn no_text_panics(word in "\\PC{0,12}", name in "\\PC{1,12}") {
            let _ = score_word(&word.to_lowercase(), &name.to_lowercase());
        }
    }
}
