//! The product under load: its executable in a process of its own, between a Mattermost in memory and
//! a simulated Jenkins. `make bench` runs it with the bundle that people would install.
//!
//! `PLUGIN_BUNDLE` is the bundle (else the executable that cargo built), `FIGURES` the file for the
//! results: a JSON list of `{"name", "value", "unit", "bar", "ok"}`. Names of parts as
//! arguments (`-- watches`) leave out the rest.

mod figures;
mod logs;
mod names;
mod process;
mod watches;
mod webhooks;
mod world;

use figures::Figures;

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut figures = Figures::default();
    if is_wanted("logs") {
        logs::measure(&mut figures).await;
    }
    if is_wanted("names") {
        names::measure(&mut figures).await;
    }
    if is_wanted("watches") {
        watches::measure(&mut figures).await;
    }
    if is_wanted("webhooks") {
        webhooks::measure(&mut figures).await;
    }
    figures.write();
}
