//! Posts, reactions, emoji.

use super::macros::message;

message! {
    Post = Post {
        id, create_at, update_at, edit_at, delete_at, is_pinned, user_id, channel_id, root_id,
        original_id, message, message_source, r#type, props, hashtags, file_ids, pending_post_id,
        has_reactions, remote_id, reply_count, last_reply_at, participants, is_following, metadata,
    }
    lost { filenames, unknown }
}

message! {
    PostMetadata = PostMetadata { embeds, files, images, reactions, priority, acknowledgements }
    lost { emojis, translations, expire_at, recipients }
}

message! {
    PostEmbed = PostEmbed { r#type, url }
    through { data => data, embed_data }
}

message! { PostImage = PostImage { width, height, format, frame_count } }

message! {
    PostPriority = PostPriority { priority, requested_ack, persistent_notifications }
    lost { post_id, channel_id }
}

message! {
    PostAcknowledgement = PostAcknowledgement { user_id, post_id, acknowledged_at }
    lost { channel_id, remote_id }
}

message! {
    PostList = PostList { order, posts, next_post_id, prev_post_id, has_next, first_inaccessible_post_time }
    lost { burn_on_read_posts }
}

message! {
    Reaction = Reaction {
        user_id, post_id, emoji_name, create_at, update_at, delete_at, remote_id, channel_id,
    }
}

message! { Emoji = Emoji { id, create_at, update_at, delete_at, creator_id, name } }

message! {
    SearchParams = SearchParams {
        terms, in_channels, excluded_channels, from_users, excluded_users, extensions,
        include_deleted_channels, time_zone_offset,
    }
    renamed { or_terms => is_or_search }
    lost {
        excluded_terms, is_hashtag, after_date, excluded_after_date, before_date,
        excluded_before_date, excluded_extensions, on_date, excluded_date, search_without_user_id,
        modifier,
    }
}

/// What a link preview shows. Only objects travel, in both directions.
mod embed_data {
    use serde_json::Value;

    use super::super::Wire;
    use crate::model::PostEmbedData;
    use crate::transport::grpc::messages::protobuf::Struct;

    pub(super) fn to_wire(data: PostEmbedData) -> Option<Struct> {
        match data {
            PostEmbedData::Other(Value::Object(fields)) => Some(fields.to_wire()),
            _ => None,
        }
    }

    pub(super) fn from_wire(wire: Option<Struct>) -> PostEmbedData {
        wire.map_or_else(PostEmbedData::default, |fields| {
            PostEmbedData::Other(Value::Object(Wire::from_wire(fields)))
        })
    }
}
