//! The module samples: each finds everything in the emulator that it would find in WHMCS.

use std::{fs, path::PathBuf};

use causeway_testbed::emulator::MissingKind;
use futures::StreamExt as _;

use crate::whole_life::{Entered, Life, Played};

/// Some of them sleep for many seconds.
const LIVES_AT_ONCE: usize = 4;

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/modules")
}

async fn life_of(sample: &str) -> Life {
    let folder = samples().join(sample);
    let script = fs::read_to_string(folder.join("vendor.toml")).unwrap();
    let entered = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let entered: Entered = toml::from_str(&entered).unwrap();
    let module = folder.join("modules/servers").join(sample);
    Played::live(&module, &script, &entered).await
}

#[tokio::test]
async fn each_sample_lives_its_whole_life_without_a_missing_piece() {
    let folders = fs::read_dir(samples()).unwrap().map(Result::unwrap);
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
    let lives = folders.map(|entry| async move {
        let sample = entry.file_name().into_string().unwrap();
        let life = life_of(&sample).await;
        (sample, life)
    });

    let lives = futures::stream::iter(lives).buffer_unordered(LIVES_AT_ONCE);
    let lives: Vec<_> = lives.collect().await;

    assert!(lives.len() >= 10);
    for (sample, life) in lives {
        let lacks: Vec<_> = life
            .missing
            .iter()
            .filter(|piece| piece.kind != MissingKind::Column)
            .collect();
        assert!(lacks.is_empty(), "{sample}: {lacks:#?}");
        let mut calls = life.calls.iter().map(|(_, call)| call);
        let create = calls.find(|call| call.function == "CreateAccount").unwrap();
        let returned = create.returned.as_ref().map(|returned| &returned.value);
        assert_eq!(returned, Some(&"success".into()), "{sample}: {create:#?}");
    }
}
