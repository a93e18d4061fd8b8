//! Which properties a response has: stapler's `tree=` and `depth=`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A parsed `tree=` expression (stapler `NamedPathPruner`): `a,b[c,d{0,10}]`, `*` for any name.
#[derive(Debug)]
pub(crate) struct Tree {
    children: BTreeMap<String, Tree>,
    range: std::ops::Range<usize>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            children: BTreeMap::new(),
            range: 0..usize::MAX,
        }
    }
}

impl Tree {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { text, at: 0 };
        let mut tree = Self::default();
        parser.list(&mut tree)?;
        if parser.at == text.len() {
            Ok(tree)
        } else {
            Err(format!("expected EOF at {}", parser.at))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn list(&mut self, tree: &mut Tree) -> Result<(), String> {
        loop {
            let name = self
                .word()
                .ok_or_else(|| format!("expected name at {}", self.at))?;
            let mut child = Tree::default();
            if self.accept('[') {
                self.list(&mut child)?;
                self.expect(']')?;
            }
            if self.accept('{') {
                child.range = self.range()?;
                self.expect('}')?;
            }
            tree.children.insert(name.to_owned(), child);
            if !self.accept(',') {
                return Ok(());
            }
        }
    }

    /// `{N}`, `{N,}`, `{,M}` or `{N,M}`, the end excluded.
    fn range(&mut self) -> Result<std::ops::Range<usize>, String> {
        if self.accept(',') {
            return Ok(0..self.number()?);
        }
        let start = self.number()?;
        if !self.accept(',') {
            return Ok(start..start + 1);
        }
        if self.text[self.at..].starts_with('}') {
            Ok(start..usize::MAX)
        } else {
            Ok(start..self.number()?)
        }
    }

    fn number(&mut self) -> Result<usize, String> {
        let at = self.at;
        self.word()
            .and_then(|word| word.parse().ok())
            .ok_or_else(|| format!("expected number at {at}"))
    }

    fn word(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find([',', '[', ']', '{', '}']).unwrap_or(rest.len())];
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }

    fn accept(&mut self, token: char) -> bool {
        let found = self.text[self.at..].starts_with(token);
        if found {
            self.at += token.len_utf8();
        }
        found
    }

    fn expect(&mut self, token: char) -> Result<(), String> {
        if self.accept(token) {
            Ok(())
        } else {
            Err(format!("expected {token} at {}", self.at))
        }
    }
}

/// What is wanted of one object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Select<'a> {
    /// The properties that are at least this visible (stapler `TreePruner.ByDepth`); each level down wants one more.
    Visible(i32),
    /// The properties named.
    Named(&'a Tree),
}

impl<'a> Select<'a> {
    /// What a request without `tree` wants: `new ByDepth(1 - depth)` (`hudson.model.Api`).
    pub(crate) fn depth(depth: i32) -> Self {
        Self::Visible(1 - depth)
    }

    fn child(self, name: &str, visibility: i32) -> Option<Self> {
        match self {
            Self::Visible(least) => (visibility >= least).then_some(Self::Visible(least + 1)),
            Self::Named(tree) => tree
                .children
                .get(name)
                .or_else(|| tree.children.get("*"))
                .map(Self::Named),
        }
    }

    fn range(self, len: usize) -> std::ops::Range<usize> {
        match self {
            Self::Visible(_) => 0..len,
            Self::Named(tree) => {
                tree.range.start.min(len)..tree.range.end.min(len).max(tree.range.start.min(len))
            }
        }
    }
}

/// An exported object while it is written. Values are computed only if they are wanted.
#[derive(Debug)]
pub(crate) struct Bean<'a> {
    select: Select<'a>,
    fields: Map<String, Value>,
}

impl<'a> Bean<'a> {
    /// An object with its `_class`, which no selection leaves out.
    pub(crate) fn new(class: &str, select: Select<'a>) -> Self {
        let mut bean = Self::plain(select);
        bean.fields.insert("_class".to_owned(), class.into());
        bean
    }

    /// An object whose class follows from its place, and is not written.
    pub(crate) fn plain(select: Select<'a>) -> Self {
        Self {
            select,
            fields: Map::new(),
        }
    }

    /// A property of the usual visibility, 1.
    pub(crate) fn value<V: Into<Value>>(&mut self, name: &str, value: impl FnOnce() -> V) {
        self.object(1, name, |_| value().into());
    }

    /// A property that is also shown where the object is mentioned by another, down to level `visibility`.
    pub(crate) fn visible<V: Into<Value>>(
        &mut self,
        visibility: i32,
        name: &str,
        value: impl FnOnce() -> V,
    ) {
        self.object(visibility, name, |_| value().into());
    }

    /// A property that is an object itself.
    pub(crate) fn object(
        &mut self,
        visibility: i32,
        name: &str,
        value: impl FnOnce(Select<'a>) -> Value,
    ) {
        if let Some(select) = self.select.child(name, visibility) {
            self.fields.insert(name.to_owned(), value(select));
        }
    }

    /// A property that is a list of objects, cut to the range asked for.
    pub(crate) fn list<T>(
        &mut self,
        visibility: i32,
        name: &str,
        items: impl IntoIterator<Item = T>,
        value: impl Fn(T, Select<'a>) -> Value,
    ) {
        if let Some(select) = self.select.child(name, visibility) {
            let items: Vec<T> = items.into_iter().collect();
            let range = select.range(items.len());
            let wanted = items.into_iter().skip(range.start).take(range.len());
            self.fields.insert(
                name.to_owned(),
                wanted.map(|item| value(item, select)).collect(),
            );
        }
    }

    pub(crate) fn finish(self) -> Value {
        Value::Object(self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(select: Select<'_>) -> String {
        let mut bean = Bean::new("Job", select);
        bean.value("name", || "x");
        bean.list(1, "builds", 1..=5, |number, select| {
            let mut build = Bean::new("Run", select);
            build.visible(2, "number", || number);
            build.value("result", || "SUCCESS");
            build.finish()
        });
        bean.finish().to_string()
    }

    fn tree(expression: &str) -> String {
        export(Select::Named(&Tree::parse(expression).unwrap()))
    }

    #[test]
    fn only_named_properties_and_classes_are_written() {
        assert_eq!(tree("name"), r#"{"_class":"Job","name":"x"}"#);
        assert_eq!(tree("nothing"), r#"{"_class":"Job"}"#);
        assert_eq!(
            tree("builds[result]{,1}"),
            r#"{"_class":"Job","builds":[{"_class":"Run","result":"SUCCESS"}]}"#
        );
        assert_eq!(
            tree("builds{1,2}"),
            r#"{"_class":"Job","builds":[{"_class":"Run"}]}"#
        );
        assert_eq!(
            tree("*[number]{4}"),
            r#"{"_class":"Job","builds":[{"_class":"Run","number":5}],"name":"x"}"#
        );
        assert_eq!(tree("builds[number]{3,}"), tree("builds[number]{3,99}"));
        assert_eq!(tree("builds{9,12}"), r#"{"_class":"Job","builds":[]}"#);
    }

    #[test]
    fn depth_shows_more_of_what_is_mentioned() {
        assert!(export(Select::depth(0)).contains(r#"{"_class":"Run","number":1}"#));
        assert!(
            export(Select::depth(1)).contains(r#"{"_class":"Run","number":1,"result":"SUCCESS"}"#)
        );
    }

    #[test]
    fn malformed_expressions_are_refused() {
        for expression in ["", "a[", "a]", "a{x}", "a,,b", "a{1,2"] {
            assert!(Tree::parse(expression).is_err(), "{expression:?}");
        }
    }
}
