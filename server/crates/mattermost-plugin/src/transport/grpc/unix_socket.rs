//! A unix socket of our own (go-plugin `server.go`, `serverListener_unix`).

use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::environment::Environment;

/// Where the numbers of groups are written down.
const GROUPS: &str = "/etc/group";

/// Listens; dropping it deletes the socket.
#[derive(Debug)]
pub(crate) struct UnixSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl UnixSocket {
    /// Makes a socket that this user may connect to, and a group if the host names one.
    ///
    /// # Errors
    /// When the directory cannot be written or the group does not exist.
    pub(crate) fn bind(environment: &Environment) -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = format!("plugin{:016x}", u64::from_ne_bytes(random));
        let path = environment.socket_directory.join(name);
        let socket = Self {
            listener: UnixListener::bind(&path)?,
            path,
        };
        let mode = match &environment.socket_group {
            None => 0o600,
            Some(group) => {
                chown(&socket.path, None, Some(group_number(group)?))?;
                0o660
            }
        };
        std::fs::set_permissions(&socket.path, PermissionsExt::from_mode(mode))?;
        Ok(socket)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for UnixSocket {
    fn drop(&mut self) {
        // The host deletes what is left (go-plugin `client.go`, `Kill`, with a socket directory).
        let _ = std::fs::remove_file(&self.path);
    }
}

fn group_number(group: &str) -> io::Result<u32> {
    if let Ok(number) = group.parse() {
        return Ok(number);
    }
    let groups = std::fs::read_to_string(GROUPS)?;
    number_of(group, &groups).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no group {group}"),
        )
    })
}

/// Finds a group in lines of `name:password:number:members`.
fn number_of(group: &str, groups: &str) -> Option<u32> {
    let mut lines = groups.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| (fields.next()? == group).then(|| fields.nth(1)?.parse().ok())?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};

    use super::{Environment, UnixSocket, number_of};

    #[test]
    fn a_group_is_found_by_its_name() {
        let groups = "root:x:0:\n# a comment\nmattermost:x:2000:anna,ben\n";
        assert_eq!(number_of("mattermost", groups), Some(2000));
        assert_eq!(number_of("anna", groups), None);
    }

    #[tokio::test]
    async fn the_socket_is_private_and_goes_with_its_listener() {
        let environment = Environment::read(|_| None).expect("an environment");
        let socket = UnixSocket::bind(&environment).expect("a socket");
        let path = socket.path().to_owned();
        let metadata = std::fs::metadata(&path).expect("the socket");
        assert!(metadata.file_type().is_socket());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_group_that_does_not_exist_is_an_error() {
        let variable = |name: &str| {
            (name == "PLUGIN_UNIX_SOCKET_GROUP").then(|| "nobody has this name".to_owned())
        };
        let environment = Environment::read(variable).expect("an environment");
        assert_eq!(
            UnixSocket::bind(&environment).expect_err("no group").kind(),
            std::io::ErrorKind::NotFound
        );
    }
}
