//! The argument and reply structs of calls.

use gobwire::{Decode, Describer, Encode, GobType, Result, TypeTable, ValueDecoder, ValueEncoder};

use super::Field;
use super::field::Whole;

/// A tuple as the struct that Mattermost's RPC makes of parameters or results: fields `A`, `B`,
/// `C` … in order, at most eight of them. No fields is `struct{}`.
///
/// A reply that carries nothing for a field leaves its default there; take `Option` of a struct to
/// see that it is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letters<T>(pub T);

macro_rules! letters {
    ($($letter:ident $index:tt),*) => {
        impl<$($letter: Field),*> GobType for Letters<($($letter,)*)> {
            fn describe(describer: &mut Describer<'_>) -> Result<i64> {
                describer.structure(std::any::type_name::<Self>(), "", |_describer| {
                    Ok(vec![$((stringify!($letter), $letter::describe(_describer)?)),*])
                })
            }

            fn compatible(types: &TypeTable, wire: i64) -> bool {
                types.is_struct(wire)
            }
        }

        impl<$($letter: Field),*> Encode for Letters<($($letter,)*)> {
            fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
                if !(false $(|| self.0.$index.is_dynamic())*) {
                    return <Self as GobType>::describe(describer);
                }
                let fields = vec![$((stringify!($letter), self.0.$index.describe_value(describer)?)),*];
                let key = format!("{} {fields:?}", std::any::type_name::<Self>());
                describer.structure(key, "", |_| Ok(fields))
            }

            fn is_zero(&self) -> bool {
                false
            }

            fn frames_as_struct(&self) -> bool {
                true
            }

            fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
                #[allow(unused_mut, reason = "the empty tuple has no fields")]
                let mut fields = encoder.structure();
                $(fields.field($index, &Whole(&self.0.$index))?;)*
                fields.end();
                Ok(())
            }
        }

        impl<$($letter: Field),*> Decode for Letters<($($letter,)*)> {
            fn decode_into(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
                const NAMES: &[&str] = &[$(stringify!($letter)),*];
                let plan = decoder.struct_plan(std::any::type_name::<Self>(), wire, NAMES, |_types, index, _wire| {
                    match index {
                        $($index => $letter::compatible(_types, _wire),)*
                        _ => false,
                    }
                })?;
                let mut fields = decoder.structure(plan)?;
                while let Some(field) = fields.next_field()? {
                    match field.local {
                        $(Some($index) => self.0.$index.decode(fields.decoder(), field.wire)?,)*
                        _ => fields.decoder().skip(field.wire)?,
                    }
                }
                Ok(())
            }
        }
    };
}

letters!();
letters!(A 0);
letters!(A 0, B 1);
letters!(A 0, B 1, C 2);
letters!(A 0, B 1, C 2, D 3);
letters!(A 0, B 1, C 2, D 3, E 4);
letters!(A 0, B 1, C 2, D 3, E 4, F 5);
letters!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
letters!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
