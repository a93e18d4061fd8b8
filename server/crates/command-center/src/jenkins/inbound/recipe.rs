//! What to paste into Jenkins so that it sends here.

use crate::text;

/// Everything that can be pasted, for one address. It holds the secret: only who made the source may
/// see it, and only once.
#[must_use]
pub fn recipe(address: &str) -> String {
    let (base, token) = address.rsplit_once('/').unwrap_or((address, ""));
    let sections = [
        (
            "Pipeline, with the Jenkins plugin **Mattermost Notification**",
            "groovy",
            pipeline(address),
        ),
        (
            "All freestyle jobs, configuration as code (JCasC)",
            "yaml",
            casc(address),
        ),
        (
            "Live build cards, with the Jenkins plugin **Notification**",
            "groovy",
            notification(address),
        ),
        (
            "All builds without touching a job, with the Jenkins plugin **Generic Event**",
            "text",
            generic_event(address),
        ),
        (
            "The Jenkins plugin **Slack Notification**",
            "groovy",
            slack(base, token),
        ),
    ];
    let sections = sections
        .iter()
        .map(|(title, language, code)| format!("{title}:\n{}", text::code_block(language, code)));
    sections.collect::<Vec<_>>().join("\n")
}

fn pipeline(address: &str) -> String {
    format!(
        "post {{\n  always {{\n    mattermostSend endpoint: '{address}', message: \"${{env.JOB_NAME}} #${{env.BUILD_NUMBER}}: ${{currentBuild.currentResult}} <${{env.BUILD_URL}}|Open>\"\n  }}\n}}"
    )
}

fn casc(address: &str) -> String {
    format!("unclassified:\n  mattermostNotifier:\n    endpoint: \"{address}\"")
}

fn notification(address: &str) -> String {
    format!(
        "properties([[$class: 'HudsonNotificationProperty', endpoints: [[protocol: 'HTTP', format: 'JSON', event: 'all', timeout: 30000, retries: 2,\n  urlInfo: [urlOrId: '{address}', urlType: 'PUBLIC']]]]])"
    )
}

fn generic_event(address: &str) -> String {
    format!("Manage Jenkins > System > Event Dispatcher > Receiver: {address}")
}

fn slack(base: &str, token: &str) -> String {
    format!(
        "// '{token}' as a secret text with the id chat-hook\nslackSend baseUrl: '{base}/', tokenCredentialId: 'chat-hook', message: \"${{env.JOB_NAME}}: ${{currentBuild.currentResult}}\"\n// one post for each build, changed in place: add\n//   timestamp: env.BUILD_TAG\n// answers in its thread: add\n//   channel: \"<channel>:${{env.BUILD_TAG}}\""
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_pasted() {
        insta::assert_snapshot!(recipe(
            "https://chat.example.com/plugins/command-center/hooks/jenkins/id.secret"
        ));
    }
}
