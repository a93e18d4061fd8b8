//! Asking for the values of a pipeline's question.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};
use serde::{Deserialize, Serialize};

use super::input::{Asked, fit};
use super::{Aside, Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::BuildKey;
use crate::jenkins::client::InputAnswer;
use crate::jenkins::dialog::input as dialog;
use crate::jenkins::dialog::parameters::Field;
use crate::jenkins::model::PendingInput;
use crate::jenkins::parameters::{Parameter, ParameterKind};
use crate::jenkins::policy::{Subject, Verb};
use crate::pending::Question;

/// How long somebody may think while the dialog is open.
const DIALOG_TIME: Duration = Duration::from_secs(60 * 60);

/// The answer when the dialog is not known any more.
const GONE: &str = "This was answered already, or the dialog was open for more than an hour. Use the button again.";

/// A question of a pipeline that is being filled in. Holds no secret: defaults of passwords are never
/// read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct InputForm {
    build: BuildKey,
    id: String,
    message: String,
    proceed: String,
    parameters: Vec<Parameter>,
}

impl JenkinsService {
    pub(super) async fn open_input_dialog(&self, caller: &Caller, asked: &Asked) -> Reply {
        caller.may_open_dialog()?;
        let Asked {
            client,
            build,
            input,
        } = asked;
        let about = InputForm {
            build: build.clone(),
            id: input.id.clone(),
            message: input.message.clone(),
            proceed: input.proceed_text.clone(),
            parameters: input.parameters.clone(),
        };
        let fields = fields(&about.parameters, self.has_menus());
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about,
        };
        let state = self.pending.put(&question, DIALOG_TIME).await?;
        let number = build.number.to_string();
        let page = client.address().page(build.job.build_segments(&number));
        let request = dialog::open(
            &caller.trigger_id,
            &state,
            &dialog::Question {
                job: &format!("{} #{number}", build.job),
                url: page.as_str(),
                message: &input.message,
                proceed: &input.proceed_text,
                fields: &fields,
            },
        );
        match self.api.dialogs().open(&request).await {
            Ok(()) => Ok(None),
            // The trigger has expired (`app/integration_action.go`, `OpenInteractiveDialog`).
            Err(error) if error.status_code() == Some(400) => Err(AccessError::Refused(
                "Jenkins took too long for a dialog. Try again, or give the values in the command, as in `/jenkins approve <job> NAME=value`; `--defaults` takes the defaults."
                    .to_owned(),
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the answer that was filled in. Sent twice, the question is answered once.
    pub async fn submit_input_dialog(
        self: &Arc<Self>,
        user_id: &str,
        request: &SubmitDialogRequest,
    ) -> SubmitDialogResponse {
        if request.cancelled {
            return SubmitDialogResponse::default();
        }
        let refused = |error: AccessError| SubmitDialogResponse {
            error: super::words(Err(error)).unwrap_or_default(),
            ..SubmitDialogResponse::default()
        };
        let question: Question<InputForm> = match self.pending.peek(&request.state, user_id).await {
            Ok(Some(question)) => question,
            Ok(None) => return refused(AccessError::Refused(GONE.to_owned())),
            Err(error) => return refused(error.into()),
        };
        let form = question.about;
        let fields = fields(&form.parameters, self.has_menus());
        let values = match dialog::filled_in(&fields, &request.submission) {
            Ok(values) => values,
            Err(errors) => {
                return SubmitDialogResponse {
                    errors,
                    ..SubmitDialogResponse::default()
                };
            }
        };
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: String::new(),
            verb: Verb::Approve,
            aside: Aside::default(),
        };
        let service = Arc::clone(self);
        let told = caller.clone();
        let work = async move {
            service.check_may_post(&caller).await?;
            let subject = Subject::Job(&form.build.job);
            service.permit(&caller, &form.build.server, subject).await?;
            let asked = Asked {
                client: service
                    .access
                    .client(&caller.user_id, &form.build.server)
                    .await?,
                build: form.build,
                input: PendingInput {
                    id: form.id,
                    message: form.message,
                    proceed_text: form.proceed,
                    parameters: form.parameters,
                },
            };
            let given = InputAnswer::Proceed(fit(&asked, &values)?);
            service.send_answer(&caller, &asked, &given).await
        };
        self.submitted(told, work).await
    }
}

/// A file cannot be given in a dialog: the pipeline goes on without.
fn fields(parameters: &[Parameter], menus: bool) -> Vec<Field> {
    let asked = parameters
        .iter()
        .filter(|parameter| parameter.kind != ParameterKind::File);
    let field = |parameter: &Parameter| Field::new(parameter.clone(), menus);
    asked.map(field).collect()
}
