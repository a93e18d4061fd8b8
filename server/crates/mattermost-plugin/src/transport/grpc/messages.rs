//! The messages of `proto/`, as `build.rs` compiles them.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated; the comments are in proto/"
)]

/// go-plugin's services.
pub(crate) mod plugin {
    include!(concat!(env!("OUT_DIR"), "/plugin.rs"));
}

/// gRPC's health check.
pub(crate) mod health {
    include!(concat!(env!("OUT_DIR"), "/grpc.health.v1.rs"));
}

pub(crate) mod google {
    pub(crate) mod protobuf {
        include!(concat!(env!("OUT_DIR"), "/google.protobuf.rs"));
    }
}

pub(crate) mod mattermost {
    pub(crate) mod pluginapi {
        pub(crate) mod v1 {
            include!(concat!(env!("OUT_DIR"), "/mattermost.pluginapi.v1.rs"));
            include!(concat!(env!("OUT_DIR"), "/aliases.rs"));
        }
    }
}
pub(crate) use google::protobuf;
pub(crate) use mattermost::pluginapi::v1 as api;
