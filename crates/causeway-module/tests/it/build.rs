//! What a build makes, and what it refuses.

use std::io::{Cursor, Read};

use causeway_module::{Module, ModuleSettings};

use crate::support::{SHIELDPRESS, SMALL, build, definition, settings, text};

#[test]
fn the_shieldpress_module_has_these_files_and_this_main_file() {
    let module = build(SHIELDPRESS);
    let paths: Vec<&str> = module.files().map(|(path, _)| path).collect();
    insta::assert_snapshot!("files", paths.join("\n"));
    insta::assert_snapshot!("main_file", text(&module, "shieldpress.php"));
    insta::assert_snapshot!("settings", text(&module, "lib/Settings.php"));
    insta::assert_snapshot!("install", module.install());
}

#[test]
fn two_builds_are_alike_to_the_byte() {
    let (first, second) = (build(SHIELDPRESS), build(SHIELDPRESS));
    assert_eq!(first.archive().unwrap(), second.archive().unwrap());
    assert!(first.files().eq(second.files()));
}

#[test]
fn the_archive_unpacks_into_the_folder_of_whmcs() {
    let module = build(SHIELDPRESS);
    let dir = tempfile::tempdir().unwrap();
    let path = module.write_to(dir.path()).unwrap();
    assert_eq!(path, dir.path().join("shieldpress.zip"));
    let mut archive = zip::ZipArchive::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names.len(), module.files().count() + 1);
    for name in names {
        let mut packed = Vec::new();
        archive
            .by_name(&name)
            .unwrap()
            .read_to_end(&mut packed)
            .unwrap();
        assert_eq!(
            packed,
            std::fs::read(dir.path().join(&name)).unwrap(),
            "{name}"
        );
        assert!(
            name == "INSTALL.md" || name.starts_with("modules/servers/shieldpress/"),
            "{name}"
        );
    }
}

#[test]
fn what_the_definition_does_not_offer_is_absent() {
    let main = text(&build(SMALL), "small.php");
    assert!(main.contains("function small_CreateAccount("));
    for absent in [
        "SuspendAccount",
        "Terminate",
        "Renew",
        "ChangePa",
        "SingleSignOn",
        "refresh",
        "AdminCustomButtonArray",
    ] {
        assert!(!main.contains(absent), "{absent}");
    }
    assert!(!build(SMALL).install().contains("Refresh from vendor"));
}

#[test]
fn a_licence_key_never_takes_the_place_of_the_domain() {
    // WHMCS keeps a property named "License Key" in one of its own columns, and does not say in which.
    let settings = text(&build(SHIELDPRESS), "lib/Settings.php");
    assert!(settings.contains("'license_key' => 'ShieldPress Security License Key'"));
    assert!(!settings.contains("'License Key'"));
}

#[test]
fn whmcs_json_tells_the_apps_page_about_the_module() {
    let about: serde_json::Value =
        serde_json::from_str(&text(&build(SHIELDPRESS), "whmcs.json")).unwrap();
    assert_eq!(about["type"], "whmcs-servers");
    assert_eq!(about["description"]["name"], "ShieldPress Security");
    assert_eq!(
        about["support"]["support_url"],
        "https://shieldpress.example/support"
    );
}

#[test]
fn a_token_never_travels_unencrypted_beyond_the_machine() {
    let refused = [
        ("http://gateway.example", "use https"),
        ("http://10.0.0.1", "use https"),
        ("ftp://gateway.example", "https://"),
        ("https://gateway.example/?a=1", "before `?`"),
        (
            "https://me:hunter2@gateway.example",
            "user name or password",
        ),
    ];
    for (address, reason) in refused {
        let error = Module::build(&definition(SMALL), settings(address))
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{address}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    for address in [
        "https://gateway.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080/",
        "http://localhost",
    ] {
        Module::build(&definition(SMALL), settings(address)).unwrap();
    }
}

#[test]
fn a_logo_is_a_png_that_whmcs_can_show() {
    let with_logo = |logo: Vec<u8>| {
        let settings = ModuleSettings {
            logo: Some(logo),
            ..settings("https://gateway.example")
        };
        Module::build(&definition(SMALL), settings)
    };
    let neutral = build(SMALL)
        .files()
        .find(|(path, _)| *path == "logo.png")
        .unwrap()
        .1
        .to_vec();
    with_logo(neutral.clone()).unwrap();
    let damaged = neutral[..neutral.len() / 2].to_vec();
    let mut wide = Vec::new();
    let mut encoder = png::Encoder::new(&mut wide, 501, 40);
    encoder.set_color(png::ColorType::Grayscale);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&vec![0; 501 * 40])
        .unwrap();
    for (logo, reason) in [
        (b"<svg/>".to_vec(), "not a PNG"),
        (damaged, "damaged"),
        (wide, "501 by 40"),
        (vec![0; 600_000], "600000 bytes"),
    ] {
        let error = with_logo(logo).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
