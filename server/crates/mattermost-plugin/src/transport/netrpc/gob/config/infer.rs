//! The shape of a configuration that came from no server.

use serde_json::Value;

use super::super::shape::{Node, Shape, interned};

/// Settings that are maps in `model.Config`, by the end of their path.
const MAPS: [&str; 2] = ["/PluginSettings/Plugins", "/PluginSettings/PluginStates"];

impl Shape {
    /// A shape that fits the value: objects are structs, whole numbers ints. It is what another
    /// Rust program needs to read the configuration; a Go server's types it only guesses.
    pub(crate) fn infer(value: &Value) -> Self {
        let mut nodes = Vec::new();
        infer(&mut nodes, value, "");
        Self::new(nodes)
    }
}

fn push(nodes: &mut Vec<Node>, node: Node) -> usize {
    nodes.push(node);
    nodes.len() - 1
}

fn infer(nodes: &mut Vec<Node>, value: &Value, path: &str) -> usize {
    match value {
        Value::Null => push(nodes, Node::Any),
        Value::Bool(_) => push(nodes, Node::Bool),
        Value::Number(number) if number.is_i64() => push(nodes, Node::Int),
        Value::Number(number) if number.is_u64() => push(nodes, Node::Uint),
        Value::Number(_) => push(nodes, Node::Float),
        Value::String(_) => push(nodes, Node::Text),
        Value::Array(items) => {
            let index = push(nodes, Node::Any);
            let element = if items.iter().all(Value::is_string) {
                Node::Text
            } else {
                Node::Any
            };
            nodes[index] = Node::List(push(nodes, element));
            index
        }
        Value::Object(entries) => {
            let index = push(nodes, Node::Any);
            let fields = entries.iter().map(|(name, value)| {
                let exported = name.starts_with(|first: char| first.is_ascii_uppercase());
                exported
                    .then(|| interned(name).ok())
                    .flatten()
                    .map(|name| (name, value))
            });
            let fields: Option<Vec<_>> = fields.collect();
            nodes[index] = match fields {
                Some(fields) if !MAPS.contains(&path) => {
                    let fields = fields
                        .into_iter()
                        .map(|(name, value)| (name, infer(nodes, value, &format!("{path}/{name}"))))
                        .collect();
                    Node::Struct { name: "", fields }
                }
                _ => {
                    let key = push(nodes, Node::Text);
                    Node::Map {
                        key,
                        element: push(nodes, Node::Any),
                    }
                }
            };
            index
        }
    }
}
