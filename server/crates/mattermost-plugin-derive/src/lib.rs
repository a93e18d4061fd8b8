//! Macros of the [mattermost-plugin](https://docs.rs/mattermost-plugin) SDK.

mod attributes;
mod go_model;
mod plugin;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Implements the SDK's gob traits for a struct with named fields, so that it travels as the Go
/// struct whose fields have the same names.
///
/// * `#[go(name = "Post")]` on the struct: the Go type's name. It is sent in the type's
///   definition, where Go's decoder ignores it. Default: the Rust name.
/// * `#[go(name = "IPAddress")]` on a field: the Go field's name, which **is** matched. Default:
///   the Rust name in PascalCase, which is wrong for Go initialisms.
/// * `#[go(skip)]` on a field: neither sent nor received, like an unexported Go field.
/// * `#[go(unknown)]` on a field of type `Unknown`: keeps fields that the struct does not have, and
///   gives them back.
#[proc_macro_derive(GoModel, attributes(go))]
pub fn derive_go_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as syn::DeriveInput);
    go_model::expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Lists the hooks that an `impl Plugin for …` block contains.
///
/// A server calls only the hooks that a plugin names, and each one named costs every event of its
/// kind a call. This attribute fills `Plugin::HOOKS` with the methods that are written in the
/// block; it takes no arguments and changes nothing else.
#[proc_macro_attribute]
pub fn plugin(attribute: TokenStream, item: TokenStream) -> TokenStream {
    plugin::expand(attribute.into(), item.into())
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
