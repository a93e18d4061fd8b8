//! Numbers, texts, lists and maps.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::Wire;

macro_rules! same {
    ($($ty:ty),*) => {
        $(
            impl Wire<$ty> for $ty {
                fn to_wire(self) -> $ty {
                    self
                }

                fn from_wire(wire: $ty) -> Self {
                    wire
                }
            }
        )*
    };
}
same!(String, bool, i64, Bytes);

/// Go's `int` where the protocol has 32 bits: pages, sizes of images, counts.
impl Wire<i32> for i64 {
    fn to_wire(self) -> i32 {
        i32::try_from(self).unwrap_or(if self < 0 { i32::MIN } else { i32::MAX })
    }

    fn from_wire(wire: i32) -> Self {
        wire.into()
    }
}

/// A number where the protocol has text.
impl Wire<String> for i64 {
    fn to_wire(self) -> String {
        self.to_string()
    }

    fn from_wire(wire: String) -> Self {
        wire.parse().unwrap_or_default()
    }
}

/// A time where the protocol only says whether there is one: then it is the smallest.
impl Wire<bool> for i64 {
    fn to_wire(self) -> bool {
        self != 0
    }

    fn from_wire(wire: bool) -> Self {
        wire.into()
    }
}

/// A pointer where the protocol has a value.
impl Wire<bool> for Option<bool> {
    fn to_wire(self) -> bool {
        self.unwrap_or_default()
    }

    fn from_wire(wire: bool) -> Self {
        Some(wire)
    }
}

/// A value where the protocol has a pointer: nil for the empty one.
impl Wire<Option<String>> for String {
    fn to_wire(self) -> Option<String> {
        (!self.is_empty()).then_some(self)
    }

    fn from_wire(wire: Option<String>) -> Self {
        wire.unwrap_or_default()
    }
}

impl<W, M: Wire<W>> Wire<Option<W>> for Option<M> {
    fn to_wire(self) -> Option<W> {
        self.map(Wire::to_wire)
    }

    fn from_wire(wire: Option<W>) -> Self {
        wire.map(Wire::from_wire)
    }
}

impl<W, M: Wire<W>> Wire<Vec<W>> for Vec<M> {
    fn to_wire(self) -> Vec<W> {
        self.into_iter().map(Wire::to_wire).collect()
    }

    fn from_wire(wire: Vec<W>) -> Self {
        wire.into_iter().map(Wire::from_wire).collect()
    }
}

impl<W, M: Wire<W>> Wire<BTreeMap<String, W>> for BTreeMap<String, M> {
    fn to_wire(self) -> BTreeMap<String, W> {
        self.into_iter()
            .map(|(key, value)| (key, value.to_wire()))
            .collect()
    }

    fn from_wire(wire: BTreeMap<String, W>) -> Self {
        wire.into_iter()
            .map(|(key, value)| (key, M::from_wire(value)))
            .collect()
    }
}

/// A set, which Go writes as a map.
impl Wire<Vec<String>> for BTreeMap<String, bool> {
    fn to_wire(self) -> Vec<String> {
        self.into_iter()
            .filter_map(|(key, is_in)| is_in.then_some(key))
            .collect()
    }

    fn from_wire(wire: Vec<String>) -> Self {
        wire.into_iter().map(|key| (key, true)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Wire;

    #[test]
    fn a_number_that_is_too_large_becomes_the_largest() {
        let wire: i32 = 5_000_000_000_i64.to_wire();
        assert_eq!(wire, i32::MAX);
        let wire: i32 = (-5_000_000_000_i64).to_wire();
        assert_eq!(wire, i32::MIN);
    }
}
