#[path = "../src/bench/mod.rs"]
mod bench;
pub const EXAMPLE: &str = include_str!("../../../examples/shieldpress.toml");
#[tokio::main]
async fn main() {
    let n: usize = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(2000);
    let t = bench::run(
        &bench::BenchSettings {
            creates: n,
            callers: vec![1, 16, 64],
            rounds: 1,
        },
        |p| eprintln!("{p}"),
    )
    .await;
    match t {
        Ok(t) => println!("{t}"),
        Err(e) => println!("{e:?}"),
    }
}
