//! `causeway bench`.

use crate::support::{Folder, Ran};

/// The cells of a table's rows, without the two lines at its head.
fn rows(table: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        inner
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    let lines = table.lines().filter(|line| line.starts_with('|'));
    lines.skip(2).map(cells).collect()
}

fn bench(arguments: &[&str]) -> Ran {
    let shortest = ["bench", "--operations", "4", "--rounds", "1"];
    let ran = Folder::new().run(&[&shortest[..], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:#?}");
    ran
}

fn more_than_zero(cell: &str) -> bool {
    let number: String = cell
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect();
    number.parse::<f64>().is_ok_and(|number| number > 0.0)
}

#[test]
fn every_way_is_measured_against_the_direct_one_and_the_hand_written_one() {
    let calls = ["--parts", "calls", "--only", "create"];
    let few = ["--callers", "2", "--vendor-times", "0"];
    let rows = rows(&bench(&[calls, few].concat()).stdout);
    let ways: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    let expected = [
        "direct",
        "Causeway, SQLite",
        "Causeway, PostgreSQL",
        "hand-written PHP",
    ];
    assert_eq!(ways, expected);
    for row in &rows {
        let (way, times, syncs, ratios) = (&row[1], &row[2..5], &row[7], &row[8..10]);
        assert!(times.iter().all(|cell| more_than_zero(cell)), "{row:?}");
        let is_recorded = way.starts_with("Causeway");
        assert_eq!(more_than_zero(syncs), is_recorded, "{row:?}");
        assert_eq!(ratios[0].is_empty(), way == "direct", "{row:?}");
        assert_eq!(ratios[1].is_empty(), way == "hand-written PHP", "{row:?}");
    }
}

#[test]
fn journals_of_many_sizes_are_measured_against_the_first() {
    let sizes = ["--parts", "sizes", "--services", "10,20"];
    let rows = rows(&bench(&[&sizes[..], &["--ways", "direct,sqlite"]].concat()).stdout);
    let what: Vec<String> = rows.iter().map(|row| row[..3].join(" ")).collect();
    let expected = [
        "10 create Causeway, SQLite",
        "10 suspend Causeway, SQLite",
        "20 create Causeway, SQLite",
        "20 suspend Causeway, SQLite",
    ];
    assert_eq!(what, expected);
    assert_eq!([&rows[0][9], &rows[1][9]], ["**1.00**", "**1.00**"]);
}
