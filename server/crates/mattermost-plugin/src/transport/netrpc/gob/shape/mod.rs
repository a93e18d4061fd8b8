//! Types that are known only at run time, of values that are kept as JSON.

mod write;

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use gobwire::{Describer, Error, Result, TypeTable, WireType, ids};

/// How many types and names there may be, and how deep they may nest: ten times what the server's
/// configuration has.
const MAX_NODES: usize = 20_000;
const MAX_DEPTH: usize = 40;
const MAX_NAME: usize = 200;

/// One type. Others are named by their place in [`Shape`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Bool,
    Int,
    Uint,
    Float,
    Text,
    Bytes,
    /// Go's `any`.
    Any,
    List(usize),
    Map {
        key: usize,
        element: usize,
    },
    Struct {
        name: &'static str,
        fields: Vec<(&'static str, usize)>,
    },
    /// A type that no model has in Mattermost. Its values are not sent back.
    Foreign,
}

impl Node {
    /// How many wire fields a struct field of this type is. Lists are there twice: see [`write`].
    fn width(&self) -> u32 {
        match self {
            Self::Foreign => 0,
            Self::List(_) => 2,
            _ => 1,
        }
    }
}

/// The types of a value, as the server that sent it described them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    nodes: Vec<Node>,
    /// Tells shapes apart in a stream's table of types.
    digest: u64,
}

impl Shape {
    /// A shape of these types, the first of which is the value's own.
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        let mut hasher = DefaultHasher::new();
        nodes.hash(&mut hasher);
        Self {
            nodes,
            digest: hasher.finish(),
        }
    }

    /// The shape of a remote type.
    pub(crate) fn from_wire(types: &TypeTable, wire: i64) -> Result<Self> {
        let mut reading = Reading {
            types,
            nodes: Vec::new(),
            known: HashMap::new(),
        };
        reading.node(wire, 0)?;
        Ok(Self::new(reading.nodes))
    }

    pub(crate) const ROOT: usize = 0;

    /// Tells shapes apart.
    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    /// Whether values of this shape cannot be sent.
    pub(crate) fn is_foreign(&self) -> bool {
        *self.node(Self::ROOT) == Node::Foreign
    }

    /// The type at `index`.
    pub(crate) fn node(&self, index: usize) -> &Node {
        self.nodes.get(index).unwrap_or(&Node::Foreign)
    }

    /// The wire type id of a value of this shape.
    pub(crate) fn describe(&self, describer: &mut Describer<'_>) -> Result<i64> {
        self.describe_node(describer, Self::ROOT)
    }

    /// Adds the fields of a struct that a field `name` with a value of this shape is.
    pub(crate) fn describe_as_field(
        &self,
        describer: &mut Describer<'_>,
        name: &'static str,
        fields: &mut Vec<(&'static str, i64)>,
    ) -> Result<()> {
        self.describe_field(describer, name, Self::ROOT, fields)
    }

    fn describe_field(
        &self,
        describer: &mut Describer<'_>,
        name: &'static str,
        node: usize,
        fields: &mut Vec<(&'static str, i64)>,
    ) -> Result<()> {
        let width = self.node(node).width();
        if width > 0 {
            let wire = self.describe_node(describer, node)?;
            fields.extend((0..width).map(|_| (name, wire)));
        }
        Ok(())
    }

    fn describe_node(&self, describer: &mut Describer<'_>, index: usize) -> Result<i64> {
        let key = || format!("{:x} {index}", self.digest);
        Ok(match self.node(index) {
            Node::Bool => ids::BOOL,
            Node::Int => ids::INT,
            Node::Uint => ids::UINT,
            Node::Float => ids::FLOAT,
            Node::Text => ids::STRING,
            Node::Bytes => ids::BYTES,
            Node::Any => ids::INTERFACE,
            Node::List(element) => {
                let element = self.describe_node(describer, *element)?;
                describer.slice(key(), element)
            }
            Node::Map {
                key: key_type,
                element,
            } => {
                let key_type = self.describe_node(describer, *key_type)?;
                let element = self.describe_node(describer, *element)?;
                describer.map(key(), key_type, element)
            }
            Node::Struct { name, fields } => describer.structure(key(), name, |describer| {
                let mut described = Vec::with_capacity(fields.len());
                for (name, node) in fields {
                    self.describe_field(describer, name, *node, &mut described)?;
                }
                Ok(described)
            })?,
            Node::Foreign => {
                return Err(Error::Encode(
                    "a value of a type that cannot be sent".into(),
                ));
            }
        })
    }
}

/// Builds a shape from a stream's types.
struct Reading<'a> {
    types: &'a TypeTable,
    nodes: Vec<Node>,
    /// Places of the types that were seen, which makes recursive types finite.
    known: HashMap<i64, usize>,
}

impl Reading<'_> {
    fn node(&mut self, wire: i64, depth: usize) -> Result<usize> {
        if let Some(index) = self.known.get(&wire) {
            return Ok(*index);
        }
        if depth > MAX_DEPTH || self.nodes.len() >= MAX_NODES {
            return Err(too_large());
        }
        let index = self.nodes.len();
        // A struct may hold itself; a list that holds itself without a struct is foreign.
        self.nodes.push(match self.types.is_struct(wire) {
            true => Node::Struct {
                name: "",
                fields: Vec::new(),
            },
            false => Node::Foreign,
        });
        self.known.insert(wire, index);
        let node = match wire {
            ids::BOOL => Node::Bool,
            ids::INT => Node::Int,
            ids::UINT => Node::Uint,
            ids::FLOAT => Node::Float,
            ids::STRING => Node::Text,
            ids::BYTES => Node::Bytes,
            ids::INTERFACE => Node::Any,
            ids::COMPLEX => Node::Foreign,
            _ => {
                let known = self
                    .types
                    .get(wire)
                    .cloned()
                    .ok_or(Error::UndefinedType(wire))?;
                self.composite(&known, depth)?
            }
        };
        self.nodes[index] = node;
        Ok(index)
    }

    /// A collection of foreign things is foreign.
    fn composite(&mut self, wire_type: &WireType, depth: usize) -> Result<Node> {
        Ok(match wire_type {
            WireType::Slice { elem, .. } => {
                let element = self.node(*elem, depth + 1)?;
                if self.nodes[element] == Node::Foreign {
                    Node::Foreign
                } else {
                    Node::List(element)
                }
            }
            WireType::Map { key, elem, .. } => {
                let key = self.node(*key, depth + 1)?;
                let element = self.node(*elem, depth + 1)?;
                if self.nodes[key] != Node::Text || self.nodes[element] == Node::Foreign {
                    Node::Foreign
                } else {
                    Node::Map { key, element }
                }
            }
            WireType::Struct { name, fields } => {
                let mut own: Vec<(&'static str, usize)> = Vec::with_capacity(fields.len());
                for field in fields {
                    let name = interned(&field.name)?;
                    // A list that another Rust program described twice.
                    if !own.iter().any(|(known, _)| *known == name) {
                        own.push((name, self.node(field.id, depth + 1)?));
                    }
                }
                Node::Struct {
                    name: interned(name)?,
                    fields: own,
                }
            }
            WireType::Array { .. } | WireType::Marshaler { .. } => Node::Foreign,
        })
    }
}

fn too_large() -> Error {
    Error::Unsupported("too many types or names".into())
}

/// The name for as long as the process lives, as `gobwire` wants the names of fields. Each name is
/// kept once and their number is limited.
pub(crate) fn interned(name: &str) -> Result<&'static str> {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return Ok(known);
    }
    if names.len() >= MAX_NODES || name.len() > MAX_NAME {
        return Err(too_large());
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    Ok(kept)
}
