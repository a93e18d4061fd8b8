//! `#[derive(GoModel)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attributes::{Attributes, Member, On, members};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let attributes = Attributes::parse(&input.attrs, On::Struct)?;
    if !input.generics.params.is_empty() {
        return Err(syn::Error::new(
            input.generics.span(),
            "GoModel does not support generic structs",
        ));
    }
    let this = &input.ident;
    let (members, unknown) = members(input)?;
    let model = Model {
        this,
        go_name: attributes.name.unwrap_or_else(|| this.to_string()),
        members,
        unknown,
        gob: quote!(::mattermost_plugin::transport::netrpc::gob),
        wire: quote!(::mattermost_plugin::transport::netrpc::gob::wire),
    };
    let (field, gobwire) = (model.field(), model.gobwire());
    Ok(quote!(#field #gobwire))
}

struct Model<'a> {
    this: &'a syn::Ident,
    go_name: String,
    members: Vec<Member>,
    unknown: Option<syn::Ident>,
    /// Paths in the SDK.
    gob: TokenStream,
    wire: TokenStream,
}

impl Model<'_> {
    /// Wire types of the fields, in order.
    fn described(&self) -> TokenStream {
        let gob = &self.gob;
        let names = self.members.iter().map(|member| &member.go_name);
        let types = self.members.iter().map(|member| &member.ty);
        quote!(::std::vec![#((#names, <#types as #gob::Field>::describe(describer)?),)*])
    }

    /// Writing of the fields, in order.
    fn written(&self) -> TokenStream {
        let gob = &self.gob;
        let indices = 0_u32..;
        let identifiers = self.members.iter().map(|member| &member.identifier);
        quote!(#(fields.field(#indices, &#gob::Sent(&self.#identifiers))?;)*)
    }

    fn field(&self) -> TokenStream {
        let (this, go_name, gob, wire) = (self.this, &self.go_name, &self.gob, &self.wire);
        let (described, written, decode) = (self.described(), self.written(), self.decode());
        let whole = self.unknown.as_ref().map(|unknown| self.whole(unknown));
        quote! {
            #[automatically_derived]
            impl #gob::Field for #this {
                fn describe(describer: &mut #wire::Describer<'_>) -> #wire::Result<i64> {
                    describer.structure(::core::any::type_name::<Self>(), #go_name, |describer| {
                        ::core::result::Result::Ok(#described)
                    })
                }

                fn compatible(types: &#wire::TypeTable, wire: i64) -> bool {
                    types.is_struct(wire)
                }

                /// Go sends every struct, even one of zeros.
                fn is_zero(&self) -> bool {
                    false
                }

                fn frames_as_struct() -> bool {
                    true
                }

                fn absent() -> ::core::option::Option<Self> {
                    ::core::option::Option::None
                }

                fn encode(&self, encoder: &mut #wire::ValueEncoder<'_>) -> #wire::Result<()> {
                    let mut fields = encoder.structure();
                    #written
                    fields.end();
                    ::core::result::Result::Ok(())
                }

                #decode

                #whole
            }
        }
    }

    fn decode(&self) -> TokenStream {
        let (gob, wire) = (&self.gob, &self.wire);
        let names: Vec<_> = self.members.iter().map(|member| &member.go_name).collect();
        let identifiers: Vec<_> = self
            .members
            .iter()
            .map(|member| &member.identifier)
            .collect();
        let types = self.members.iter().map(|member| &member.ty);
        let positions: Vec<usize> = (0..self.members.len()).collect();
        let walk = match &self.unknown {
            // The plan has checked the types; it cannot tell the names of fields that it skips.
            Some(unknown) => quote! {
                ::core::mem::drop(plan);
                #gob::fields(decoder, wire, |decoder, name, wire| match name {
                    #(#names => #gob::Field::decode(&mut self.#identifiers, decoder, wire),)*
                    _ => self.#unknown.decode(decoder, name, wire),
                })
            },
            None => quote! {
                let mut fields = decoder.structure(plan)?;
                while let ::core::option::Option::Some(field) = fields.next_field()? {
                    match field.local {
                        #(::core::option::Option::Some(#positions) => {
                            #gob::Field::decode(&mut self.#identifiers, fields.decoder(), field.wire)?;
                        })*
                        _ => fields.decoder().skip(field.wire)?,
                    }
                }
                ::core::result::Result::Ok(())
            },
        };
        quote! {
            fn decode(&mut self, decoder: &mut #wire::ValueDecoder<'_>, wire: i64) -> #wire::Result<()> {
                const NAMES: &[&str] = &[#(#names),*];
                let plan = decoder.struct_plan(::core::any::type_name::<Self>(), wire, NAMES, |types, index, wire| {
                    match index {
                        #(#positions => <#types as #gob::Field>::compatible(types, wire),)*
                        _ => false,
                    }
                })?;
                #walk
            }
        }
    }

    /// A value with unknown fields has a type of its own.
    fn whole(&self, unknown: &syn::Ident) -> TokenStream {
        let (go_name, gob, wire) = (&self.go_name, &self.gob, &self.wire);
        let (described, written) = (self.described(), self.written());
        let number = self.members.len() as u32;
        quote! {
            fn is_dynamic(&self) -> bool {
                !self.#unknown.is_empty()
            }

            fn describe_value(&self, describer: &mut #wire::Describer<'_>) -> #wire::Result<i64> {
                if self.#unknown.is_empty() {
                    return <Self as #gob::Field>::describe(describer);
                }
                let mut fields = #described;
                self.#unknown.describe(describer, &mut fields)?;
                let key = self.#unknown.key(::core::any::type_name::<Self>());
                describer.structure(key, #go_name, |_| ::core::result::Result::Ok(fields))
            }

            fn encode_value(&self, encoder: &mut #wire::ValueEncoder<'_>) -> #wire::Result<()> {
                let mut fields = encoder.structure();
                #written
                self.#unknown.encode(&mut fields, #number)?;
                fields.end();
                ::core::result::Result::Ok(())
            }
        }
    }

    /// `gobwire`'s traits, for a struct that is a whole message.
    fn gobwire(&self) -> TokenStream {
        let (this, gob, wire) = (self.this, &self.gob, &self.wire);
        quote! {
            #[automatically_derived]
            impl #wire::GobType for #this {
                fn describe(describer: &mut #wire::Describer<'_>) -> #wire::Result<i64> {
                    <Self as #gob::Field>::describe(describer)
                }

                fn compatible(types: &#wire::TypeTable, wire: i64) -> bool {
                    <Self as #gob::Field>::compatible(types, wire)
                }
            }

            #[automatically_derived]
            impl #wire::Encode for #this {
                fn describe_value(&self, describer: &mut #wire::Describer<'_>) -> #wire::Result<i64> {
                    #gob::Field::describe_value(self, describer)
                }

                fn is_zero(&self) -> bool {
                    false
                }

                fn frames_as_struct(&self) -> bool {
                    true
                }

                fn encode(&self, encoder: &mut #wire::ValueEncoder<'_>) -> #wire::Result<()> {
                    #gob::Field::encode_value(self, encoder)
                }
            }

            #[automatically_derived]
            impl #wire::Decode for #this {
                fn decode_into(&mut self, decoder: &mut #wire::ValueDecoder<'_>, wire: i64) -> #wire::Result<()> {
                    #gob::Field::decode(self, decoder, wire)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn wrong_uses_are_explained() {
        let refused = |source: &str| match expand(&syn::parse_str(source).expect("valid Rust")) {
            Ok(tokens) => panic!("accepted: {tokens}"),
            Err(error) => error.to_string(),
        };
        assert!(refused("enum Colour { Red }").contains("structs only"));
        assert!(refused("struct Pair(i64, i64);").contains("named fields"));
        assert!(refused("struct Of<T> { value: T }").contains("generic"));
        assert!(
            refused("struct Twice { a: i64, #[go(name = \"A\")] b: i64 }").contains("two fields")
        );
        assert!(
            refused("struct Rests { #[go(unknown)] a: U, #[go(unknown)] b: U }")
                .contains("only one")
        );
        assert!(refused("struct Lower { #[go(name = \"a\")] a: i64 }").contains("capital letter"));
        assert!(refused("struct Odd { #[go(rename = \"A\")] a: i64 }").contains("expected `name"));
        assert!(refused("#[go(skip)] struct Skipped { a: i64 }").contains("expected `name"));
    }
}
