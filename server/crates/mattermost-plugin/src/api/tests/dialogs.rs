use super::invalid;
use crate::api::test_host::TestHost;
use crate::model::{Dialog, DialogElement, OpenDialogRequest, PostActionOption};

fn dialog(elements: Vec<DialogElement>) -> OpenDialogRequest {
    OpenDialogRequest {
        trigger_id: "trigger".to_owned(),
        url: "/plugins/x/dialog".to_owned(),
        dialog: Dialog {
            title: "Title".to_owned(),
            elements,
            ..Dialog::default()
        },
    }
}

fn element(name: &str, kind: &str) -> DialogElement {
    DialogElement {
        name: name.to_owned(),
        display_name: name.to_owned(),
        r#type: kind.to_owned(),
        ..DialogElement::default()
    }
}

#[tokio::test]
async fn dialogs_over_the_servers_limits_are_refused_by_name() {
    let (host, api) = TestHost::with_store();
    host.on("OpenInteractiveDialog", |(_,): (OpenDialogRequest,)| Ok(()));
    let option = PostActionOption {
        text: "One".to_owned(),
        value: "1".to_owned(),
    };
    let fits = dialog(vec![
        DialogElement {
            display_name: "d".repeat(24),
            help_text: "h".repeat(150),
            ..element("token", "text")
        },
        DialogElement {
            default: "1".to_owned(),
            options: vec![option],
            ..element("choice", "select")
        },
        DialogElement {
            default: "true".to_owned(),
            ..element("sure", "bool")
        },
    ]);
    api.dialogs().open(&fits).await.unwrap();

    let cases: Vec<(OpenDialogRequest, &[&str])> = vec![
        (
            OpenDialogRequest {
                trigger_id: String::new(),
                ..fits.clone()
            },
            &["trigger id"],
        ),
        (
            OpenDialogRequest {
                dialog: Dialog {
                    title: "t".repeat(25),
                    ..Dialog::default()
                },
                ..fits.clone()
            },
            &["title has 25"],
        ),
        (
            dialog(vec![DialogElement {
                display_name: "é".repeat(13),
                ..element("token", "text")
            }]),
            &["\"token\"", "display_name has 26"],
        ),
        (
            dialog(vec![
                DialogElement {
                    help_text: "h".repeat(151),
                    ..element("a", "text")
                },
                element("b", "txt"),
            ]),
            &["\"a\": help_text", "\"b\": there is no type"],
        ),
        (
            dialog(vec![element("same", "text"), element("same", "text")]),
            &["same name"],
        ),
        (
            dialog(vec![element(&"n".repeat(301), "text")]),
            &["name has 301"],
        ),
        (
            dialog(vec![DialogElement {
                sub_type: "secret".to_owned(),
                ..element("a", "text")
            }]),
            &["subtype"],
        ),
        (
            dialog(vec![DialogElement {
                default: "2".to_owned(),
                ..element("a", "radio")
            }]),
            &["none of the options"],
        ),
        (
            dialog(vec![DialogElement {
                min_length: 5,
                max_length: 3,
                ..element("a", "text")
            }]),
            &["min_length 5"],
        ),
        (
            dialog(vec![DialogElement {
                data_source: "dynamic".to_owned(),
                ..element("a", "select")
            }]),
            &["data_source_url"],
        ),
        (
            dialog(vec![DialogElement {
                default: "d".repeat(3001),
                ..element("a", "textarea")
            }]),
            &["default has 3001"],
        ),
        (
            dialog(vec![DialogElement {
                time_interval: 7,
                ..element("a", "datetime")
            }]),
            &["time_interval 7"],
        ),
        (
            dialog(vec![DialogElement {
                multi_select: true,
                ..element("a", "text")
            }]),
            &["multi_select"],
        ),
    ];
    for (request, parts) in cases {
        let reason = invalid(api.dialogs().open(&request).await);
        for part in parts {
            assert!(reason.contains(part), "{part:?} in {reason}");
        }
    }
}
