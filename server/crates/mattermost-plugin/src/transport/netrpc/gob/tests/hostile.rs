//! Input that no Go program would send.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::super::{Bare, Decoder, Encoder, GoError, Letters, Progress};
use super::{Sample, bytes_of, messages};
use crate::model::{CommandResponse, Config, Context, Post};

/// Feeds messages to every kind of decoding. Nothing may panic or loop.
fn swallow(bodies: &[Vec<u8>]) {
    let kinds: [fn(&mut Decoder) -> bool; 6] = [
        |decoder| decoder.decode::<Letters<(Context, Post)>>().is_ok(),
        |decoder| decoder.decode::<Sample>().is_ok(),
        |decoder| decoder.decode::<Bare<serde_json::Value>>().is_ok(),
        |decoder| decoder.decode::<Letters<(Config, GoError)>>().is_ok(),
        |decoder| decoder.decode::<CommandResponse>().is_ok(),
        |decoder| decoder.discard().is_ok(),
    ];
    for decode in kinds {
        let mut decoder = Decoder::new();
        for body in bodies {
            if matches!(decoder.push_message(body), Ok(Progress::Ready)) {
                decode(&mut decoder);
            }
        }
    }
}

fn valid() -> Vec<Vec<u8>> {
    let sample = Sample {
        id: "x".into(),
        any: json!({"a": [1, "b", null, {"c": 2.5}]}),
        names: vec!["n".into()],
        ..Sample::default()
    };
    let mut encoder = Encoder::new();
    let mut stream = encoder
        .encode(&Sample {
            children: vec![sample.clone()],
            ..sample
        })
        .expect("encodable");
    let post = Post {
        message: "m".into(),
        props: [("k".to_owned(), json!([1, {"x": true}]))]
            .into_iter()
            .collect(),
        ..Post::default()
    };
    stream.extend(
        encoder
            .encode(&Letters((Context::default(), post)))
            .expect("encodable"),
    );
    stream.extend(
        encoder
            .encode(&Bare(GoError::text("e")))
            .expect("encodable"),
    );
    let config = Config::new(json!({"A": {"B": [], "C": 1}, "D": ["x"]}));
    stream.extend(
        encoder
            .encode(&Letters((config, GoError::None)))
            .expect("encodable"),
    );
    messages(&stream)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_messages(bodies in vec(vec(any::<u8>(), 0..120), 1..6)) {
        swallow(&bodies);
    }

    /// Real messages with some bytes changed, removed or added: these get past the first checks.
    #[test]
    fn damaged_messages(changes in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8)) {
        let mut bodies = valid();
        for (message, position, byte, kind) in changes {
            let body = message.get(&bodies).clone();
            let at = position.index(body.len().max(1));
            let index = bodies.iter().position(|known| *known == body).unwrap_or_default();
            let body = &mut bodies[index];
            match kind {
                0 if at < body.len() => body[at] = byte,
                1 if at < body.len() => drop(body.remove(at)),
                _ => body.insert(at.min(body.len()), byte),
            }
        }
        swallow(&bodies);
    }

    #[test]
    fn cut_messages(cut in any::<prop::sample::Index>(), which in any::<prop::sample::Index>()) {
        let mut bodies = valid();
        let index = which.index(bodies.len());
        let length = cut.index(bodies[index].len());
        bodies[index].truncate(length);
        swallow(&bodies);
    }
}

/// A count of 2^62 elements allocates nothing that the input does not hold.
#[test]
fn huge_counts_are_refused() {
    let stream = bytes_of(&Bare(vec![1_i64]));
    let mut bodies = messages(&stream);
    let value = bodies.last_mut().expect("a value");
    // The id, the zero delta, then the count.
    value.truncate(value.len() - 2);
    value.extend([0xf8, 0x40, 0, 0, 0, 0, 0, 0, 0, 2]);
    let mut decoder = Decoder::new();
    let results: Vec<_> = bodies
        .iter()
        .map(|body| decoder.push_message(body))
        .collect();
    let error = results.into_iter().find_map(Result::err).expect("refused");
    assert!(error.to_string().contains("exceeds input"), "{error}");
}
