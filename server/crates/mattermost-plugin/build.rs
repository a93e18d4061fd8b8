//! Compiles the messages of the gRPC protocol, when it is wanted.

#[cfg(feature = "grpc")]
#[path = "build/messages.rs"]
mod messages;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    #[cfg(feature = "grpc")]
    messages::compile()?;
    Ok(())
}
