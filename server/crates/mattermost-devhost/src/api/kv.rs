//! The key-value store.

use bytes::Bytes;
use mattermost_plugin::Error;
use mattermost_plugin::model::KvSetOptions;

use super::PluginApi;

impl PluginApi {
    pub(super) async fn kv_set(&self, key: String, value: Bytes) -> Result<(), Error> {
        self.kv_set_with_options(key, value, KvSetOptions::default())
            .await
            .map(|_| ())
    }

    pub(super) async fn kv_set_with_expiry(
        &self,
        key: String,
        value: Bytes,
        expire_in_seconds: i64,
    ) -> Result<(), Error> {
        let options = KvSetOptions {
            expire_in_seconds,
            ..KvSetOptions::default()
        };
        self.kv_set_with_options(key, value, options)
            .await
            .map(|_| ())
    }

    pub(super) async fn kv_set_with_options(
        &self,
        key: String,
        value: Bytes,
        options: KvSetOptions,
    ) -> Result<bool, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.kv(self.id()).set(&key, value, &options, now))?)
    }

    pub(super) async fn kv_compare_and_set(
        &self,
        key: String,
        old_value: Bytes,
        new_value: Bytes,
    ) -> Result<bool, Error> {
        let options = KvSetOptions {
            atomic: true,
            old_value,
            ..KvSetOptions::default()
        };
        self.kv_set_with_options(key, new_value, options).await
    }

    pub(super) async fn kv_compare_and_delete(
        &self,
        key: String,
        old_value: Bytes,
    ) -> Result<bool, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.kv(self.id()).compare_and_delete(&key, &old_value, now))?)
    }

    pub(super) async fn kv_get(&self, key: String) -> Result<Bytes, Error> {
        let now = self.server.now();
        Ok(self.server.read(|data| {
            data.kv
                .get(self.id())
                .map(|store| store.get(&key, now))
                .unwrap_or_default()
        }))
    }

    pub(super) async fn kv_delete(&self, key: String) -> Result<(), Error> {
        self.server.write(|data| data.kv(self.id()).delete(&key));
        Ok(())
    }

    pub(super) async fn kv_delete_all(&self) -> Result<(), Error> {
        self.server.write(|data| data.kv(self.id()).clear());
        Ok(())
    }

    pub(super) async fn kv_list(&self, page: i64, per_page: i64) -> Result<Vec<String>, Error> {
        let now = self.server.now();
        Ok(self.server.read(|data| {
            data.kv
                .get(self.id())
                .map(|store| store.list(page, per_page, now))
                .unwrap_or_default()
        }))
    }
}
