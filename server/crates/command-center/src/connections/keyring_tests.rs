use super::*;
use proptest::prelude::*;

fn ring(key: &str) -> KeyRing {
    KeyRing::new(&SecretString::from(key)).unwrap()
}

fn open(ring: &KeyRing, user: &str, sealed: &SealedSecret) -> Result<(String, bool), OpenError> {
    let opened = ring.open(user, Purpose::JenkinsToken, sealed)?;
    Ok((
        opened.secret.expose_secret().to_owned(),
        opened.needs_reseal,
    ))
}

#[test]
fn keys_of_any_length_from_sixteen_work() {
    assert_eq!(
        KeyRing::new(&SecretString::from("fifteen-letters")).unwrap_err(),
        KeyTooShort
    );
    for length in [16, 17, 24, 32, 33, 1000] {
        let ring = ring(&"k".repeat(length));
        let sealed = ring
            .seal("u", Purpose::JenkinsToken, &SecretString::from("token"))
            .unwrap();
        assert_eq!(open(&ring, "u", &sealed), Ok(("token".to_owned(), false)));
    }
}

/// The stored form outlives every release. This text was sealed outside of this program, with the
/// HKDF and AES-GCM of OpenSSL.
#[test]
fn a_stored_secret_of_version_one_opens() {
    let sealed: SealedSecret = STORED_BY_VERSION_ONE.parse().unwrap();
    assert_eq!(
        open(&ring("0123456789abcdef"), "user-a", &sealed),
        Ok(("11secret-token".to_owned(), false))
    );
}

const STORED_BY_VERSION_ONE: &str =
    "Abs6C9O5MedVAAECAwQFBgcICQoLfix02KOpDlUR_Nc8d_jU5HAjZLTWhnkZTpjZc_SS";

#[test]
fn a_changed_key_opens_what_the_former_sealed() {
    let old = ring("old old old old old");
    let sealed = old
        .seal("u", Purpose::JenkinsToken, &SecretString::from("token"))
        .unwrap();
    let new = ring("new new new new new");
    assert_eq!(
        open(&new, "u", &sealed),
        Err(OpenError::UnknownKey(old.current_key_id()))
    );
    let both = new.succeeding(&old);
    assert_eq!(open(&both, "u", &sealed), Ok(("token".to_owned(), true)));
    assert!(
        OpenError::UnknownKey(old.current_key_id())
            .to_string()
            .ends_with("connect again")
    );
}

#[test]
fn retired_keys_survive_a_restart() {
    let first = ring("first first first 1");
    let second = ring("second second second").succeeding(&first);
    let sealed = first
        .seal("u", Purpose::JenkinsToken, &SecretString::from("token"))
        .unwrap();
    let retired = second.retire().unwrap();
    assert_eq!(retired.len(), 1);

    let mut restarted = ring("second second second");
    for key in &retired {
        restarted.recall(key).unwrap();
    }
    assert_eq!(
        open(&restarted, "u", &sealed),
        Ok(("token".to_owned(), true))
    );
    assert_eq!(
        restarted.former_key_ids().collect::<Vec<_>>(),
        [first.current_key_id()]
    );
    assert!(ring("third third third 3").recall(&retired[0]).is_err());
}

#[test]
fn going_back_to_a_former_key_makes_it_the_current_one() {
    let first = ring("first first first 1");
    let second = ring("second second second").succeeding(&first);
    let again = ring("first first first 1").succeeding(&second);
    assert_eq!(
        again.former_key_ids().collect::<Vec<_>>(),
        [second.current_key_id()]
    );
}

#[test]
fn nothing_shows_a_secret() {
    let ring = ring("a very secret passphrase").succeeding(&ring("another secret phrase"));
    let sealed = ring
        .seal("u", Purpose::JenkinsToken, &SecretString::from("hunter2"))
        .unwrap();
    let opened = ring.open("u", Purpose::JenkinsToken, &sealed).unwrap();
    let shown = format!("{ring:?} {sealed:?} {opened:?}");
    assert!(
        !shown.contains("secret p") && !shown.contains("hunter2"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn what_is_sealed_opens(key in "\\PC{16,40}", user in "\\PC{0,26}", token in "\\PC{0,60}") {
        let ring = ring(&key);
        let sealed = ring.seal(&user, Purpose::JenkinsToken, &SecretString::from(token.as_str())).unwrap();
        let stored: SealedSecret = sealed.to_string().parse().unwrap();
        prop_assert_eq!(&stored, &sealed);
        prop_assert_eq!(open(&ring, &user, &stored), Ok((token, false)));
    }

    #[test]
    fn another_user_purpose_or_key_does_not_open(user in "[a-z0-9]{0,26}", other in "[a-z0-9]{0,26}") {
        let ring = ring("0123456789abcdef");
        let sealed = ring.seal(&user, Purpose::JenkinsToken, &SecretString::from("t")).unwrap();
        prop_assert_eq!(open(&ring, &other, &sealed).is_ok(), user == other);
        prop_assert!(ring.open(&user, Purpose::RetiredKey, &sealed).is_err());
        prop_assert!(open(&self::ring("fedcba9876543210"), &user, &sealed).is_err());
    }

    #[test]
    fn any_changed_bit_is_noticed(position in 0_usize..57 * 8) {
        let ring = ring("0123456789abcdef");
        let sealed = ring.seal("u", Purpose::JenkinsToken, &SecretString::from("a token of 20 bytes.")).unwrap();
        let mut bytes = super::super::sealed::decode_base64(&sealed.to_string()).unwrap();
        prop_assert_eq!(bytes.len(), 57);
        bytes[position / 8] ^= 1 << (position % 8);
        let changed = super::super::sealed::encode_base64(&bytes).parse::<SealedSecret>();
        prop_assert!(changed.is_err() || open(&ring, "u", &changed.unwrap()).is_err());
    }

    #[test]
    fn garbage_is_refused(text in "\\PC{0,80}|[A-Za-z0-9_-]{0,120}") {
        if let Ok(sealed) = text.parse::<SealedSecret>() {
            prop_assert!(open(&ring("0123456789abcdef"), "u", &sealed).is_err());
        }
    }
}
