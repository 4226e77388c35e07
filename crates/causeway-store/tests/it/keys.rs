//! The key file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use causeway_store::{KeyFile, KeyFileError};

use crate::support::Folder;

#[test]
fn the_first_start_makes_a_key_that_only_its_owner_reads() {
    let folder = Folder::new();
    let made = KeyFile::open_or_create(&folder.key_file()).unwrap();
    let mode = fs::metadata(folder.key_file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(folder.key_file()).unwrap();
    assert!(text.starts_with("causeway-key-1:"));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "drafts are removed"
    );

    let opened = KeyFile::open_or_create(&folder.key_file()).unwrap();
    assert_eq!(
        made.keyed_hash("call", b"data"),
        opened.keyed_hash("call", b"data")
    );
}

#[test]
fn processes_that_start_together_have_one_key() {
    let folder = Folder::new();
    let path = folder.key_file();
    let open = || {
        KeyFile::open_or_create(&path)
            .unwrap()
            .keyed_hash("call", b"data")
    };
    let hashes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(hashes.iter().all(|hash| *hash == hashes[0]));
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = Folder::new();
    KeyFile::open_or_create(&folder.key_file()).unwrap();
    for mode in [0o644, 0o640, 0o660, 0o604] {
        fs::set_permissions(folder.key_file(), fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyFile::open_or_create(&folder.key_file()).unwrap_err();
        assert!(matches!(error, KeyFileError::TooOpen { .. }), "{error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[test]
fn a_line_that_is_not_a_key_is_named_and_not_shown() {
    let folder = Folder::new();
    KeyFile::open_or_create(&folder.key_file()).unwrap();
    let good = fs::read_to_string(folder.key_file()).unwrap();
    let cases = [
        (String::new(), 1),
        (format!("{good}{good}"), 2),
        (format!("{good}causeway-key-2:00000001:c2VjcmV0\n"), 2),
        (format!("{good}causeway-key-1:00000001:c2VjcmV0\n"), 2),
        (format!("{good}causeway-key-1:one:c2VjcmV0\n"), 2),
        ("c2VjcmV0\n".to_owned(), 1),
    ];
    for (text, expected) in cases {
        fs::write(folder.key_file(), &text).unwrap();
        let error = KeyFile::open_or_create(&folder.key_file()).unwrap_err();
        let told = error.to_string();
        assert!(
            matches!(error, KeyFileError::Malformed { line, .. } if line == expected),
            "{told}"
        );
        assert!(!told.contains("c2VjcmV0"), "{told}");
    }
}

#[test]
fn a_keyed_hash_tells_domains_and_keys_apart() {
    let folder = Folder::new();
    let keys = KeyFile::open_or_create(&folder.key_file()).unwrap();
    let other = KeyFile::open_or_create(&folder.path().join("other.key")).unwrap();
    let hash = keys.keyed_hash("call", b"data");
    assert_ne!(hash, keys.keyed_hash("call", b"date"));
    assert_ne!(hash, keys.keyed_hash("calld", b"ata"));
    assert_ne!(hash, other.keyed_hash("call", b"data"));
    assert!(!format!("{keys:?}").contains(fs::read_to_string(folder.key_file()).unwrap().trim()));
}

#[test]
fn changing_the_file_keeps_it_its_owners_and_leaves_no_draft() {
    let folder = Folder::new();
    KeyFile::open_or_create(&folder.key_file()).unwrap();
    KeyFile::add_next(&folder.key_file()).unwrap();
    KeyFile::use_next(&folder.key_file()).unwrap();
    assert!(matches!(
        KeyFile::use_next(&folder.key_file()),
        Err(KeyFileError::NoneWaits { .. })
    ));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["journal.key", "journal.key.lock"]);
}

#[test]
fn the_lines_have_to_stand_in_their_order() {
    let folder = Folder::new();
    KeyFile::open_or_create(&folder.key_file()).unwrap();
    let key = fs::read_to_string(folder.key_file()).unwrap();
    let line = |word: &str, name: &str| format!("{word}:{name}:{}=\n", "A".repeat(43));
    let (next, hash) = (
        line("causeway-next-1", "00000001"),
        line("causeway-hash-1", "00000002"),
    );
    for (text, wrong) in [
        (format!("{key}{next}"), 2),
        (format!("{hash}{key}"), 2),
        (format!("{next}{hash}"), 2),
        (next.clone(), 1),
    ] {
        fs::write(folder.key_file(), &text).unwrap();
        let error = KeyFile::open(&folder.key_file()).unwrap_err();
        let told = error.to_string();
        assert!(
            matches!(error, KeyFileError::Malformed { line, .. } if line == wrong),
            "{told}"
        );
    }
    fs::write(folder.key_file(), format!("{next}{key}{hash}")).unwrap();
    KeyFile::open(&folder.key_file()).unwrap();
}
