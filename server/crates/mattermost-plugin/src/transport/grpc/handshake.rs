//! The line by which the host finds the plugin (go-plugin `server.go`, `Serve`).

use std::io::{self, Write};

/// Versions of go-plugin's protocol and of Mattermost's plugins, in this order.
const VERSIONS: &str = "1|1";

/// Writes the line to standard output, the only one ever.
///
/// # Errors
/// When the host has closed its end.
pub(crate) fn announce(
    network: &str,
    address: &str,
    asks_for_multiplexing: bool,
) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(line(network, address, asks_for_multiplexing).as_bytes())?;
    output.flush()
}

/// The fields are versions, address, protocol, certificate, and whether one connection can carry the
/// others. Hosts that do not ask for the last one take it for a part of the certificate.
fn line(network: &str, address: &str, asks_for_multiplexing: bool) -> String {
    let multiplexing = if asks_for_multiplexing { "|false" } else { "" };
    format!("{VERSIONS}|{network}|{address}|grpc|{multiplexing}\n")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_line_has_the_fields_that_the_host_reads() {
        assert_eq!(
            line("unix", "/tmp/plugin1", false),
            "1|1|unix|/tmp/plugin1|grpc|\n"
        );
        assert_eq!(
            line("tcp", "127.0.0.1:10000", true),
            "1|1|tcp|127.0.0.1:10000|grpc||false\n"
        );
    }
}
