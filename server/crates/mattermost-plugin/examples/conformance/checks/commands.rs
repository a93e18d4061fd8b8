//! Slash commands and dialogs.

use mattermost_plugin::api::new_id;
use mattermost_plugin::model::{CommandArgs, Dialog, DialogElement, OpenDialogRequest};

use super::World;
use crate::table::{Checked, Failure, Table, ensure, worked_or_refused};
use crate::{PLUGIN_ID, command};

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let commands = world.api.commands();
    // In lower case, as the server makes every trigger.
    let trigger = format!("{}x", world.name);
    table
        .check("RegisterCommand", async {
            Ok(commands.register(&command::definition(&trigger)).await?)
        })
        .await;
    let args = CommandArgs {
        command: format!("/{trigger} now"),
        trigger_id: String::new(),
        ..world.args.clone()
    };
    table
        .check("ExecuteSlashCommand", async {
            let before = world.seen.count("ExecuteCommand");
            let answer = commands.execute(&args).await?;
            // A host that calls no hooks may answer what it likes.
            ensure(
                answer.text == format!("/{trigger} ok")
                    || world.seen.count("ExecuteCommand") == before,
                format!("it answered {:?}", answer.text),
            )
        })
        .await;
    table
        .check("UnregisterCommand", async {
            commands.unregister("", &trigger).await?;
            match commands.execute(&args).await {
                Ok(answer) if answer.text == format!("/{trigger} ok") => {
                    Err(Failure::new("it still answers"))
                }
                _ => Ok(()),
            }
        })
        .await;
    table
        .check("OpenInteractiveDialog", open_dialog(world))
        .await;
}

/// With the trigger id of the command it opens before whoever typed that; a made-up one is refused.
async fn open_dialog(world: &World<'_>) -> Checked {
    let element = DialogElement {
        name: "note".to_owned(),
        display_name: "Nothing to fill in".to_owned(),
        r#type: "text".to_owned(),
        optional: true,
        ..DialogElement::default()
    };
    let request = OpenDialogRequest {
        trigger_id: world.args.trigger_id.clone(),
        url: format!("/plugins/{PLUGIN_ID}/dialog"),
        dialog: Dialog {
            title: "Conformance".to_owned(),
            introduction_text: "A run of `/conformance` opened this. Close it.".to_owned(),
            elements: vec![element],
            ..Dialog::default()
        },
    };
    let made_up = OpenDialogRequest {
        trigger_id: new_id(),
        ..request.clone()
    };
    worked_or_refused(world.api.dialogs().open(&made_up).await, &[400])?;
    if !request.trigger_id.is_empty() {
        world.api.dialogs().open(&request).await?;
    }
    Ok(())
}
