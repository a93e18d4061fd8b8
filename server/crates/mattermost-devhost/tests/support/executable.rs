//! The plugin of this crate's tests as an executable, which they put into a bundle.

#[path = "mod.rs"]
mod support;

fn main() -> std::process::ExitCode {
    mattermost_plugin::serve::<support::Probe>()
}
