use simulators::jenkins::Fault;

use super::*;
use crate::http_client::{HttpFailure, Phase};
use crate::jenkins::error::ErrorKind;

async fn under(fault: Fault) -> JenkinsError {
    let jenkins = start(world()).await;
    jenkins.inject(fault);
    job(&alice(&jenkins), "hello").await.unwrap_err()
}

#[tokio::test]
async fn answers_that_are_none_are_told() {
    assert_eq!(
        under(Fault::garbage_json()).await,
        JenkinsError::NotJenkins {
            status: StatusCode::OK,
            hint: crate::jenkins::error::NotJenkinsHint::Other,
        }
    );
    assert!(matches!(
        under(Fault::login_page()).await,
        JenkinsError::NotJenkins { .. }
    ));
    assert!(matches!(
        under(Fault::respond(200, "application/json", "[1]")).await,
        JenkinsError::NotJenkins { .. }
    ));
    assert!(matches!(
        under(Fault::respond(200, "application/json", "{}")).await,
        JenkinsError::Malformed { .. }
    ));
    assert!(matches!(
        under(Fault::cut_body(10)).await,
        JenkinsError::Http(HttpFailure::Cut { .. })
    ));
    assert!(matches!(
        under(Fault::wrong_content_length(10)).await,
        JenkinsError::Http(HttpFailure::Cut { .. })
    ));
    assert!(matches!(
        under(Fault::wrong_content_length(-10)).await,
        JenkinsError::Malformed { .. }
    ));
    assert!(matches!(
        under(Fault::drop_request()).await,
        JenkinsError::Http(HttpFailure::Cut { .. })
    ));
}

#[tokio::test]
async fn what_passes_is_known_to_pass() {
    for fault in [
        Fault::status(502),
        Fault::status(503),
        Fault::status(504),
        Fault::status(500),
        Fault::drop_request(),
    ] {
        let error = under(fault).await;
        assert_eq!(error.kind(), ErrorKind::Passing, "{error:?}");
    }
    let error = under(Fault::too_many_requests(Duration::from_secs(3600))).await;
    assert_eq!(
        error,
        JenkinsError::Unavailable {
            status: StatusCode::TOO_MANY_REQUESTS
        }
    );
    assert_eq!(under(Fault::login_page()).await.kind(), ErrorKind::Lasting);
}

#[tokio::test]
async fn a_fault_that_passes_quickly_is_not_noticed() {
    let jenkins = start(world()).await;
    for fault in [Fault::status(503).times(2), Fault::drop_request().times(1)] {
        jenkins.inject(fault);
        job(&alice(&jenkins), "hello").await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_jenkins_is_given_up_in_time() {
    let jenkins = start(world()).await;
    let limit = Duration::from_millis(100);
    let http = HttpClient::new(&ClientSetup {
        request_timeout: limit,
        ..setup()
    })
    .unwrap();
    let client = JenkinsClient {
        http,
        ..alice(&jenkins)
    };
    for (fault, phase) in [
        (Fault::delay(Duration::from_secs(60)), Phase::Answer),
        (Fault::slow_body(1), Phase::Whole),
    ] {
        let id = jenkins.inject(fault);
        let error = job(&client, "hello").await.unwrap_err();
        jenkins.remove_fault(id);
        assert_eq!(
            error,
            JenkinsError::Http(HttpFailure::Timeout {
                phase,
                after: limit
            })
        );
    }
}
