//! Other plugins, other instances, events, mail and audit.

use http::{Request, Response};
use mattermost_plugin::Error;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{
    AuditRecord, ClusterEvent, ClusterEventSendOptions, Manifest, OpenDialogRequest, PluginStatus,
    PushNotification, WebSocketBroadcast,
};
use serde_json::{Map, Value};

use super::PluginApi;
use crate::errors::app_error;
use crate::launch;
use crate::server::records::Mail;

/// Largest bundle that is read, in bytes.
const BUNDLE_MAX_BYTES: usize = 512 * 1024 * 1024;

impl PluginApi {
    pub(super) async fn get_plugins(&self) -> Result<Vec<Manifest>, Error> {
        Ok(self.server.manifests())
    }

    pub(super) async fn enable_plugin(&self, id: String) -> Result<(), Error> {
        Ok(self.server.set_plugin_enabled(&id, true, self.node).await?)
    }

    pub(super) async fn disable_plugin(&self, id: String) -> Result<(), Error> {
        Ok(self
            .server
            .set_plugin_enabled(&id, false, self.node)
            .await?)
    }

    pub(super) async fn remove_plugin(&self, id: String) -> Result<(), Error> {
        Ok(self.server.remove_plugin(&id).await?)
    }

    pub(super) async fn get_plugin_status(&self, id: String) -> Result<PluginStatus, Error> {
        Ok(self.server.plugin_status(&id, self.node)?)
    }

    pub(super) async fn install_plugin(
        &self,
        bundle: Body,
        replace: bool,
    ) -> Result<Manifest, Error> {
        if !self.server.config().is_on("PluginSettings.EnableUploads") {
            return Err(app_error(
                "installPlugin",
                "app.plugin.upload_disabled.app_error",
                "Plugins and/or plugin uploads have been disabled.",
                501,
            )
            .into());
        }
        let bytes = bundle.collect(BUNDLE_MAX_BYTES).await.map_err(|error| {
            app_error(
                "InstallPlugin",
                "api.plugin.upload.file.app_error",
                error.to_string(),
                400,
            )
        })?;
        Ok(launch::install_bytes(&self.server, &bytes, replace, self.node).await?)
    }

    pub(super) async fn plugin_http(
        &self,
        request: Request<Body>,
    ) -> Result<Response<Body>, Error> {
        Ok(self
            .server
            .serve_inter_plugin_request(self.node, self.id(), request)
            .await)
    }

    pub(super) async fn publish_web_socket_event(
        &self,
        event: String,
        payload: Map<String, Value>,
        broadcast: WebSocketBroadcast,
    ) -> Result<(), Error> {
        self.server
            .publish(&format!("custom_{}_{event}", self.id()), payload, broadcast);
        Ok(())
    }

    pub(super) async fn publish_plugin_cluster_event(
        &self,
        event: ClusterEvent,
        options: ClusterEventSendOptions,
    ) -> Result<(), Error> {
        self.server
            .send_cluster_event(self.id(), self.node, event, &options.target_id)
            .map_err(Error::Invalid)
    }

    pub(super) async fn send_push_notification(
        &self,
        notification: PushNotification,
        user_id: String,
    ) -> Result<(), Error> {
        self.server
            .record(|records| records.pushes.push((user_id, notification)));
        Ok(())
    }

    pub(super) async fn send_mail(
        &self,
        to: String,
        subject: String,
        html_body: String,
    ) -> Result<(), Error> {
        for (value, name) in [(&to, "to"), (&subject, "subject"), (&html_body, "htmlbody")] {
            if value.is_empty() {
                let id = format!("plugin_api.send_mail.missing_{name}");
                return Err(app_error("SendMail", &id, format!("Missing {name}."), 400).into());
            }
        }
        self.server.record(|records| {
            records.mails.push(Mail {
                to,
                subject,
                html_body,
            });
        });
        Ok(())
    }

    pub(super) async fn log_audit_rec(&self, mut record: AuditRecord) -> Result<(), Error> {
        record
            .event_data
            .parameters
            .insert("plugin_id".to_owned(), Value::from(self.id()));
        self.server
            .record(|records| records.audits.push((self.id().to_owned(), record)));
        Ok(())
    }

    pub(super) async fn open_interactive_dialog(
        &self,
        dialog: OpenDialogRequest,
    ) -> Result<(), Error> {
        Ok(self.server.open_dialog(self.id(), dialog)?)
    }
}
