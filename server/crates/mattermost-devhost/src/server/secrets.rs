//! Looking for a secret where none may be.

use super::Server;

impl Server {
    /// Where a text can be read: logs, posts, events, mails, audit records, stored values. What a
    /// user typed into a dialog or a command is not looked at, nor the configuration.
    #[must_use]
    pub fn places_of(&self, secret: &str) -> Vec<String> {
        let mut places = Vec::new();
        let mut look = |place: String, text: &str| {
            if text.contains(secret) {
                places.push(place);
            }
        };
        self.records(|records| {
            for line in &records.logs {
                look(
                    format!("log line {line}").replace(secret, "…"),
                    &line.to_string(),
                );
            }
            for mail in &records.mails {
                look(
                    format!("mail to {}", mail.to),
                    &format!("{}{}", mail.subject, mail.html_body),
                );
            }
            for (plugin_id, audit) in &records.audits {
                look(
                    format!("audit record of {plugin_id}"),
                    &serde_json::to_string(audit).unwrap_or_default(),
                );
            }
            for (user_id, push) in &records.pushes {
                look(
                    format!("push notification to {user_id}"),
                    &serde_json::to_string(push).unwrap_or_default(),
                );
            }
        });
        self.read(|data| {
            for post in data.posts.all() {
                look(
                    format!("post {}", post.id),
                    &serde_json::to_string(&post).unwrap_or_default(),
                );
            }
            for user in data.users.all() {
                for post in data.posts.ephemeral_of(&user.id) {
                    look(
                        format!("ephemeral post {} of {}", post.id, user.username),
                        &serde_json::to_string(&post).unwrap_or_default(),
                    );
                }
            }
            for (plugin_id, store) in &data.kv {
                for (key, value) in store.entries() {
                    look(
                        format!("value of key {key} of {plugin_id}"),
                        &String::from_utf8_lossy(value),
                    );
                }
            }
        });
        for event in self.events() {
            let data = serde_json::to_string(&event.data).unwrap_or_default();
            look(format!("event {}", event.name), &data);
        }
        places
    }
}
