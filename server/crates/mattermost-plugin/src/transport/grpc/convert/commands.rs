//! Slash commands.

use super::macros::{message, optional};
use super::{Wire, fell_back, lost};
use crate::model::{AutocompleteData, Command, CommandResponse, Post};
use crate::transport::Capability;
use crate::transport::grpc::messages::api;

message! {
    CommandArgs = CommandArgs {
        user_id, channel_id, team_id, root_id, parent_id, trigger_id, command, site_url,
    }
    lost { user_mentions, channel_mentions }
}

/// The longest hint, in characters: more is not read while typing.
const HINT_MAX: usize = 200;

/// There is no place for a tree of subcommands: they become the hint that is shown instead.
impl Wire<api::Command> for Command {
    fn to_wire(self) -> api::Command {
        let Self {
            id,
            token,
            create_at,
            update_at,
            delete_at,
            creator_id,
            team_id,
            mut trigger,
            method,
            username,
            icon_url,
            auto_complete,
            mut auto_complete_desc,
            mut auto_complete_hint,
            display_name,
            description,
            url,
            plugin_id,
            autocomplete_data,
            autocomplete_icon_data,
        } = self;
        lost("Command", "autocomplete_icon_data", &autocomplete_icon_data);
        if let Some(tree) = autocomplete_data {
            fell_back(
                Capability::AutocompleteTree,
                "the names of the subcommands are the command's hint",
            );
            // The server lowers it as well, but only after it has made suggestions of it
            // (`plugin_commands.go`, `RegisterPluginCommand`).
            trigger = trigger.to_lowercase();
            if auto_complete_hint.is_empty() {
                auto_complete_hint = hint(&tree);
            }
            if auto_complete_desc.is_empty() {
                auto_complete_desc = tree.help_text;
            }
        }
        api::Command {
            id,
            token,
            create_at,
            update_at,
            delete_at,
            creator_id,
            team_id,
            trigger,
            method,
            username,
            icon_url,
            auto_complete,
            auto_complete_desc,
            auto_complete_hint,
            display_name,
            description,
            url,
            plugin_id,
        }
    }

    fn from_wire(wire: api::Command) -> Self {
        Self {
            id: wire.id,
            token: wire.token,
            create_at: wire.create_at,
            update_at: wire.update_at,
            delete_at: wire.delete_at,
            creator_id: wire.creator_id,
            team_id: wire.team_id,
            trigger: wire.trigger,
            method: wire.method,
            username: wire.username,
            icon_url: wire.icon_url,
            auto_complete: wire.auto_complete,
            auto_complete_desc: wire.auto_complete_desc,
            auto_complete_hint: wire.auto_complete_hint,
            display_name: wire.display_name,
            description: wire.description,
            url: wire.url,
            plugin_id: wire.plugin_id,
            autocomplete_data: None,
            autocomplete_icon_data: String::new(),
        }
    }
}
optional!(Command = Command);

/// The subcommands of a tree, or its own hint when there are none.
fn hint(tree: &AutocompleteData) -> String {
    let mut names = tree
        .sub_commands
        .iter()
        .map(|command| command.trigger.as_str());
    let Some(first) = names.next() else {
        return tree.hint.clone();
    };
    let mut hint = format!("[{first}");
    for name in names {
        if hint.chars().count() + name.chars().count() > HINT_MAX {
            hint.push_str("|…");
            break;
        }
        hint.push('|');
        hint.push_str(name);
    }
    hint + "]"
}

/// Attachments have no field of their own, but the post is made with the props of the answer.
impl Wire<api::CommandResponse> for CommandResponse {
    fn to_wire(self) -> api::CommandResponse {
        let Self {
            response_type,
            text,
            username,
            channel_id,
            icon_url,
            r#type,
            mut props,
            goto_location,
            trigger_id,
            skip_slack_parsing,
            attachments,
            extra_responses,
        } = self;
        lost("CommandResponse", "type", &r#type);
        if !extra_responses.is_empty() {
            fell_back(Capability::ExtraResponses, "only the first answer is sent");
        }
        if !attachments.is_empty() {
            props = Post {
                props,
                ..Post::default()
            }
            .with_attachments(&attachments)
            .props;
        }
        api::CommandResponse {
            response_type,
            text,
            username,
            channel_id,
            icon_url,
            r#type,
            props: props.to_wire(),
            goto_location,
            trigger_id,
            skip_slack_parsing,
        }
    }

    fn from_wire(wire: api::CommandResponse) -> Self {
        Self {
            response_type: wire.response_type,
            text: wire.text,
            username: wire.username,
            channel_id: wire.channel_id,
            icon_url: wire.icon_url,
            r#type: wire.r#type,
            props: Wire::from_wire(wire.props),
            goto_location: wire.goto_location,
            trigger_id: wire.trigger_id,
            skip_slack_parsing: wire.skip_slack_parsing,
            attachments: Vec::new(),
            extra_responses: Vec::new(),
        }
    }
}
optional!(CommandResponse = CommandResponse);

#[cfg(test)]
mod tests {
    use super::{AutocompleteData, Command, CommandResponse, Post, Wire, api};
    use crate::model::Attachment;

    fn tree(names: impl IntoIterator<Item = String>) -> Command {
        let sub_commands = names.into_iter().map(|trigger| AutocompleteData {
            trigger,
            ..AutocompleteData::default()
        });
        let data = AutocompleteData {
            help_text: "Build things".to_owned(),
            hint: "[command]".to_owned(),
            sub_commands: sub_commands.collect(),
            ..AutocompleteData::default()
        };
        Command {
            autocomplete_data: Some(data),
            ..Command::default()
        }
    }

    #[test]
    fn subcommands_become_a_hint() {
        let mut command = tree(["build", "get-log"].map(str::to_owned));
        command.trigger = "Jenkins".to_owned();
        let wire: api::Command = command.to_wire();
        assert_eq!(wire.trigger, "jenkins");
        assert_eq!(wire.auto_complete_hint, "[build|get-log]");
        assert_eq!(wire.auto_complete_desc, "Build things");
    }

    #[test]
    fn a_hint_ends_before_it_is_too_long() {
        let wire: api::Command = tree((0..100).map(|number| format!("command{number}"))).to_wire();
        assert!(
            wire.auto_complete_hint.ends_with("|…]"),
            "{}",
            wire.auto_complete_hint
        );
        assert!(wire.auto_complete_hint.chars().count() <= super::HINT_MAX + 3);
    }

    #[test]
    fn what_the_author_wrote_is_kept() {
        let mut command = tree(["build".to_owned()]);
        command.auto_complete_hint = "[anything]".to_owned();
        let wire: api::Command = command.to_wire();
        assert_eq!(wire.auto_complete_hint, "[anything]");
    }

    #[test]
    fn attachments_travel_as_props() {
        let attachment = Attachment {
            text: "in a box".to_owned(),
            ..Attachment::default()
        };
        let mut response = CommandResponse {
            attachments: vec![attachment.clone()],
            ..CommandResponse::default()
        };
        response.props.insert("mine".to_owned(), true.into());
        let wire: api::CommandResponse = response.to_wire();
        let post = Post {
            props: CommandResponse::from_wire(wire).props,
            ..Post::default()
        };
        assert_eq!(post.props["mine"], true);
        assert_eq!(post.attachments(), [attachment]);
    }
}
