//! Lines of Markdown, some of which are entries of lists.

/// Puts lines below each other. A line right below an entry of a list would belong to that entry, so
/// what follows a list has an empty line before it.
#[must_use]
pub fn join_lines(lines: &[String]) -> String {
    let is_entry = |line: &str| line.trim_start().starts_with("- ");
    let mut joined = String::new();
    let mut follows_list = false;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            let ends_list = follows_list && !is_entry(line);
            joined.push_str(if ends_list { "\n\n" } else { "\n" });
        }
        joined.push_str(line);
        follows_list = is_entry(line.lines().next_back().unwrap_or_default());
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::join_lines;

    #[test]
    fn what_follows_a_list_is_apart_from_it() {
        let lines = ["**One:**", "- a", "    - b", "**Two:**\n- c", "- d", "end"];
        assert_eq!(
            join_lines(&lines.map(str::to_owned)),
            "**One:**\n- a\n    - b\n\n**Two:**\n- c\n- d\n\nend"
        );
    }
}
