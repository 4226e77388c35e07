//! Definitions and modules for the tests.

use std::path::PathBuf;

use causeway_definition::Definition;
use causeway_module::{Module, ModuleSettings};

pub const SHIELDPRESS: &str = include_str!("../../../../examples/shieldpress.toml");

/// A definition that offers nothing but create, and sees nothing at the vendor.
pub const SMALL: &str = r#"
[service]
name  = "small"
title = "Small"
api   = "https://api.small.example"

[resources.thing]
key    = "{{ service.reference }}"
create = { post = "/things" }
keep   = { thing_id = "id" }

[operations]
create = { ensure = ["thing"] }
"#;

pub fn definition(source: &str) -> Definition {
    match Definition::parse(source) {
        Ok((definition, _)) => definition,
        Err(diagnostics) => panic!("the definition is not valid: {diagnostics:?}"),
    }
}

pub fn settings(gateway: &str) -> ModuleSettings {
    ModuleSettings {
        gateway: gateway.parse().unwrap(),
        logo: None,
        version: "0.1.0".to_owned(),
    }
}

pub fn build(source: &str) -> Module {
    Module::build(
        &definition(source),
        settings("https://gateway.example/causeway/"),
    )
    .unwrap()
}

pub fn text(module: &Module, path: &str) -> String {
    let (_, bytes) = module
        .files()
        .find(|(name, _)| *name == path)
        .expect("the file exists");
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A module on disk; the folder goes when this does.
pub struct Installed {
    pub dir: tempfile::TempDir,
    pub name: String,
}

impl Installed {
    pub fn new(source: &str, gateway: &str) -> Self {
        let module = Module::build(&definition(source), settings(gateway)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        module.write_to(dir.path()).unwrap();
        Self {
            dir,
            name: module.name().to_owned(),
        }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("modules/servers").join(&self.name)
    }
}
