//! The jobs that users may see, at hand for search, autocomplete and "did you mean".
//!
//! Each server has one table of names, each user a set of those that
//! their own account was told. Nobody is offered a name that Jenkins did not tell them. All of it is in
//! memory and may vanish at any time.

mod find;
mod lists;
mod table;
pub mod view;

pub use find::{Hit, VisibleJobs};
pub use lists::Catalogs;
