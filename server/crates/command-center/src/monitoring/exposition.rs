//! Prometheus' text format (version 0.0.4).

use std::fmt::Write as _;

/// Begins the name of every metric.
const PREFIX: &str = "command_center_";

/// Whether a number only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It only grows, and begins at zero with the process.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// A text under construction.
#[derive(Debug, Default)]
pub(super) struct Exposition(String);

impl Exposition {
    /// Adds the metrics of one name; none, if there is no sample.
    pub(super) fn family<'a>(
        &mut self,
        name: &str,
        kind: Kind,
        help: &str,
        samples: impl IntoIterator<Item = (Vec<(&'a str, &'a str)>, u64)>,
    ) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let head = format!("# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}\n");
        for (index, (labels, value)) in samples.into_iter().enumerate() {
            if index == 0 {
                self.0.push_str(&head);
            }
            let labels: Vec<String> = labels
                .into_iter()
                .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
                .collect();
            let labels = match labels.is_empty() {
                true => String::new(),
                false => format!("{{{}}}", labels.join(",")),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(self.0, "{PREFIX}{name}{labels} {value}");
        }
    }
}

impl From<Exposition> for String {
    fn from(exposition: Exposition) -> Self {
        exposition.0
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_empty_families_left_out() {
        let mut text = Exposition::default();
        text.family("none_total", Kind::Counter, "Nothing.", []);
        let labels = vec![("a", "x\"\\\ny"), ("b", "")];
        text.family(
            "some",
            Kind::Gauge,
            "Something.",
            [(labels, 2), (vec![], 3)],
        );
        assert_eq!(
            String::from(text),
            "# HELP command_center_some Something.\n# TYPE command_center_some gauge\n\
             command_center_some{a=\"x\\\"\\\\\\ny\",b=\"\"} 2\ncommand_center_some 3\n"
        );
    }
}
