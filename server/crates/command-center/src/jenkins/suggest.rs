//! "Did you mean": names that look like another one.

/// Up to `limit` of the candidates that are near to what was typed, nearest first.
pub(crate) fn similar<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: usize,
) -> Vec<String> {
    let typed = Typed::new(&typed.to_lowercase());
    let ranked = candidates
        .into_iter()
        .filter_map(|candidate| Some((typed.rank(&candidate.to_lowercase())?, candidate)))
        .collect();
    nearest(ranked, limit)
}

fn nearest(mut ranked: Vec<(usize, &str)>, limit: usize) -> Vec<String> {
    ranked.sort_unstable();
    ranked.dedup();
    ranked
        .into_iter()
        .take(limit)
        .map(|(_, candidate)| candidate.to_owned())
        .collect()
}

/// Longer names are compared by their beginning: the cost grows with the square.
const LONGEST: usize = 64;

/// What was typed, to be held against many names.
pub(crate) struct Typed(Vec<char>);

impl Typed {
    /// Of a text in lower case.
    pub(crate) fn new(lower: &str) -> Self {
        Self(lower.chars().take(LONGEST).collect())
    }

    /// How near a name in lower case is: lower is nearer; `None` is not near at all.
    pub(crate) fn rank(&self, lower: &str) -> Option<usize> {
        let Self(typed) = self;
        let candidate: Vec<char> = lower.chars().take(LONGEST).collect();
        let longer = typed.len().max(candidate.len());
        // The distance is at least the difference of the lengths.
        if typed.len().abs_diff(candidate.len()) * 3 <= longer {
            let distance = distance(typed, &candidate);
            if distance * 3 <= longer {
                return Some(distance);
            }
        }
        // A part of the name was typed.
        let is_part =
            typed.len() >= 3 && candidate.windows(typed.len()).any(|window| window == typed);
        is_part.then_some(longer)
    }
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, &to) in b.iter().enumerate() {
            let substituted = last[j] + usize::from(from != to);
            row[j + 1] = substituted.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
            ("ключ", "ключи", 1),
        ] {
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
        }
    }

    #[test]
    fn near_names_come_first() {
        let jobs = ["deploy", "deploy-prod", "hello-world", "nightly build"];
        assert_eq!(similar("delpoy", jobs, 3), ["deploy"]);
        assert_eq!(similar("hello", jobs, 3), ["hello-world"]);
        assert_eq!(similar("DEPLOY-PROT", jobs, 3), ["deploy-prod"]);
        assert_eq!(similar("zzz", jobs, 3), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn distance_is_a_measure(a in "[abc]{0,8}", b in "[abc]{0,8}") {
            let (a, b) = (chars(&a), chars(&b));
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &b) <= a.len().max(b.len()));
        }
    }
}
