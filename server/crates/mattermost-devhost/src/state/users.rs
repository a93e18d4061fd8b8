//! Accounts (`model/user.go`, `app/user.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, User, UserGetOptions};

use crate::errors::{app_error, user_missing};
use crate::ids::new_id;

/// Longest user name, in bytes.
pub const USERNAME_MAX_LENGTH: usize = 64;

/// Names that nobody may have, as they mean a group of people or the system.
const RESTRICTED_USERNAMES: &[&str] = &["all", "channel", "here", "matterbot", "system"];

/// The accounts of a server, by id.
#[derive(Debug, Clone, Default)]
pub struct Users {
    by_id: BTreeMap<String, User>,
}

impl Users {
    /// Adds an account, filling what is missing.
    ///
    /// # Errors
    /// When the name or address is not valid or taken.
    pub fn create(&mut self, mut user: User, now: i64) -> Result<User, AppError> {
        if user.id.is_empty() {
            user.id = new_id();
        } else if self.by_id.contains_key(&user.id) {
            return Err(app_error(
                "CreateUser",
                "app.user.save.existing.app_error",
                "Must call update for existing user.",
                400,
            ));
        }
        user.username = user.username.to_lowercase();
        user.email = user.email.to_lowercase();
        if user.locale.is_empty() {
            "en".clone_into(&mut user.locale);
        }
        if user.roles.is_empty() {
            "system_user".clone_into(&mut user.roles);
        }
        user.create_at = now;
        user.update_at = now;
        self.check(&user)?;
        self.by_id.insert(user.id.clone(), user.clone());
        Ok(user)
    }

    /// Replaces an account, keeping what an update cannot change.
    ///
    /// # Errors
    /// When there is no such account, or the new name or address is not valid or taken.
    pub fn update(&mut self, mut user: User, now: i64) -> Result<User, AppError> {
        let Some(old) = self.by_id.get(&user.id) else {
            return Err(user_missing("UpdateUser"));
        };
        user.create_at = old.create_at;
        user.update_at = now;
        user.username = user.username.to_lowercase();
        user.email = user.email.to_lowercase();
        self.check(&user)?;
        self.by_id.insert(user.id.clone(), user.clone());
        Ok(user)
    }

    fn check(&self, user: &User) -> Result<(), AppError> {
        if !is_valid_username(&user.username) {
            return Err(app_error(
                "User.IsValid",
                "model.user.is_valid.username.app_error",
                "Username must begin with a letter, and contain between 1 to 64 lowercase characters made up of numbers, letters, and the symbols '.', '-', and '_'.",
                400,
            ));
        }
        if !is_valid_email(&user.email) {
            return Err(app_error(
                "User.IsValid",
                "model.user.is_valid.email.app_error",
                "Please enter a valid email address.",
                400,
            ));
        }
        for other in self.by_id.values().filter(|other| other.id != user.id) {
            if other.username == user.username {
                return Err(app_error(
                    "CreateUser",
                    "app.user.save.username_exists.app_error",
                    "An account with that username already exists.",
                    400,
                ));
            }
            if other.email == user.email {
                return Err(app_error(
                    "CreateUser",
                    "app.user.save.email_exists.app_error",
                    "An account with that email already exists.",
                    400,
                ));
            }
        }
        Ok(())
    }

    /// The account with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&User> {
        self.by_id.get(id)
    }

    /// The account with this id, for a change.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut User> {
        self.by_id.get_mut(id)
    }

    /// The account with this name, in any case.
    #[must_use]
    pub fn by_username(&self, name: &str) -> Option<&User> {
        let name = name.to_lowercase();
        self.by_id.values().find(|user| user.username == name)
    }

    /// The account with this address, in any case.
    #[must_use]
    pub fn by_email(&self, email: &str) -> Option<&User> {
        let email = email.to_lowercase();
        self.by_id.values().find(|user| user.email == email)
    }

    /// All accounts, ordered by name.
    #[must_use]
    pub fn all(&self) -> Vec<&User> {
        let mut users: Vec<&User> = self.by_id.values().collect();
        users.sort_by(|one, other| one.username.cmp(&other.username));
        users
    }

    /// The accounts that a plugin asks for. Membership filters are the caller's business.
    #[must_use]
    pub fn matching(&self, options: &UserGetOptions) -> Vec<&User> {
        self.all()
            .into_iter()
            .filter(|user| !options.inactive || user.delete_at != 0)
            .filter(|user| !options.active || user.delete_at == 0)
            .filter(|user| {
                options.role.is_empty()
                    || user
                        .roles
                        .split_whitespace()
                        .any(|role| role == options.role)
            })
            .collect()
    }

    /// Removes an account for good.
    pub fn remove(&mut self, id: &str) -> Option<User> {
        self.by_id.remove(id)
    }
}

/// One page of `items`.
pub(crate) fn page_of<T>(items: Vec<T>, page: i64, per_page: i64) -> Vec<T> {
    let limit = usize::try_from(per_page).unwrap_or(0);
    let offset = usize::try_from(page.saturating_mul(per_page)).unwrap_or(0);
    items.into_iter().skip(offset).take(limit).collect()
}

/// The account as a plugin sees it: without secrets (`User.Sanitize`).
#[must_use]
pub fn sanitized(user: &User) -> User {
    User {
        password: String::new(),
        auth_data: None,
        mfa_secret: String::new(),
        ..user.clone()
    }
}

/// Whether a user may be called `name` (`IsValidUsername`).
#[must_use]
pub fn is_valid_username(name: &str) -> bool {
    (1..=USERNAME_MAX_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
        })
        && !RESTRICTED_USERNAMES.contains(&name)
}

fn is_valid_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && email.len() <= 128
        && !email
            .chars()
            .any(|sign| sign.is_whitespace() || sign.is_uppercase() || "<>".contains(sign))
}
