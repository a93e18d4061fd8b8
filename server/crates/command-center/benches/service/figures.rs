//! What was measured.

use std::io::Write;

use serde_json::{Value, json};

/// All results so far.
#[derive(Default)]
pub(crate) struct Figures(Vec<Value>);

impl Figures {
    /// A result of which nothing is demanded.
    pub(crate) fn plain(&mut self, name: &str, value: f64, unit: &str) {
        self.add(json!({"name": name, "value": value, "unit": unit, "bar": null, "ok": null}));
    }

    /// A result that must not be greater.
    pub(crate) fn at_most(&mut self, name: &str, value: f64, unit: &str, bar: f64) {
        let ok = value <= bar;
        self.add(json!({"name": name, "value": value, "unit": unit, "bar": bar, "ok": ok}));
    }

    /// A result that must not be smaller.
    pub(crate) fn at_least(&mut self, name: &str, value: f64, unit: &str, bar: f64) {
        let ok = value >= bar;
        self.add(json!({"name": name, "value": value, "unit": unit, "bar": bar, "ok": ok}));
    }

    fn add(&mut self, figure: Value) {
        // Standard error is for whoever watches; the results go into a file.
        let _ = writeln!(std::io::stderr(), "{figure}");
        self.0.push(figure);
    }

    /// Writes the file that `FIGURES` names, if it names one.
    pub(crate) fn write(&self) {
        if let Some(path) = std::env::var_os("FIGURES") {
            let json = serde_json::to_vec_pretty(&self.0).expect("JSON");
            std::fs::write(path, json).expect("the file of the figures");
        }
    }
}
