//! What fuzzing has found worth keeping, for the plain tests that play it again.

use std::path::Path;

/// Hands every file of a target's corpus to its check.
pub fn corpus(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        // The last name that is printed is the one that failed.
        println!("{}", path.display());
        check(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 4, "{} holds next to nothing", folder.display());
}
