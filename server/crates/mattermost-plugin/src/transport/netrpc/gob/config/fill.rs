//! Zeros that Go left out.

use serde_json::{Map, Value};

use super::super::shape::{Node, Shape};

/// Settings that are nil unless somebody sets them (`config.go`, `SetDefaults`): section and name.
pub(super) const NIL_BY_DEFAULT: [(&str, &str); 2] = [
    ("ClusterSettings", "EnableExperimentalGossipEncryption"),
    ("ElasticsearchSettings", "BulkIndexingTimeWindowSeconds"),
];

/// Adds a zero for every scalar and list that is missing in a struct. Missing structs, maps, `any`
/// and bytes stay missing: Go sends them when they are not nil, except for empty bytes.
pub(super) fn zeros(shape: &Shape, value: &mut Value) {
    fill(shape, Shape::ROOT, value, "");
}

/// `section` is the name of the struct field that holds the value.
fn fill(shape: &Shape, index: usize, value: &mut Value, section: &str) {
    match (shape.node(index), value) {
        (Node::Struct { fields, .. }, Value::Object(settings)) => {
            for (name, node) in fields {
                fill_field(shape, *node, settings, section, name);
            }
        }
        (Node::List(element), Value::Array(items)) => {
            items
                .iter_mut()
                .for_each(|item| fill(shape, *element, item, ""));
        }
        (Node::Map { element, .. }, Value::Object(entries)) => {
            entries
                .values_mut()
                .for_each(|entry| fill(shape, *element, entry, ""));
        }
        _ => {}
    }
}

fn fill_field(
    shape: &Shape,
    node: usize,
    settings: &mut Map<String, Value>,
    section: &str,
    name: &str,
) {
    if let Some(present) = settings.get_mut(name) {
        return fill(shape, node, present, name);
    }
    let zero = match shape.node(node) {
        _ if NIL_BY_DEFAULT.contains(&(section, name)) => return,
        Node::Bool => Value::Bool(false),
        Node::Int | Node::Uint | Node::Float => 0.into(),
        Node::Text => Value::String(String::new()),
        Node::List(_) => Value::Array(Vec::new()),
        Node::Bytes | Node::Any | Node::Map { .. } | Node::Struct { .. } | Node::Foreign => return,
    };
    settings.insert(name.to_owned(), zero);
}
