//! Finding type definitions inside a value.
//!
//! When an interface holds a type that the stream has not defined yet, Go's encoder writes the
//! definition into the middle of the value: after the interface's name, and before the id of the
//! type (`encode.go`, `encodeInterface`; `decoder.go`, `decodeTypeSequence`).

use std::ops::Range;

use gobwire::{Error, Result, TypeTable, WireType, ids, parse_uint};

/// As deep as `gobwire` follows values.
const MAX_DEPTH: usize = gobwire::MAX_DEPTH;

/// What a scan came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The value ends where the bytes end or before.
    Complete,
    /// A definition of type `id`: its bytes, and what is to be cut out of the value for it.
    Definition {
        id: i64,
        message: Range<usize>,
        cut: Range<usize>,
    },
    /// The value goes on in the next message.
    NeedMore,
}

/// Walks one top-level value.
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    types: &'a TypeTable,
    /// Definitions found by earlier scans of the same value, by their position.
    known: &'a [(Range<usize>, Range<usize>)],
    position: usize,
    depth: usize,
}

/// Leaves the walk: an error of the data, or something that the caller must act on.
enum Stop {
    Failed(Error),
    Found(Found),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

type Step<T = ()> = std::result::Result<T, Stop>;

fn corrupt(what: &str) -> Error {
    Error::Corrupt(what.into())
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        bytes: &'a [u8],
        types: &'a TypeTable,
        known: &'a [(Range<usize>, Range<usize>)],
    ) -> Self {
        Self {
            bytes,
            types,
            known,
            position: 0,
            depth: 0,
        }
    }

    /// Walks until the value is complete or something is found.
    pub(super) fn run(mut self) -> Result<Found> {
        match self.top() {
            Ok(()) => Ok(Found::Complete),
            Err(Stop::Found(found)) => Ok(found),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn top(&mut self) -> Step {
        let wire = self.integer()?;
        if !self.types.is_known(wire) {
            return Err(Error::UndefinedType(wire).into());
        }
        self.framed(wire)
    }

    fn framed(&mut self, wire: i64) -> Step {
        if !self.types.is_struct(wire) && self.unsigned()? != 0 {
            return Err(corrupt("decode: corrupted data: non-zero delta for singleton").into());
        }
        self.value(wire)
    }

    fn at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    fn unsigned(&mut self) -> Result<u64> {
        let (number, width) =
            parse_uint(&self.bytes[self.position..])?.ok_or(Error::UnexpectedEof)?;
        self.position += width;
        Ok(number)
    }

    fn integer(&mut self) -> Result<i64> {
        let number = self.unsigned()?;
        let half = (number >> 1).cast_signed();
        Ok(if number & 1 == 1 { !half } else { half })
    }

    fn run_of_bytes(&mut self) -> Result<usize> {
        let length = self.unsigned()?;
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= self.bytes.len() - self.position)
            .ok_or_else(|| corrupt("length exceeds input size"))?;
        self.position += length;
        Ok(length)
    }

    fn value(&mut self, wire: i64) -> Step {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(corrupt("invalid nesting depth").into());
        }
        match wire {
            ids::BOOL | ids::INT | ids::UINT | ids::FLOAT => {
                self.unsigned()?;
            }
            ids::COMPLEX => {
                self.unsigned()?;
                self.unsigned()?;
            }
            ids::BYTES | ids::STRING => {
                self.run_of_bytes()?;
            }
            ids::INTERFACE => self.interface()?,
            _ => self.composite(wire)?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn composite(&mut self, wire: i64) -> Step {
        let known = self
            .types
            .get(wire)
            .cloned()
            .ok_or(Error::UndefinedType(wire))?;
        match &*known {
            WireType::Slice { elem, .. } | WireType::Array { elem, .. } => {
                let count = self.unsigned()?;
                for _ in 0..count {
                    self.expect_element()?;
                    self.value(*elem)?;
                }
            }
            WireType::Map { key, elem, .. } => {
                let count = self.unsigned()?;
                for _ in 0..count {
                    self.expect_element()?;
                    self.value(*key)?;
                    self.value(*elem)?;
                }
            }
            WireType::Struct { fields, .. } => {
                let mut next = 0_usize;
                while !self.at_end() {
                    let delta = self.unsigned()?;
                    if delta == 0 {
                        break;
                    }
                    next = usize::try_from(delta)
                        .ok()
                        .and_then(|delta| next.checked_add(delta))
                        .filter(|after| *after <= fields.len())
                        .ok_or_else(|| corrupt("field numbers out of bounds"))?;
                    self.value(fields[next - 1].id)?;
                }
            }
            WireType::Marshaler { .. } => {
                self.run_of_bytes()?;
            }
        }
        Ok(())
    }

    fn expect_element(&self) -> Result<()> {
        if self.at_end() {
            return Err(corrupt(
                "decoding array or slice: length exceeds input size",
            ));
        }
        Ok(())
    }

    fn interface(&mut self) -> Step {
        if self.run_of_bytes()? == 0 {
            return Ok(());
        }
        loop {
            if self.at_end() {
                return Err(Stop::Found(Found::NeedMore));
            }
            let start = self.position;
            if let Some((_, cut)) = self
                .known
                .iter()
                .find(|(message, _)| message.start == start)
            {
                self.position = cut.end;
                continue;
            }
            let wire = self.integer()?;
            if wire >= 0 {
                if !self.types.is_known(wire) {
                    return Err(Error::UndefinedType(wire).into());
                }
                // A count of bytes, which is not reliable and which nobody uses.
                self.unsigned()?;
                return self.framed(wire);
            }
            self.definition()?;
            let message = start..self.position;
            // A count of the bytes that follow, unless the next message starts here.
            if !self.at_end() {
                self.unsigned()?;
            }
            let id = wire
                .checked_neg()
                .ok_or_else(|| corrupt("type id out of range"))?;
            return Err(Stop::Found(Found::Definition {
                id,
                message,
                cut: start..self.position,
            }));
        }
    }

    /// Walks the `wireType` struct of a definition (`encoding/gob/type.go`): one field for the
    /// kind, in it `CommonType`, then ids, a length, or a list of struct fields.
    fn definition(&mut self) -> Result<()> {
        self.fields(|scan, kind| {
            scan.fields(|scan, field| match (kind, field) {
                (0..=6, 0) => scan.name_and_id(),
                (2, 1) => {
                    let count = scan.unsigned()?;
                    for _ in 0..count {
                        scan.expect_element()?;
                        scan.name_and_id()?;
                    }
                    Ok(())
                }
                (0..=3, 1 | 2) => scan.unsigned().map(drop),
                _ => Err(corrupt("unknown field in wireType")),
            })
        })
    }

    fn name_and_id(&mut self) -> Result<()> {
        self.fields(|scan, field| match field {
            0 => scan.run_of_bytes().map(drop),
            1 => scan.unsigned().map(drop),
            _ => Err(corrupt("unknown field in a type definition")),
        })
    }

    fn fields(&mut self, mut each: impl FnMut(&mut Self, u64) -> Result<()>) -> Result<()> {
        let mut next = 0_u64;
        while !self.at_end() {
            let delta = self.unsigned()?;
            if delta == 0 {
                break;
            }
            next = next
                .checked_add(delta)
                .ok_or_else(|| corrupt("field numbers out of bounds"))?;
            each(self, next - 1)?;
        }
        Ok(())
    }
}
