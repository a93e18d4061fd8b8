//! Which messages carry which method: one row each.
//!
//! `Method(Request { fields } -> Response { field });` — the fields of the request in the order of the
//! method's arguments, and the field of the answer besides `error`, when there is one. A row may end
//! in `or FALLBACK`, which is tried when the server does not know the method, or in `by FALLBACK`,
//! which takes its place. What no server answers is `absent` and has only that.
//!
//! A method of the table in `host.rs` without a row here does not compile.

use futures_util::future::BoxFuture;

use super::signature::of::*;
use super::{ApiClient, Row, Signature, fallback};
use crate::error::Error;
use crate::transport::grpc::convert::Wire;
use crate::transport::grpc::messages::api::{self, AppError};

macro_rules! rows {
    ($($way:ident { $($name:ident($($request:tt)*) $($rest:ident $fallback:ident)?;)* })*) => {
        $($(row! { $name($($request)*) $($rest $fallback)? })*)*

        /// Answers the method `name` from `host`, if there is one of that name.
        #[cfg(any(test, feature = "host"))]
        pub(crate) fn dispatch(name: &str, host: &std::sync::Arc<dyn crate::host::Host>) -> Option<crate::transport::grpc::rpc::Method> {
            use crate::transport::grpc::host::answer;
            Some(match name {
                $($(stringify!($name) => answer::<$name>(host.clone(), super::Way::$way),)*)*
                _ => return None,
            })
        }
    };
}

macro_rules! row {
    ($name:ident($request:ident { $($field:ident),* } -> $response:ident $({ $output:ident })?) $($rest:ident $fallback:ident)?) => {
        impl Row for $name {
            type Request = api::$request;
            type Response = api::$response;

            fn request(($($field,)*): <$name as Signature>::Arguments) -> api::$request {
                api::$request { $($field: $field.to_wire()),* }
            }

            #[cfg(any(test, feature = "host"))]
            #[allow(clippy::unused_unit, reason = "some methods have no arguments")]
            fn arguments(request: api::$request) -> <$name as Signature>::Arguments {
                let api::$request { $($field),* } = request;
                ($(Wire::from_wire($field),)*)
            }

            row!(answer $name $response $($output)?);
            $(row!($rest $fallback);)?
        }
    };
    // The arguments are one message by themselves.
    ($name:ident($request:ident -> $response:ident { $output:ident })) => {
        impl Row for $name {
            type Request = api::$request;
            type Response = api::$response;

            fn request((argument,): <$name as Signature>::Arguments) -> api::$request {
                argument.to_wire()
            }

            #[cfg(any(test, feature = "host"))]
            fn arguments(request: api::$request) -> <$name as Signature>::Arguments {
                (Wire::from_wire(request),)
            }

            row!(answer $name $response $output);
        }
    };
    (answer $name:ident $response:ident) => {
        fn output(response: api::$response) -> Result<Option<()>, Box<AppError>> {
            response.error.map_or(Ok(Some(())), Err)
        }

        #[cfg(any(test, feature = "host"))]
        fn response(output: Result<(), Box<AppError>>) -> api::$response {
            api::$response { error: output.err() }
        }
    };
    (answer $name:ident $response:ident $output:ident) => {
        fn output(response: api::$response) -> Result<Option<<$name as Signature>::Output>, Box<AppError>> {
            match response.error {
                None => Ok(Wire::present(response.$output)),
                Some(error) => Err(error),
            }
        }

        #[cfg(any(test, feature = "host"))]
        fn response(output: Result<<$name as Signature>::Output, Box<AppError>>) -> api::$response {
            match output {
                Ok(output) => api::$response { error: None, $output: output.to_wire() },
                Err(error) => api::$response { error: Some(error), ..Default::default() },
            }
        }
    };
    (or $fallback:ident) => {
        fn call(client: &ApiClient, arguments: Self::Arguments) -> BoxFuture<'_, Result<Self::Output, Error>> {
            Box::pin(async move {
                match client.unary::<Self>(arguments).await {
                    Err(Error::Unsupported { .. }) => fallback::$fallback(client).await,
                    outcome => outcome,
                }
            })
        }
    };
    (by $fallback:ident) => {
        fn call(client: &ApiClient, arguments: Self::Arguments) -> BoxFuture<'_, Result<Self::Output, Error>> {
            Box::pin(fallback::$fallback(client, arguments))
        }
    };
}

macro_rules! absent {
    ($($name:ident by $fallback:ident;)*) => {
        $(
            impl Row for $name {
                type Request = ();
                type Response = ();

                fn request(_: <$name as Signature>::Arguments) {}

                fn output((): ()) -> Result<Option<<$name as Signature>::Output>, Box<AppError>> {
                    Ok(None)
                }

                row!(by $fallback);

                #[cfg(any(test, feature = "host"))]
                fn arguments((): ()) -> <$name as Signature>::Arguments {
                    Default::default()
                }

                #[cfg(any(test, feature = "host"))]
                fn response(_: Result<<$name as Signature>::Output, Box<AppError>>) {}
            }
        )*
    };
}

rows! {
    // Errors come as the status of the call.
    Status {
        // commands
        RegisterCommand(RegisterCommandRequest { command } -> RegisterCommandResponse);
        UnregisterCommand(UnregisterCommandRequest { team_id, trigger } -> UnregisterCommandResponse);
        ExecuteSlashCommand(ExecuteSlashCommandRequest { command_args } -> ExecuteSlashCommandResponse { response });

        // configuration
        GetPluginConfig(GetPluginConfigRequest {} -> GetPluginConfigResponse { config });
        SavePluginConfig(SavePluginConfigRequest { config } -> SavePluginConfigResponse);

        // server
        GetBundlePath(GetBundlePathRequest {} -> GetBundlePathResponse { path });
        GetLicense(GetLicenseRequest {} -> GetLicenseResponse { license_json });
        IsEnterpriseReady(IsEnterpriseReadyRequest {} -> IsEnterpriseReadyResponse { is_enterprise_ready });
        GetServerVersion(GetServerVersionRequest {} -> GetServerVersionResponse { version });
        GetSystemInstallDate(GetSystemInstallDateRequest {} -> GetSystemInstallDateResponse { install_date });
        GetDiagnosticId(GetDiagnosticIdRequest {} -> GetDiagnosticIdResponse { diagnostic_id });
        GetTelemetryId(GetTelemetryIdRequest {} -> GetTelemetryIdResponse { telemetry_id });
        GetPluginID(GetPluginIdRequest {} -> GetPluginIdResponse { plugin_id }) or plugin_id;
        GetPlugins(GetPluginsRequest {} -> GetPluginsResponse { manifests });
        EnablePlugin(EnablePluginRequest { id } -> EnablePluginResponse);
        DisablePlugin(DisablePluginRequest { id } -> DisablePluginResponse);
        RemovePlugin(RemovePluginRequest { id } -> RemovePluginResponse);
        GetPluginStatus(GetPluginStatusRequest { id } -> GetPluginStatusResponse { status });

        // users
        CreateUser(CreateUserRequest { user } -> CreateUserResponse { user });
        DeleteUser(DeleteUserRequest { user_id } -> DeleteUserResponse);
        GetUsers(GetUsersRequest -> GetUsersResponse { users });
        GetUsersByIds(GetUsersByIdsRequest { user_ids } -> GetUsersByIdsResponse { users });
        GetUser(GetUserRequest { user_id } -> GetUserResponse { user });
        GetUserByEmail(GetUserByEmailRequest { email } -> GetUserByEmailResponse { user });
        GetUserByUsername(GetUserByUsernameRequest { name } -> GetUserByUsernameResponse { user });
        GetUsersByUsernames(GetUsersByUsernamesRequest { usernames } -> GetUsersByUsernamesResponse { users });
        GetUsersInTeam(GetUsersInTeamRequest { team_id, page, per_page } -> GetUsersInTeamResponse { users });
        GetUsersInChannel(GetUsersInChannelRequest { channel_id, sort_by, page, per_page } -> GetUsersInChannelResponse { users });
        UpdateUser(UpdateUserRequest { user } -> UpdateUserResponse { user });
        UpdateUserActive(UpdateUserActiveRequest { user_id, active } -> UpdateUserActiveResponse);
        UpdateUserRoles(UpdateUserRolesRequest { user_id, new_roles } -> UpdateUserRolesResponse { user });
        GetUserStatus(GetUserStatusRequest { user_id } -> GetUserStatusResponse { status });
        GetUserStatusesByIds(GetUserStatusesByIdsRequest { user_ids } -> GetUserStatusesByIdsResponse { statuses });
        UpdateUserStatus(UpdateUserStatusRequest { user_id, status } -> UpdateUserStatusResponse { status });
        GetProfileImage(GetProfileImageRequest { user_id } -> GetProfileImageResponse { image });
        SetProfileImage(SetProfileImageRequest { user_id, data } -> SetProfileImageResponse);

        // preferences
        GetPreferenceForUser(GetPreferenceForUserRequest { user_id, category, name } -> GetPreferenceForUserResponse { preference });
        GetPreferencesForUser(GetPreferencesForUserRequest { user_id } -> GetPreferencesForUserResponse { preferences });
        UpdatePreferencesForUser(UpdatePreferencesForUserRequest { user_id, preferences } -> UpdatePreferencesForUserResponse);
        DeletePreferencesForUser(DeletePreferencesForUserRequest { user_id, preferences } -> DeletePreferencesForUserResponse);

        // sessions
        GetSession(GetSessionRequest { session_id } -> GetSessionResponse { session });
        CreateSession(CreateSessionRequest { session } -> CreateSessionResponse { session });
        ExtendSessionExpiry(ExtendSessionExpiryRequest { session_id, new_expiry } -> ExtendSessionExpiryResponse);
        RevokeSession(RevokeSessionRequest { session_id } -> RevokeSessionResponse);

        // permissions
        HasPermissionTo(HasPermissionToRequest { user_id, permission_id } -> HasPermissionToResponse { has_permission });
        HasPermissionToTeam(HasPermissionToTeamRequest { user_id, team_id, permission_id } -> HasPermissionToTeamResponse { has_permission });
        HasPermissionToChannel(HasPermissionToChannelRequest { user_id, channel_id, permission_id } -> HasPermissionToChannelResponse { has_permission });
        RolesGrantPermission(RolesGrantPermissionRequest { role_names, permission_id } -> RolesGrantPermissionResponse { has_permission });

        // bots
        EnsureBotUser(EnsureBotUserRequest { bot } -> EnsureBotUserResponse { bot_user_id });
        CreateBot(CreateBotRequest { bot } -> CreateBotResponse { bot });
        PatchBot(PatchBotRequest { bot_user_id, bot_patch } -> PatchBotResponse { bot });
        GetBot(GetBotRequest { bot_user_id, include_deleted } -> GetBotResponse { bot });
        GetBots(GetBotsRequest { options } -> GetBotsResponse { bots });
        UpdateBotActive(UpdateBotActiveRequest { bot_user_id, active } -> UpdateBotActiveResponse { bot });
        PermanentDeleteBot(PermanentDeleteBotRequest { bot_user_id } -> PermanentDeleteBotResponse);

        // teams
        CreateTeam(CreateTeamRequest { team } -> CreateTeamResponse { team });
        DeleteTeam(DeleteTeamRequest { team_id } -> DeleteTeamResponse);
        GetTeams(GetTeamsRequest {} -> GetTeamsResponse { teams });
        GetTeam(GetTeamRequest { team_id } -> GetTeamResponse { team });
        GetTeamByName(GetTeamByNameRequest { name } -> GetTeamByNameResponse { team });
        UpdateTeam(UpdateTeamRequest { team } -> UpdateTeamResponse { team });
        SearchTeams(SearchTeamsRequest { term } -> SearchTeamsResponse { teams });
        GetTeamsForUser(GetTeamsForUserRequest { user_id } -> GetTeamsForUserResponse { teams });
        GetTeamStats(GetTeamStatsRequest { team_id } -> GetTeamStatsResponse { team_stats });
        CreateTeamMember(CreateTeamMemberRequest { team_id, user_id } -> CreateTeamMemberResponse { team_member });
        DeleteTeamMember(DeleteTeamMemberRequest { team_id, user_id, requestor_id } -> DeleteTeamMemberResponse);
        GetTeamMembers(GetTeamMembersRequest { team_id, page, per_page } -> GetTeamMembersResponse { team_members });
        GetTeamMember(GetTeamMemberRequest { team_id, user_id } -> GetTeamMemberResponse { team_member });
        GetTeamMembersForUser(GetTeamMembersForUserRequest { user_id, page, per_page } -> GetTeamMembersForUserResponse { team_members });
        UpdateTeamMemberRoles(UpdateTeamMemberRolesRequest { team_id, user_id, new_roles } -> UpdateTeamMemberRolesResponse { team_member });

        // channels
        CreateChannel(CreateChannelRequest { channel } -> CreateChannelResponse { channel });
        DeleteChannel(DeleteChannelRequest { channel_id } -> DeleteChannelResponse);
        GetPublicChannelsForTeam(GetPublicChannelsForTeamRequest { team_id, page, per_page } -> GetPublicChannelsForTeamResponse { channels });
        GetChannel(GetChannelRequest { channel_id } -> GetChannelResponse { channel });
        GetChannelByName(GetChannelByNameRequest { team_id, name, include_deleted } -> GetChannelByNameResponse { channel });
        GetChannelByNameForTeamName(GetChannelByNameForTeamNameRequest { team_name, channel_name, include_deleted } -> GetChannelByNameForTeamNameResponse { channel });
        GetChannelsForTeamForUser(GetChannelsForTeamForUserRequest { team_id, user_id, include_deleted } -> GetChannelsForTeamForUserResponse { channels });
        GetChannelStats(GetChannelStatsRequest { channel_id } -> GetChannelStatsResponse { channel_stats });
        GetDirectChannel(GetDirectChannelRequest { user_id_1, user_id_2 } -> GetDirectChannelResponse { channel });
        GetGroupChannel(GetGroupChannelRequest { user_ids } -> GetGroupChannelResponse { channel });
        UpdateChannel(UpdateChannelRequest { channel } -> UpdateChannelResponse { channel });
        SearchChannels(SearchChannelsRequest { team_id, term } -> SearchChannelsResponse { channels });
        AddChannelMember(AddChannelMemberRequest { channel_id, user_id } -> AddChannelMemberResponse { channel_member });
        AddUserToChannel(AddUserToChannelRequest { channel_id, user_id, as_user_id } -> AddUserToChannelResponse { channel_member });
        GetChannelMember(GetChannelMemberRequest { channel_id, user_id } -> GetChannelMemberResponse { channel_member });
        GetChannelMembers(GetChannelMembersRequest { channel_id, page, per_page } -> GetChannelMembersResponse { channel_members });
        GetChannelMembersByIds(GetChannelMembersByIdsRequest { channel_id, user_ids } -> GetChannelMembersByIdsResponse { channel_members });
        GetChannelMembersForUser(GetChannelMembersForUserRequest { team_id, user_id, page, per_page } -> GetChannelMembersForUserResponse { channel_members });
        UpdateChannelMemberRoles(UpdateChannelMemberRolesRequest { channel_id, user_id, new_roles } -> UpdateChannelMemberRolesResponse { channel_member });
        UpdateChannelMemberNotifications(UpdateChannelMemberNotificationsRequest { channel_id, user_id, notifications } -> UpdateChannelMemberNotificationsResponse { channel_member });
        DeleteChannelMember(DeleteChannelMemberRequest { channel_id, user_id } -> DeleteChannelMemberResponse);

        // dialogs, emoji, uploads
        PublishUserTyping(PublishUserTypingRequest { user_id, channel_id, parent_id } -> PublishUserTypingResponse);
        OpenInteractiveDialog(OpenInteractiveDialogRequest { dialog } -> OpenInteractiveDialogResponse);
        GetEmojiList(GetEmojiListRequest { sort_by, page, per_page } -> GetEmojiListResponse { emojis });
        GetEmojiByName(GetEmojiByNameRequest { name } -> GetEmojiByNameResponse { emoji });
        CreateUploadSession(CreateUploadSessionRequest { upload_session } -> CreateUploadSessionResponse { upload_session });
        GetUploadSession(GetUploadSessionRequest { upload_id } -> GetUploadSessionResponse { upload_session });

        // events
        PublishPluginClusterEvent(PublishPluginClusterEventRequest { event, opts } -> PublishPluginClusterEventResponse);
        SendPushNotification(SendPushNotificationRequest { notification, user_id } -> SendPushNotificationResponse);
        SendMail(SendMailRequest { to, subject, html_body } -> SendMailResponse);
    }

    // Errors come inside the answer.
    Field {
        // posts
        CreatePost(CreatePostRequest { post } -> CreatePostResponse { post });
        UpdatePost(UpdatePostRequest { post } -> UpdatePostResponse { post });
        DeletePost(DeletePostRequest { post_id } -> DeletePostResponse);
        GetPost(GetPostRequest { post_id } -> GetPostResponse { post });
        GetPostThread(GetPostThreadRequest { post_id } -> GetPostThreadResponse { post_list });
        GetPostsSince(GetPostsSinceRequest { channel_id, time } -> GetPostsSinceResponse { post_list });
        GetPostsAfter(GetPostsAfterRequest { channel_id, post_id, page, per_page } -> GetPostsAfterResponse { post_list });
        GetPostsBefore(GetPostsBeforeRequest { channel_id, post_id, page, per_page } -> GetPostsBeforeResponse { post_list });
        GetPostsForChannel(GetPostsForChannelRequest { channel_id, page, per_page } -> GetPostsForChannelResponse { post_list });
        SearchPostsInTeam(SearchPostsInTeamRequest { team_id, params_list } -> SearchPostsInTeamResponse { posts }) by search;
        SendEphemeralPost(SendEphemeralPostRequest { user_id, post } -> SendEphemeralPostResponse { post });
        UpdateEphemeralPost(UpdateEphemeralPostRequest { user_id, post } -> UpdateEphemeralPostResponse { post });
        DeleteEphemeralPost(DeleteEphemeralPostRequest { user_id, post_id } -> DeleteEphemeralPostResponse);
        AddReaction(AddReactionRequest { reaction } -> AddReactionResponse { reaction });
        RemoveReaction(RemoveReactionRequest { reaction } -> RemoveReactionResponse);
        GetReactions(GetReactionsRequest { post_id } -> GetReactionsResponse { reactions });

        // files
        UploadFile(UploadFileRequest { data, channel_id, filename } -> UploadFileResponse { file_info });
        CopyFileInfos(CopyFileInfosRequest { user_id, file_ids } -> CopyFileInfosResponse { file_ids });
        GetFileInfo(GetFileInfoRequest { file_id } -> GetFileInfoResponse { file_info });
        GetFile(GetFileRequest { file_id } -> GetFileResponse { data });
        GetFileLink(GetFileLinkRequest { file_id } -> GetFileLinkResponse { link });
        ReadFile(ReadFileRequest { path } -> ReadFileResponse { data });

        // key-value store
        KVSet(KvSetRequest { key, value } -> KvSetResponse);
        KVSetWithExpiry(KvSetWithExpiryRequest { key, value, expire_in_seconds } -> KvSetWithExpiryResponse);
        KVSetWithOptions(KvSetWithOptionsRequest { key, value, options } -> KvSetWithOptionsResponse { success });
        KVCompareAndSet(KvCompareAndSetRequest { key, old_value, new_value } -> KvCompareAndSetResponse { success });
        KVCompareAndDelete(KvCompareAndDeleteRequest { key, old_value } -> KvCompareAndDeleteResponse { success });
        KVGet(KvGetRequest { key } -> KvGetResponse { value });
        KVDelete(KvDeleteRequest { key } -> KvDeleteResponse);
        KVDeleteAll(KvDeleteAllRequest {} -> KvDeleteAllResponse);
        KVList(KvListRequest { page, per_page } -> KvListResponse { keys });

        // events
        PublishWebSocketEvent(PublishWebSocketEventRequest { event, payload, broadcast } -> PublishWebSocketEventResponse);
    }
}

absent! {
    LogAuditRec by audit;
}
