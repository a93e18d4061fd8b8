//! Builds to channels: one card for each channel, edited in place, and replies in its thread.

use std::collections::BTreeSet;
use std::sync::Arc;

use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};

use super::build_store::{BuildRecord, CardState};
use super::digest_store::{DigestStore, Line};
use super::kind::EventKind;
use super::plan::Telling;
use super::render::View;
use super::rule::Rule;
use crate::jenkins::JenkinsAddress;
use crate::jenkins::watch::delivery::{CARD_PROPERTY, Delivery, Edit};
use crate::jenkins::watch::store::WatchStore;
use crate::notifications::bot_posts::{Mark, is_refusal};
use crate::notifications::poster::{News, Poster};

/// A build that was started from chat has its card this long before Jenkins says that it began, at
/// most; in milliseconds.
const CARD_BEFORE_BUILD: i64 = 60 * 60 * 1000;

/// Shows builds.
#[derive(Debug, Clone)]
pub struct BuildDelivery {
    api: Api,
    poster: Poster,
    cards: Delivery,
    watches: WatchStore,
    digests: DigestStore,
}

/// What there is to do about one build.
#[derive(Debug)]
pub struct Todo<'a> {
    /// What each subscription is to be told.
    pub tellings: &'a [Telling],
    /// Where the build's Jenkins is, if that is configured.
    pub address: Option<&'a JenkinsAddress>,
    /// Whether it may have been done before, in part.
    pub look: bool,
    /// Now, in milliseconds since 1970.
    pub now: i64,
}

impl BuildDelivery {
    /// Posts are made by this bot.
    #[must_use]
    pub fn new(api: Api, poster: Poster) -> Self {
        Self {
            cards: Delivery::new(
                api.clone(),
                poster.bot_user_id().to_owned(),
                Arc::clone(poster.counters()),
            ),
            watches: WatchStore::new(api.clone()),
            digests: DigestStore::new(api.clone()),
            poster,
            api,
        }
    }

    /// Does it, and writes down in `record` what was done. Everything can be done again.
    ///
    /// # Errors
    /// When the server does not answer; look for posts at the next try.
    pub async fn deliver(&self, record: &mut BuildRecord, todo: &Todo<'_>) -> Result<(), Error> {
        for telling in todo.tellings {
            if let Some(due) = telling.held_until {
                self.collect(record, todo, telling, due).await?;
            }
        }
        let at_once = |telling: &&Telling| telling.held_until.is_none();
        let news = todo.tellings.iter().filter(at_once);
        let mut channels: BTreeSet<String> = record.cards.keys().cloned().collect();
        channels.extend(news.map(|telling| telling.rule.channel_id.clone()));
        for channel_id in channels {
            let news = todo.tellings.iter().filter(at_once);
            let here: Vec<&Telling> = news
                .filter(|telling| telling.rule.channel_id == channel_id)
                .collect();
            self.show(record, todo, &channel_id, !here.is_empty())
                .await?;
            for telling in here.iter().filter(|telling| telling.replies()) {
                self.reply(record, todo, telling).await?;
            }
        }
        for telling in todo.tellings {
            let told = record.told.entry(telling.rule.id.clone()).or_default();
            *told = told.union(telling.kinds);
        }
        Ok(())
    }

    async fn collect(
        &self,
        record: &BuildRecord,
        todo: &Todo<'_>,
        telling: &Telling,
        due: i64,
    ) -> Result<(), Error> {
        let kind = telling.kinds.most_telling().unwrap_or(EventKind::Start);
        let line = Line {
            id: format!("{}/{}", record.digest(), telling.kinds),
            text: view(record, todo).sentence(kind),
        };
        self.digests
            .add(&telling.rule.id, &line, todo.now, due)
            .await
    }

    /// Makes the card, or edits it when it shows something else.
    async fn show(
        &self,
        record: &mut BuildRecord,
        todo: &Todo<'_>,
        channel_id: &str,
        has_news: bool,
    ) -> Result<(), Error> {
        let face = record.face(todo.now);
        let next = match record.cards.get(channel_id).cloned() {
            None if has_news => self.make(record, todo, channel_id).await?,
            Some(CardState::Ours { post_id, shows }) if shows != face => {
                let attachment = view(record, todo).card();
                match self.cards.edit(&post_id, &attachment).await? {
                    Edit::Done | Edit::Refused => CardState::Ours {
                        post_id,
                        shows: face,
                    },
                    Edit::CardDeleted => CardState::Gone,
                }
            }
            _ => return Ok(()),
        };
        record.cards.insert(channel_id.to_owned(), next);
        Ok(())
    }

    async fn make(
        &self,
        record: &BuildRecord,
        todo: &Todo<'_>,
        channel_id: &str,
    ) -> Result<CardState, Error> {
        if let Some(card) = self.card_of_watch(record, channel_id).await? {
            return Ok(card);
        }
        let news = News {
            event_id: format!("card/{}/{channel_id}", record.digest()),
            channel_id: channel_id.to_owned(),
            root_id: String::new(),
            look_since: todo.look.then_some(record.first_at),
        };
        let post = Post::default().with_attachments(&[view(record, todo).card()]);
        match self.poster.once(&news, post).await {
            // What was found may show an earlier state.
            Ok(post_id) if todo.look => Ok(CardState::Ours {
                post_id: self.refreshed(post_id, record, todo).await?,
                shows: record.face(todo.now),
            }),
            Ok(post_id) => Ok(CardState::Ours {
                post_id,
                shows: record.face(todo.now),
            }),
            Err(error) if is_refusal(&error) => {
                tracing::warn!(channel_id, %error, "a channel does not take the card of a build");
                Ok(CardState::Gone)
            }
            Err(error) => Err(error),
        }
    }

    async fn refreshed(
        &self,
        post_id: String,
        record: &BuildRecord,
        todo: &Todo<'_>,
    ) -> Result<String, Error> {
        self.cards
            .edit(&post_id, &view(record, todo).card())
            .await?;
        Ok(post_id)
    }

    /// The card that a build has in the channel that it was started from.
    async fn card_of_watch(
        &self,
        record: &BuildRecord,
        channel_id: &str,
    ) -> Result<Option<CardState>, Error> {
        let Some(queue_id) = record.report.queue_id else {
            return Ok(None);
        };
        let Some(watch_id) = self.watches.claimed_by(&record.server, queue_id).await? else {
            return Ok(None);
        };
        if let Some(watch) = self.watches.get(&watch_id).await? {
            let watch = watch.record;
            let is_here = watch.place.channel_id == channel_id;
            return Ok(is_here.then(|| CardState::OfWatch {
                post_id: watch.stage.post_id().map(str::to_owned),
            }));
        }
        // The watch is over and its record gone: only the card itself tells where it was.
        let since = record.report.started_at.unwrap_or(record.first_at) - CARD_BEFORE_BUILD;
        let mark = Mark {
            property: CARD_PROPERTY,
            id: &watch_id,
        };
        let card = self.poster.posts().find(channel_id, mark, since).await?;
        Ok(card.map(|post| CardState::OfWatch {
            post_id: Some(post.id),
        }))
    }

    async fn reply(
        &self,
        record: &BuildRecord,
        todo: &Todo<'_>,
        telling: &Telling,
    ) -> Result<(), Error> {
        let channel_id = &telling.rule.channel_id;
        let news = News {
            event_id: format!(
                "reply/{}/{}/{}",
                record.digest(),
                telling.rule.id,
                telling.kinds
            ),
            channel_id: channel_id.clone(),
            root_id: self.root(record.cards.get(channel_id)).await?,
            look_since: todo.look.then_some(record.first_at),
        };
        let message = view(record, todo).reply(telling);
        self.post(&news, message).await
    }

    async fn root(&self, card: Option<&CardState>) -> Result<String, Error> {
        let post_id = match card {
            Some(CardState::Ours { post_id, .. }) => return Ok(post_id.clone()),
            Some(CardState::OfWatch {
                post_id: Some(post_id),
            }) => post_id,
            _ => return Ok(String::new()),
        };
        let post = self.api.posts().get_optional(post_id).await?;
        Ok(post
            .map(|post| {
                if post.root_id.is_empty() {
                    post.id
                } else {
                    post.root_id
                }
            })
            .unwrap_or_default())
    }

    /// Tells a subscription of something that is no build, once. `look_since` is when it may have been
    /// told first, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn notice(
        &self,
        rule: &Rule,
        event_id: &str,
        words: &str,
        (now, look_since): (i64, i64),
    ) -> Result<(), Error> {
        let id = format!("{event_id}/{}", rule.id);
        if let Some(due) = rule.timing.hold_until(now) {
            let line = Line {
                id,
                text: words.to_owned(),
            };
            return self.digests.add(&rule.id, &line, now, due).await;
        }
        let news = News {
            event_id: id,
            channel_id: rule.channel_id.clone(),
            root_id: String::new(),
            look_since: Some(look_since),
        };
        let message = match &rule.mention {
            Some(mention) => format!("{} {words}", mention.word()),
            None => words.to_owned(),
        };
        self.post(&news, message).await
    }

    /// Posts; a channel that takes no posts is no reason to try again.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn post(&self, news: &News, message: String) -> Result<(), Error> {
        let post = Post {
            message,
            ..Post::default()
        };
        match self.poster.once(news, post).await {
            Err(error) if is_refusal(&error) => {
                let channel_id = &news.channel_id;
                tracing::warn!(channel_id, %error, "a channel does not take news of Jenkins");
                Ok(())
            }
            answer => answer.map(drop),
        }
    }
}

fn view<'a>(record: &'a BuildRecord, todo: &'a Todo<'_>) -> View<'a> {
    View {
        record,
        address: todo.address,
        now: todo.now,
    }
}
