//! What `#[go(..)]` says, and the members of a struct that follow from it.

use proc_macro2::Span;
use syn::{Data, DeriveInput, Fields, LitStr, spanned::Spanned};

/// Where an attribute stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Struct,
    Field,
}

/// What `#[go(..)]` says on a struct or a field.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) name: Option<String>,
    skip: bool,
    unknown: bool,
}

impl Attributes {
    pub(crate) fn parse(attributes: &[syn::Attribute], on: On) -> syn::Result<Self> {
        let mut parsed = Self::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("go"))
        {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    let literal = meta.value()?.parse::<LitStr>()?;
                    let name = literal.value();
                    if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
                        return Err(syn::Error::new(
                            literal.span(),
                            "Go sends only names that start with a capital letter",
                        ));
                    }
                    parsed.name = Some(name);
                } else if meta.path.is_ident("skip") && on == On::Field {
                    parsed.skip = true;
                } else if meta.path.is_ident("unknown") && on == On::Field {
                    parsed.unknown = true;
                } else {
                    return Err(meta.error(match on {
                        On::Struct => "expected `name = \"..\"`",
                        On::Field => "expected `name = \"..\"`, `skip` or `unknown`",
                    }));
                }
                Ok(())
            })?;
        }
        Ok(parsed)
    }
}

/// A field that travels.
pub(crate) struct Member {
    pub(crate) identifier: syn::Ident,
    pub(crate) go_name: LitStr,
    pub(crate) ty: syn::Type,
}

/// The fields that travel, and the one that keeps what has no field.
pub(crate) fn members(input: &DeriveInput) -> syn::Result<(Vec<Member>, Option<syn::Ident>)> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(
            input.span(),
            "GoModel can be derived for structs only",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new(
            input.span(),
            "GoModel needs named fields: Go matches struct fields by name",
        ));
    };
    let mut members: Vec<Member> = Vec::new();
    let mut unknown = None;
    for field in &fields.named {
        let attributes = Attributes::parse(&field.attrs, On::Field)?;
        let Some(identifier) = field.ident.clone() else {
            continue;
        };
        if attributes.unknown {
            if unknown.replace(identifier).is_some() {
                return Err(syn::Error::new(
                    field.span(),
                    "only one field can keep what is unknown",
                ));
            }
        } else if !attributes.skip {
            let name = attributes
                .name
                .unwrap_or_else(|| pascal_case(&identifier.to_string()));
            if members.iter().any(|member| member.go_name.value() == name) {
                return Err(syn::Error::new(
                    field.span(),
                    format!("two fields have the Go name {name}"),
                ));
            }
            let go_name = LitStr::new(&name, Span::call_site());
            members.push(Member {
                identifier,
                go_name,
                ty: field.ty.clone(),
            });
        }
    }
    Ok((members, unknown))
}

fn pascal_case(identifier: &str) -> String {
    let identifier = identifier.strip_prefix("r#").unwrap_or(identifier);
    identifier
        .split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::pascal_case;

    #[test]
    fn names_follow_go() {
        assert_eq!(pascal_case("request_id"), "RequestId");
        assert_eq!(pascal_case("r#type"), "Type");
        assert_eq!(pascal_case("id"), "Id");
    }
}
