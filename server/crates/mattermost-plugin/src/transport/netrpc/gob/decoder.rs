//! The decoder of one gob stream.

use std::collections::HashMap;
use std::ops::Range;

use gobwire::{Decode, Error, Progress, Result, TypeTable, WireType, ids, parse_uint};

use super::scan::{Found, Scan};

/// Into how many messages one value may be cut: once for each type it is the first to use.
const MAX_MESSAGES: usize = 1024;

/// Decodes the values of one gob stream, fed message by message: `gobwire::Decoder` with type
/// definitions moved from inside a value to before it.
///
/// With that, a value that cannot be decoded (a field of another type, bad numbers) never takes
/// along the definitions in it, which the rest of the stream relies on, and interface values can
/// be read without `gobwire`'s dynamic values, which refuse text that is not UTF-8.
#[derive(Debug, Default)]
pub struct Decoder {
    inner: gobwire::Decoder,
    /// Whether values of a type may hold interfaces, and with them definitions.
    interfaces: HashMap<i64, bool>,
    /// A value that goes on in the next message, and how many messages it has so far.
    pending: Vec<u8>,
    messages: usize,
    /// For each definition found in `pending`: its bytes, and the bytes to leave out.
    definitions: Vec<(Range<usize>, Range<usize>)>,
}

impl Decoder {
    /// A decoder for a new stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The types that the other side has defined so far.
    #[must_use]
    pub fn types(&self) -> &TypeTable {
        self.inner.types()
    }

    /// Feeds one message, without its length prefix.
    ///
    /// # Errors
    /// When the bytes are not a message. The stream is of no use afterwards, as it may rely on what
    /// this message defined.
    pub fn push_message(&mut self, body: &[u8]) -> Result<Progress> {
        let result = self.push(body);
        if !matches!(result, Ok(Progress::NeedMore)) {
            self.pending.clear();
            self.messages = 0;
            self.definitions.clear();
        }
        result
    }

    fn push(&mut self, body: &[u8]) -> Result<Progress> {
        if self.pending.is_empty() && !self.may_define(body)? {
            return self.inner.push_message(body);
        }
        self.pending.extend_from_slice(body);
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            return Err(Error::Corrupt(format!(
                "a value in more than {MAX_MESSAGES} messages"
            )));
        }
        loop {
            match Scan::new(&self.pending, self.inner.types(), &self.definitions).run()? {
                Found::NeedMore => return Ok(Progress::NeedMore),
                Found::Definition { id, message, cut } => {
                    if self.inner.types().is_known(id) {
                        return Err(Error::DuplicateType(id));
                    }
                    self.inner.push_message(&self.pending[message.clone()])?;
                    self.definitions.push((message, cut));
                }
                Found::Complete if self.definitions.is_empty() => {
                    return self.inner.push_message(&self.pending);
                }
                Found::Complete => return self.inner.push_message(&self.without_definitions()),
            }
        }
    }

    fn without_definitions(&self) -> Vec<u8> {
        let mut value = Vec::with_capacity(self.pending.len());
        let mut from = 0;
        for (_, cut) in &self.definitions {
            value.extend_from_slice(&self.pending[from..cut.start]);
            from = cut.end;
        }
        value.extend_from_slice(&self.pending[from..]);
        value
    }

    /// Whether `body` starts a value that may hold interfaces.
    fn may_define(&mut self, body: &[u8]) -> Result<bool> {
        let (first, _) = parse_uint(body)?.ok_or(Error::UnexpectedEof)?;
        // An odd number is a negative id: a definition.
        if first & 1 == 1 {
            return Ok(false);
        }
        let wire = (first >> 1).cast_signed();
        if let Some(known) = self.interfaces.get(&wire) {
            return Ok(*known);
        }
        let holds = holds_interfaces(self.inner.types(), wire);
        // An unknown type may be defined later.
        Ok(match holds {
            Some(holds) => *self.interfaces.entry(wire).or_insert(holds),
            None => true,
        })
    }

    /// Decodes the buffered value into `destination`, merging as Go does.
    ///
    /// # Errors
    /// When the value does not fit. The stream can be read on.
    pub fn decode_into<T: Decode + ?Sized>(&mut self, destination: &mut T) -> Result<()> {
        self.inner.decode_into(destination)
    }

    /// Decodes the buffered value into a new `T`.
    ///
    /// # Errors
    /// As [`Decoder::decode_into`].
    pub fn decode<T: Decode + Default>(&mut self) -> Result<T> {
        self.inner.decode()
    }

    /// Drops the buffered value.
    ///
    /// # Errors
    /// When no value is buffered.
    pub fn discard(&mut self) -> Result<()> {
        self.inner.discard()
    }
}

/// Whether a value of type `wire` can hold interfaces; `None` while a part of it is undefined.
fn holds_interfaces(types: &TypeTable, wire: i64) -> Option<bool> {
    let mut seen = vec![wire];
    let mut next = 0;
    let mut undefined = false;
    while let Some(&wire) = seen.get(next) {
        next += 1;
        if wire == ids::INTERFACE {
            return Some(true);
        }
        if wire < ids::FIRST_USER {
            continue;
        }
        let parts = match types.get(wire).map(|known| &**known) {
            None => {
                undefined = true;
                continue;
            }
            Some(WireType::Slice { elem, .. } | WireType::Array { elem, .. }) => vec![*elem],
            Some(WireType::Map { key, elem, .. }) => vec![*key, *elem],
            Some(WireType::Struct { fields, .. }) => fields.iter().map(|field| field.id).collect(),
            Some(WireType::Marshaler { .. }) => Vec::new(),
        };
        for part in parts {
            if !seen.contains(&part) {
                seen.push(part);
            }
        }
    }
    if undefined { None } else { Some(false) }
}
