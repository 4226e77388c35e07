//! No sequence of calls with one provider's token reads or changes anything of another's.
//!
//! Each sequence is played three times: both providers, B alone, A alone. B must not be able to tell
//! whether A was there, and A learns nothing by B's being there.

mod moves;
mod play;
mod vendor;
mod world;

use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use self::moves::{Turn, turns};
use self::play::{Cast, PLANTED, play};

/// `CAUSEWAY_SEED` plays one run again, `CAUSEWAY_CASES` plays more of them.
#[test]
fn what_one_provider_does_is_nothing_to_another() {
    let number = |name: &str| Some(std::env::var(name).ok()?.parse::<u64>().unwrap());
    let seed = number("CAUSEWAY_SEED").unwrap_or_else(fresh_seed);
    let cases = number("CAUSEWAY_CASES").unwrap_or(8);
    println!("CAUSEWAY_SEED={seed} CAUSEWAY_CASES={cases}");
    let mut runner = TestRunner::new(Config {
        cases: cases.try_into().unwrap(),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let played = runner.run(&turns(), |turns| {
        runtime.block_on(check(&turns));
        Ok(())
    });
    if let Err(TestError::Fail(reason, turns)) = &played {
        panic!("CAUSEWAY_SEED={seed} CAUSEWAY_CASES={cases}\n{turns:#?}\n{reason}");
    }
    played.unwrap();
}

fn fresh_seed() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1
}

async fn check(turns: &[Turn]) {
    let mut lent = Vec::new();
    let both = play(turns, Cast::Both, &mut lent).await;
    let honest_alone = play(turns, Cast::HonestAlone, &mut Vec::new()).await;
    let curious_alone = play(turns, Cast::CuriousAlone, &mut lent).await;
    assert_eq!(both.honest, honest_alone.honest, "B's answers");
    assert_eq!(
        both.honest_truth, honest_alone.honest_truth,
        "what there is of B"
    );
    assert_eq!(both.curious, curious_alone.curious, "A's answers");
    assert_eq!(
        both.curious_truth, curious_alone.curious_truth,
        "what there is of A"
    );
    for (said, read) in &both.read {
        for secret in &both.unguessable {
            assert!(
                said.contains(secret) || !read.contains(secret),
                "A reads {secret}: {read}"
            );
        }
        for planted in PLANTED {
            assert!(!read.contains(planted), "A reads {planted}: {read}");
        }
    }
}
