//! Interactive dialogs.

use super::macros::{message, optional};
use super::{Wire, fell_back, lost};
use crate::model::{DialogElement, PostActionOption};
use crate::transport::Capability;
use crate::transport::grpc::messages::api;

message! { OpenDialogRequest = OpenDialogRequest { trigger_id, url, dialog } }

message! {
    Dialog = Dialog {
        callback_id, title, introduction_text, elements, submit_label, notify_on_cancel, state,
        icon_url,
    }
    lost { source_url }
}

/// The server's limit for the text under an element, in characters (`model/integration_action.go`).
const HELP_MAX: usize = 150;

/// What there is to choose from does not travel. Such an element becomes a text field that says what
/// may be typed: what comes back is a text of the list, its value, or anything else, so a plugin that
/// cares asks for [`Capability::DialogChoices`] first.
impl Wire<api::DialogElement> for DialogElement {
    fn to_wire(self) -> api::DialogElement {
        const MODEL: &str = "DialogElement";
        let Self {
            display_name,
            name,
            mut r#type,
            sub_type,
            default,
            placeholder,
            mut help_text,
            optional,
            min_length,
            max_length,
            data_source,
            data_source_url,
            options,
            multi_select,
            refresh,
            date_time_config,
            min_date,
            max_date,
            time_interval,
        } = self;
        lost(MODEL, "data_source_url", &data_source_url);
        lost(MODEL, "multi_select", &multi_select);
        lost(MODEL, "refresh", &refresh);
        lost(MODEL, "date_time_config", &date_time_config);
        lost(MODEL, "min_date", &min_date);
        lost(MODEL, "max_date", &max_date);
        lost(MODEL, "time_interval", &time_interval);
        if matches!(r#type.as_str(), "select" | "radio") {
            fell_back(
                Capability::DialogChoices,
                "a text field whose help says what may be typed",
            );
            "text".clone_into(&mut r#type);
            help_text = choices(&help_text, &data_source, &options);
        }
        api::DialogElement {
            display_name,
            name,
            r#type,
            subtype: sub_type,
            default,
            placeholder,
            help_text,
            optional,
            min_length: min_length.to_wire(),
            max_length: max_length.to_wire(),
        }
    }

    fn from_wire(wire: api::DialogElement) -> Self {
        Self {
            display_name: wire.display_name,
            name: wire.name,
            r#type: wire.r#type,
            sub_type: wire.subtype,
            default: wire.default,
            placeholder: wire.placeholder,
            help_text: wire.help_text,
            optional: wire.optional,
            min_length: wire.min_length.into(),
            max_length: wire.max_length.into(),
            ..Self::default()
        }
    }
}
optional!(DialogElement = DialogElement);

/// What is typed for an option, and what it means when that does not say it.
fn offered(option: &PostActionOption) -> String {
    if option.text == option.value {
        option.value.clone()
    } else {
        format!("{} ({})", option.value, option.text)
    }
}

/// The help of an element, and what may be typed into it, as far as it fits.
fn choices(help: &str, data_source: &str, options: &[PostActionOption]) -> String {
    let offer = match data_source {
        "users" => "A user name".to_owned(),
        "channels" => "A channel name".to_owned(),
        _ => {
            let offers: Vec<String> = options.iter().map(offered).collect();
            format!("One of: {}", offers.join(", "))
        }
    };
    let text = if help.is_empty() {
        offer
    } else {
        format!("{help} {offer}")
    };
    match text.char_indices().nth(HELP_MAX) {
        None => text,
        Some(_) => text.chars().take(HELP_MAX - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{DialogElement, HELP_MAX, PostActionOption, Wire, api};

    fn select(count: usize) -> api::DialogElement {
        let option = |number| PostActionOption {
            text: format!("Number {number}"),
            value: format!("n{number}"),
        };
        let element = DialogElement {
            r#type: "select".to_owned(),
            help_text: "Which one?".to_owned(),
            options: (0..count).map(option).collect(),
            ..DialogElement::default()
        };
        element.to_wire()
    }

    #[test]
    fn a_choice_becomes_a_text_that_says_what_to_type() {
        let element = select(3);
        assert_eq!(element.r#type, "text");
        assert_eq!(
            element.help_text,
            "Which one? One of: n0 (Number 0), n1 (Number 1), n2 (Number 2)"
        );
    }

    #[test]
    fn a_long_list_is_cut_where_the_server_would_refuse_it() {
        let element = select(100);
        assert_eq!(element.help_text.chars().count(), HELP_MAX);
        assert!(element.help_text.ends_with('…'));
    }
}
