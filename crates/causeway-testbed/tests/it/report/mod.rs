//! What is shown of a fault matrix.

mod made_up;

use causeway_testbed::report::{MaskedReport, html, json, junit, table};
use made_up::{
    CREDENTIAL, ERROR_PAGE, NOT_KNOWN, PASSWORD, all_right, before_given_vendor, report,
};
use roxmltree::Document;

const FILE: &str = "shield press.toml";

#[test]
fn the_table_shows_at_a_glance_what_is_wrong_and_how_to_see_it_again() {
    let text = table(&MaskedReport::new(report()), FILE, &|_, text| {
        text.to_owned()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn a_table_without_anything_wrong_is_short() {
    let text = table(&MaskedReport::new(all_right()), FILE, &|_, text| {
        text.to_owned()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn no_line_of_the_table_is_wider_than_a_terminal() {
    let text = table(&MaskedReport::new(all_right()), FILE, &|_, text| {
        text.to_owned()
    });
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 100, "{widest}\n{text}");
}

#[test]
fn ci_systems_get_a_suite_for_each_exchange_and_a_test_for_each_case() {
    let xml = junit(&MaskedReport::new(report()), FILE);
    let document = Document::parse(&xml).unwrap();
    let suites: Vec<_> = elements(&document, "testsuite");
    let shown: Vec<_> = suites
        .iter()
        .map(|suite| {
            let value = |name| suite.attribute(name).unwrap();
            (value("name"), value("tests"), value("failures"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("create.user.find", "12", "0"),
            ("create.subscription.create", "12", "1")
        ]
    );
    assert_eq!(elements(&document, "testcase").len(), 24);
    let failure = elements(&document, "failure").remove(0);
    let case = failure.parent().unwrap();
    assert_eq!(
        case.attribute("name"),
        Some("create.subscription.create/reset_after/killed")
    );
    insta::assert_snapshot!(format!(
        "{}\n---\n{}",
        failure.attribute("message").unwrap(),
        failure.text().unwrap()
    ));
}

#[test]
fn the_page_tells_a_wrong_case_from_the_complaint_to_the_log() {
    let page = html(&MaskedReport::new(report()), FILE).unwrap();
    insta::assert_snapshot!(without_style_and_script(&page));
}

#[test]
fn what_is_not_known_and_what_is_left_behind_stands_in_every_report() {
    let report = MaskedReport::new(before_given_vendor());
    let text = table(&report, FILE, &|_, text| text.to_owned());
    let xml = junit(&report, FILE);
    let page = html(&report, FILE).unwrap();
    for shown in [&text, &xml, &page] {
        assert!(shown.contains(NOT_KNOWN), "{shown}");
    }
    assert!(
        text.contains("? 1/6") && text.contains("24 cases, none wrong, 1 cannot be known here")
    );
    assert!(page.contains("None of 24 cases ended wrong; of 1 not all can be known here"));
    for shown in [&text, &page] {
        assert!(
            !shown.contains("all right") && !shown.contains("All 24"),
            "{shown}"
        );
        assert!(
            shown.contains("user 17 of ada-kq7x2001@example.com"),
            "{shown}"
        );
    }
    let document = Document::parse(&xml).unwrap();
    let skipped = elements(&document, "skipped").remove(0);
    let case = skipped.parent().unwrap();
    assert_eq!(
        case.attribute("name"),
        Some("create.user.find/reset_after/queue")
    );
    assert_eq!(elements(&document, "failure").len(), 0);
}

#[test]
fn the_page_of_a_good_run_says_so_and_needs_nothing_else() {
    let page = html(&MaskedReport::new(all_right()), FILE).unwrap();
    assert!(page.contains("All 24 cases ended right"));
    assert!(!page.contains("What ended wrong"));
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_vendors_words_are_text_in_every_form() {
    let masked = MaskedReport::new(report());
    let page = html(&masked, FILE).unwrap();
    let xml = junit(&masked, FILE);
    for shown in [&page, &xml] {
        assert!(!shown.contains(ERROR_PAGE) && !shown.contains("<script>alert"));
        assert!(shown.contains("script") && shown.contains("Bad "));
        let breaks = |letter: char| letter.is_control() && !"\n\t".contains(letter);
        assert!(!shown.contains(breaks) && !shown.contains('\u{202e}'));
    }
}

#[test]
fn no_secret_is_in_anything_that_is_written() {
    let masked = MaskedReport::new(report());
    let written = [
        table(&masked, FILE, &|_, text| text.to_owned()),
        junit(&masked, FILE),
        html(&masked, FILE).unwrap(),
        json(&masked).unwrap(),
    ];
    // As it is, percent-encoded, escaped, and cut off in the middle.
    let secrets = [
        PASSWORD,
        "Tr0ub4dor%263",
        "Tr0ub4dor&amp;3",
        &PASSWORD[..9],
        CREDENTIAL,
        "t0ken-77",
        // As PHP prints an array.
        "r00t-9f2c",
    ];
    for text in written {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} stands in\n{text}");
        }
    }
}

fn elements<'a, 'input>(
    document: &'a Document<'input>,
    name: &str,
) -> Vec<roxmltree::Node<'a, 'input>> {
    let all = document.descendants();
    all.filter(|node| node.has_tag_name(name)).collect()
}

/// They are files of their own; a snapshot would only repeat them.
fn without_style_and_script(page: &str) -> String {
    let mut rest = page.to_owned();
    for (begin, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let (before, after) = rest.split_once(begin).unwrap();
        let (_, after) = after.split_once(end).unwrap();
        rest = format!("{before}{begin}…{end}{after}");
    }
    rest
}
