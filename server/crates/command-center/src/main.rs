//! The executable that a Mattermost server starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    mattermost_plugin::serve::<command_center::plugin::CommandCenter>()
}
