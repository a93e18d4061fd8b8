//! The executable that a Mattermost server starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    command_center::main()
}
