//! Serves a simulated Jenkins until it is interrupted.

use std::io::Write;

use clap::Parser;
use simulators::jenkins::{JenkinsConfig, JenkinsSimulator};

/// A simulated Jenkins on loopback.
#[derive(Debug, Parser)]
#[command(name = "jenkins-simulator")]
struct Options {
    /// The port of 127.0.0.1 to listen on; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve the demo world: jobs of every kind, users alice, admin and bob. Without it Jenkins is empty.
    #[arg(long)]
    demo: bool,
    /// So many further jobs, in folders of a hundred.
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// A context path such as /jenkins.
    #[arg(long, default_value = "")]
    context_path: String,
    /// How many simulated seconds pass in a second.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if speed.is_finite() && speed >= 0.0 {
        Ok(speed)
    } else {
        Err("must be zero or more".to_owned())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let world = if options.demo {
        JenkinsConfig::demo()
    } else {
        JenkinsConfig::new()
    };
    let config = world
        .generated_jobs(options.jobs)
        .port(options.port)
        .context_path(&options.context_path)
        .speed(options.speed);
    let jenkins = JenkinsSimulator::start(config).await?;
    {
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{}", jenkins.url())?;
        stdout.flush()?;
    }
    tokio::signal::ctrl_c().await?;
    jenkins.shutdown().await;
    Ok(())
}
