//! Names that are stored once, and sets of them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::jenkins::model::{CatalogEntry, CatalogKind};

/// More names than this are not kept of one listing.
const MOST_NAMES: usize = 100_000;

/// All names that anybody was told of one server. Entries are added and never move, until
/// [`compact`](JobTable::compact).
#[derive(Clone, Debug, Default)]
pub(super) struct JobTable {
    entries: Vec<Entry>,
    ids: HashMap<Arc<str>, u32>,
}

/// A job or folder.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// As Jenkins spells it: `articles/repo/feature%2Ffoo`.
    pub(super) full_name: Arc<str>,
    /// As people type it: `articles/repo/feature/foo`.
    pub(super) typed: Arc<str>,
    /// The same in lower case.
    pub(super) lower: Arc<str>,
    /// Another name that people see, in lower case.
    pub(super) label: Option<Box<str>>,
    /// What it is, and how it was when somebody last looked.
    pub(super) kind: CatalogKind,
}

/// Some of the entries of a table: one bit for each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JobSet(Vec<u64>);

impl JobTable {
    /// The entry of this number.
    pub(super) fn get(&self, id: u32) -> Option<&Entry> {
        self.entries.get(id as usize)
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds what is new, and tells which entries these are.
    pub(super) fn admit(&mut self, listed: &[CatalogEntry]) -> JobSet {
        let mut set = JobSet::default();
        for listed in listed.iter().take(MOST_NAMES) {
            let id = match self.ids.get(listed.full_name()) {
                Some(id) => *id,
                None => match self.add(listed) {
                    Some(id) => id,
                    None => continue,
                },
            };
            if let Some(entry) = self.entries.get_mut(id as usize) {
                entry.kind = listed.kind;
                let label = listed.label().map(str::to_lowercase);
                if entry.label.as_deref() != label.as_deref() {
                    entry.label = label.map(Into::into);
                }
            }
            set.insert(id);
        }
        set.0.shrink_to_fit();
        set
    }

    fn add(&mut self, listed: &CatalogEntry) -> Option<u32> {
        let id = u32::try_from(self.entries.len()).ok()?;
        let full_name: Arc<str> = listed.full_name().into();
        let typed = listed.path()?.to_string();
        let lower = typed.to_lowercase();
        // Most names are their own lower case: they are stored once.
        let typed = reuse(typed, &full_name);
        let lower = reuse(lower, &typed);
        self.entries.push(Entry {
            full_name: Arc::clone(&full_name),
            typed,
            lower,
            label: None,
            kind: listed.kind,
        });
        self.ids.insert(full_name, id);
        Some(id)
    }

    /// Forgets all entries that are in none of these sets, which are changed to mean what they meant.
    pub(super) fn compact<'a>(&mut self, sets: impl IntoIterator<Item = &'a mut JobSet>) {
        let mut sets: Vec<&mut JobSet> = sets.into_iter().collect();
        let mut kept = Self::default();
        let mut moved: Vec<Option<u32>> = Vec::with_capacity(self.entries.len());
        for (id, entry) in (0..).zip(&self.entries) {
            let new_id = u32::try_from(kept.entries.len()).ok();
            let is_used = sets.iter().any(|set| set.contains(id));
            moved.push(new_id.filter(|_| is_used));
            if let (true, Some(new_id)) = (is_used, new_id) {
                kept.ids.insert(Arc::clone(&entry.full_name), new_id);
                kept.entries.push(entry.clone());
            }
        }
        for set in &mut sets {
            let mut renumbered = JobSet::default();
            let ids = set.iter().filter_map(|id| *moved.get(id as usize)?);
            ids.for_each(|id| renumbered.insert(id));
            **set = renumbered;
        }
        *self = kept;
    }
}

fn reuse(text: String, other: &Arc<str>) -> Arc<str> {
    if *text == **other {
        Arc::clone(other)
    } else {
        text.into()
    }
}

impl JobSet {
    fn insert(&mut self, id: u32) {
        let word = (id / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (id % 64);
    }

    /// Whether this entry is in it.
    pub(super) fn contains(&self, id: u32) -> bool {
        let word = self.0.get((id / 64) as usize);
        word.is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    /// The numbers of its entries.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.0).flat_map(|(index, word)| {
            let word = *word;
            let bits = (0..64_u32).filter(move |bit| word & (1 << bit) != 0);
            bits.map(move |bit| index * 64 + bit)
        })
    }

    /// How many entries are in it.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// What it takes of memory, in bytes.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.0.capacity() * size_of::<u64>() + size_of::<Self>()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::jenkins::model::{JobColor, JobState};

    pub(in crate::jenkins::catalog) fn entry(name: &str) -> CatalogEntry {
        let color = JobColor {
            state: JobState::Success,
            building: false,
        };
        CatalogEntry::new(name, None, CatalogKind::Job(color))
    }

    fn names(table: &JobTable, set: &JobSet) -> BTreeSet<String> {
        set.iter()
            .map(|id| table.get(id).unwrap().full_name.to_string())
            .collect()
    }

    fn owned(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn two_users_share_names_and_not_sets() {
        let mut table = JobTable::default();
        let alice = table.admit(&["a", "secret/B%2Fc", "z"].map(entry));
        let bob = table.admit(&["z", "a", "own"].map(entry));
        assert_eq!(table.len(), 4);
        assert_eq!(names(&table, &alice), owned(&["a", "secret/B%2Fc", "z"]));
        assert_eq!(names(&table, &bob), owned(&["a", "own", "z"]));
        let branch = table.get(1).unwrap();
        assert_eq!(
            (&*branch.typed, &*branch.lower),
            ("secret/B/c", "secret/b/c")
        );
        let plain = table.get(0).unwrap();
        assert!(Arc::ptr_eq(&plain.full_name, &plain.lower), "stored once");
    }

    #[test]
    fn ten_thousand_jobs_take_a_user_less_than_two_kilobytes() {
        let mut table = JobTable::default();
        let listed: Vec<CatalogEntry> = (0..10_000)
            .map(|number| entry(&format!("team-{}/service-{number}", number / 100)))
            .collect();
        let set = table.admit(&listed);
        assert_eq!(set.len(), 10_000);
        assert!(set.memory() <= 2048, "{}", set.memory());
    }

    proptest! {
        #[test]
        fn compaction_changes_no_set(
            lists in prop::collection::vec(prop::collection::vec("[a-f]{1,2}", 0..20), 1..4),
            forgotten in 0..4_usize,
        ) {
            let mut table = JobTable::default();
            let mut sets: Vec<JobSet> = lists
                .iter()
                .map(|names| table.admit(&names.iter().map(|name| entry(name)).collect::<Vec<_>>()))
                .collect();
            if forgotten < sets.len() {
                sets.remove(forgotten);
            }
            let before: Vec<_> = sets.iter().map(|set| names(&table, set)).collect();
            table.compact(&mut sets);
            let after: Vec<_> = sets.iter().map(|set| names(&table, set)).collect();
            prop_assert_eq!(&before, &after);
            let used: BTreeSet<String> = after.into_iter().flatten().collect();
            prop_assert_eq!(table.len(), used.len());
            for name in &used {
                let same = table.admit(&[entry(name)]);
                prop_assert_eq!(same.len(), 1);
            }
            prop_assert_eq!(table.len(), used.len());
        }
    }
}
