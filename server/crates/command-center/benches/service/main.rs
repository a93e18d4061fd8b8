//! The product under load: its executable in a process of its own, between a Mattermost in memory and
//! a simulated Jenkins. `make bench` runs it with the bundle that people would install.
//!
//! `PLUGIN_BUNDLE` is the bundle (else the executable that cargo built), `FIGURES` the file for the
//! results: a JSON list of `{"name", "value", "unit", "bar", "ok"}`.

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
    let mut figures = Figures::default();
    logs::measure(&mut figures).await;
    names::measure(&mut figures).await;
    watches::measure(&mut figures).await;
    webhooks::measure(&mut figures).await;
    figures.write();
}
