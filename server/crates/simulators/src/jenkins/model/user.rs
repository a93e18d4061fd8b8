//! Users and what they may do.

/// A Jenkins permission. The name shown in messages and the id sent in `X-Required-Permission` are those of
/// `hudson.model.Item`, `hudson.model.Run`, `hudson.model.Computer` and `jenkins.model.Jenkins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Permission {
    /// Everything.
    OverallAdminister,
    /// Restart and quiet down, without the rest of administration.
    OverallManage,
    /// See the configuration of the system.
    OverallSystemRead,
    /// See anything at all.
    OverallRead,
    /// See an item; without it the item does not exist (404).
    ItemRead,
    /// Start a build.
    ItemBuild,
    /// Cancel a queue item or stop a build.
    ItemCancel,
    /// Change, enable or disable an item.
    ItemConfigure,
    /// Create an item.
    ItemCreate,
    /// Delete an item.
    ItemDelete,
    /// Change a build's description or keep flag.
    RunUpdate,
    /// Delete a build.
    RunDelete,
    /// Bring an agent back online.
    ComputerConnect,
    /// Take an agent offline.
    ComputerDisconnect,
}

impl Permission {
    /// `Permission.getId()`, as in `X-Required-Permission`.
    pub fn id(self) -> &'static str {
        match self {
            Self::OverallAdminister => "hudson.model.Hudson.Administer",
            Self::OverallManage => "hudson.model.Hudson.Manage",
            Self::OverallSystemRead => "hudson.model.Hudson.SystemRead",
            Self::OverallRead => "hudson.model.Hudson.Read",
            Self::ItemRead => "hudson.model.Item.Read",
            Self::ItemBuild => "hudson.model.Item.Build",
            Self::ItemCancel => "hudson.model.Item.Cancel",
            Self::ItemConfigure => "hudson.model.Item.Configure",
            Self::ItemCreate => "hudson.model.Item.Create",
            Self::ItemDelete => "hudson.model.Item.Delete",
            Self::RunUpdate => "hudson.model.Run.Update",
            Self::RunDelete => "hudson.model.Run.Delete",
            Self::ComputerConnect => "hudson.model.Computer.Connect",
            Self::ComputerDisconnect => "hudson.model.Computer.Disconnect",
        }
    }

    /// The permission as people know it: group and name.
    pub fn title(self) -> &'static str {
        match self {
            Self::OverallAdminister => "Overall/Administer",
            Self::OverallManage => "Overall/Manage",
            Self::OverallSystemRead => "Overall/SystemRead",
            Self::OverallRead => "Overall/Read",
            Self::ItemRead => "Job/Read",
            Self::ItemBuild => "Job/Build",
            Self::ItemCancel => "Job/Cancel",
            Self::ItemConfigure => "Job/Configure",
            Self::ItemCreate => "Job/Create",
            Self::ItemDelete => "Job/Delete",
            Self::RunUpdate => "Run/Update",
            Self::RunDelete => "Run/Delete",
            Self::ComputerConnect => "Agent/Connect",
            Self::ComputerDisconnect => "Agent/Disconnect",
        }
    }
}

/// A user of the simulated Jenkins.
#[derive(Clone)]
pub struct User {
    pub(crate) id: String,
    pub(crate) full_name: String,
    pub(crate) token: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) email: Option<String>,
    pub(crate) hidden: Vec<String>,
}

impl User {
    /// A user who may do nothing.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            full_name: id.to_owned(),
            token: None,
            password: None,
            permissions: Vec::new(),
            email: None,
            hidden: Vec::new(),
        }
    }

    /// A user who may do everything.
    pub fn administrator(id: &str) -> Self {
        Self::new(id).grant([Permission::OverallAdminister])
    }

    /// A user who may see, build, cancel and change every item, but not administer Jenkins.
    pub fn developer(id: &str) -> Self {
        use Permission::{
            ItemBuild, ItemCancel, ItemConfigure, ItemCreate, ItemDelete, ItemRead, OverallRead,
            RunDelete, RunUpdate,
        };
        Self::new(id).grant([
            OverallRead,
            ItemRead,
            ItemBuild,
            ItemCancel,
            ItemConfigure,
            ItemCreate,
            ItemDelete,
            RunUpdate,
            RunDelete,
        ])
    }

    /// A user who may only look.
    pub fn reader(id: &str) -> Self {
        Self::new(id).grant([Permission::OverallRead, Permission::ItemRead])
    }

    /// The name people see.
    pub fn full_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.full_name);
        self
    }

    /// The API token; requests with it need no crumb.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The password; POSTs with it need a crumb when crumbs are on.
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(password.to_owned());
        self
    }

    /// The address that the mailer plugin knows (`hudson.tasks.Mailer.UserProperty`).
    pub fn email(mut self, address: &str) -> Self {
        self.email = Some(address.to_owned());
        self
    }

    /// Takes Item/Read away from an item, named in full, and from all that it contains.
    pub fn cannot_see(mut self, full_name: &str) -> Self {
        self.hidden.push(full_name.to_owned());
        self
    }

    /// Adds permissions.
    pub fn grant(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// Whether an item is hidden from the user.
    pub(crate) fn is_blind_to(&self, full_name: &str) -> bool {
        self.hidden.iter().any(|hidden| {
            full_name
                .strip_prefix(hidden)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    pub(crate) fn may(&self, permission: Permission) -> bool {
        allows(&self.permissions, permission)
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

/// Whether a set of permissions allows one: administering implies everything, and managing or reading the system
/// implies seeing it.
pub(crate) fn allows(granted: &[Permission], wanted: Permission) -> bool {
    granted.iter().any(|&have| {
        have == wanted
            || have == Permission::OverallAdminister
            || (wanted == Permission::OverallRead
                && matches!(
                    have,
                    Permission::OverallManage | Permission::OverallSystemRead
                ))
    })
}
