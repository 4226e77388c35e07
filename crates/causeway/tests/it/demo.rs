//! `causeway demo`.

use crate::support::Folder;

#[test]
fn the_demo_runs_to_its_end_and_leaves_nothing_behind() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("tmp")).unwrap();
    let demo = folder
        .command(&["demo"])
        .env("TMPDIR", folder.path("tmp"))
        .output()
        .unwrap();
    let text = String::from_utf8(demo.stdout).unwrap();
    assert!(
        demo.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&demo.stderr)
    );
    assert!(text.contains("licence key SP-"), "{text}");
    assert!(text.contains("10 checks hold"), "{text}");
    assert!(!text.contains('✗'), "{text}");
    assert!(
        std::fs::read_dir(folder.path("tmp"))
            .unwrap()
            .next()
            .is_none()
    );
}

#[test]
fn without_php_the_demo_says_what_to_install() {
    let folder = Folder::new();
    let demo = folder
        .command(&["demo"])
        .env("CAUSEWAY_PHP_FPM", "/nowhere/php-fpm")
        .output()
        .unwrap();
    let error = String::from_utf8(demo.stderr).unwrap();
    assert_eq!(demo.status.code(), Some(1));
    assert!(error.contains("apt-get install php-fpm"), "{error}");
}
