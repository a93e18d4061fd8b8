//! `#[plugin]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item, spanned::Spanned};

const USAGE: &str = "#[plugin] belongs on `impl Plugin for YourType { .. }`";

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    if !attribute.is_empty() {
        return Err(syn::Error::new(
            attribute.span(),
            "#[plugin] takes no arguments: it lists the hooks written in the block",
        ));
    }
    let item: Item = syn::parse2(item)?;
    let Item::Impl(mut block) = item else {
        return Err(syn::Error::new(item.span(), USAGE));
    };
    let is_plugin = block.trait_.as_ref().and_then(|(negative, path, _)| {
        negative.is_none().then(|| {
            path.segments
                .last()
                .is_some_and(|segment| segment.ident == "Plugin")
        })
    });
    if is_plugin != Some(true) {
        return Err(syn::Error::new(block.self_ty.span(), USAGE));
    }
    let mut hooks = Vec::new();
    for item in &block.items {
        match item {
            ImplItem::Fn(method) if method.sig.ident != "new" => {
                let name = method.sig.ident.to_string();
                hooks.push(name.strip_prefix("r#").unwrap_or(&name).to_owned());
            }
            ImplItem::Const(constant) if constant.ident == "HOOKS" => {
                return Err(syn::Error::new(
                    constant.span(),
                    "#[plugin] writes HOOKS; remove this constant, or the attribute",
                ));
            }
            _ => {}
        }
    }
    block.items.insert(
        0,
        syn::parse2(quote! {
            const HOOKS: &'static [&'static str] = &[#(#hooks),*];
        })?,
    );
    Ok(quote!(#block))
}

#[cfg(test)]
mod tests {
    use super::expand;
    use proc_macro2::TokenStream;

    fn expanded(item: &str) -> Result<String, String> {
        let item = item.parse::<TokenStream>().expect("valid tokens");
        expand(TokenStream::new(), item)
            .map(|tokens| tokens.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn lists_the_methods_of_the_block() {
        let block = "impl sdk::Plugin for Hello {
            fn new(api: Api) -> Self { Self }
            async fn execute_command(&self) {}
            async fn on_activate(&self) {}
        }";
        let tokens = expanded(block).expect("a plugin block");
        assert!(
            tokens.contains("& [\"execute_command\" , \"on_activate\"]"),
            "{tokens}"
        );
    }

    #[test]
    fn wrong_uses_are_explained() {
        for wrong in [
            "struct Hello;",
            "impl Hello { fn new() {} }",
            "impl Clone for Hello { }",
        ] {
            assert!(expanded(wrong).expect_err(wrong).contains("belongs on"));
        }
        let twice = "impl Plugin for Hello { const HOOKS: &'static [&'static str] = &[]; }";
        assert!(expanded(twice).expect_err(twice).contains("writes HOOKS"));
        let argument = expand(
            "all".parse().expect("tokens"),
            "impl Plugin for Hello {}".parse().expect("tokens"),
        );
        assert!(
            argument
                .expect_err("arguments")
                .to_string()
                .contains("no arguments")
        );
    }
}
