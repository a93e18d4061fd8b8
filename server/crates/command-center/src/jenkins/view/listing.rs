//! Lists of any length.

use crate::text;

/// Runes of a list: below what a post may have, and not too long to be read on a phone.
const RUNES: usize = 10_000;

/// `head`, and at most so many of the things on lines of their own. What is left out is counted, and
/// `page` is where all is.
pub(super) fn listing<T>(
    head: &str,
    things: &[T],
    most: usize,
    page: &str,
    line: impl Fn(&T) -> String,
) -> String {
    lines(head, things, most, page, |_, thing| {
        format!("- {}", line(thing))
    })
}

/// The same with lines that begin as they like; they are told their place, from 0.
pub(super) fn lines<T>(
    head: &str,
    things: &[T],
    most: usize,
    page: &str,
    line: impl Fn(usize, &T) -> String,
) -> String {
    let mut list = head.to_owned();
    let mut used = text::rune_count(head);
    for (index, thing) in things.iter().enumerate() {
        let line = format!("\n{}", line(index, thing));
        used += text::rune_count(&line);
        if index == most || used > RUNES {
            let rest = more((things.len() - index) as u64, page);
            list.push_str(&format!("\n- {rest}"));
            break;
        }
        list.push_str(&line);
    }
    list
}

/// What is left out, and where it is.
pub(super) fn more(count: u64, page: &str) -> String {
    format!("and {count} more: {}", text::link("all of it", page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let shown = listing("**x**", &[1, 2, 3], 2, "http://ci/", ToString::to_string);
        assert_eq!(
            shown,
            "**x**\n- 1\n- 2\n- and 1 more: [all of it](http://ci/)"
        );
        let whole = listing("**x**", &[1, 2], 2, "http://ci/", ToString::to_string);
        assert_eq!(whole, "**x**\n- 1\n- 2");
    }

    proptest! {
        #[test]
        fn a_list_fits_into_a_post(lengths in prop::collection::vec(0_usize..4_000, 0..60), most in 0_usize..80) {
            let shown = listing("head", &lengths, most, "http://ci/", |length| "x".repeat(*length));
            prop_assert!(text::rune_count(&shown) < RUNES + 200);
            let is_thing = |line: &&str| line.starts_with("- ") && !line.starts_with("- and ");
            let left = lengths.len() - shown.lines().filter(is_thing).count();
            prop_assert_eq!(shown.contains(" more: "), left > 0);
            if left > 0 {
                let expected = format!("- and {left} more: ");
                prop_assert!(shown.contains(&expected));
            }
        }
    }
}
