//! In how many ways a secret may stand in a text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// A secret as it is written out, in base64, as JSON and HTML escape it, and as addresses and forms
/// encode it: encoders differ in `*`, in `~`, in the blank and in the case of their digits. A page may
/// show the JSON that was sent, and JSON may quote it. The longest come first.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    let same_everywhere = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !secret.bytes().all(same_everywhere) {
        let json = distinct(in_json(secret));
        forms.extend(json.iter().flat_map(|json| in_json(json)));
        forms.extend(json.iter().flat_map(|json| in_html(json)));
        forms.extend(in_html(secret));
        forms.extend(json);
        // Where a secret has none of what encoders differ in, they all write the same.
        let plain: &[&str] = if secret.contains(['~', '*']) {
            &["-._", "-._~", "-._*"]
        } else {
            &["-._"]
        };
        let blank: &[&str] = if secret.contains(' ') {
            &["%20", "+"]
        } else {
            &["%20"]
        };
        for plain in plain {
            for blank in blank {
                let upper = percent_encoded(secret, plain, blank);
                forms.push(lower_digits(&upper));
                forms.push(upper);
            }
        }
        // A vendor's words are brought into one line before they are masked.
        let lines: Vec<String> = forms.iter().map(|form| in_one_line(form)).collect();
        forms.extend(lines);
    }
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    forms
}

fn distinct(forms: [String; 4]) -> Vec<String> {
    let mut forms = Vec::from(forms);
    forms.sort();
    forms.dedup();
    forms
}

/// PHP writes `\/`, and all that is not ASCII as `\u00e9`; most others leave both as they are.
fn in_json(text: &str) -> [String; 4] {
    let escaped = Value::String(text.to_owned()).to_string();
    let escaped = escaped[1..escaped.len() - 1].to_owned();
    let ascii = in_ascii(&escaped);
    let slashes = |json: &str| json.replace('/', "\\/");
    [slashes(&escaped), slashes(&ascii), escaped, ascii]
}

fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            let units = letter.encode_utf16(&mut [0; 2]).to_vec();
            text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

/// As PHP, Python and Go write it.
fn in_html(text: &str) -> [String; 3] {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    [
        ("&quot;", "&#039;"),
        ("&quot;", "&#x27;"),
        ("&#34;", "&#39;"),
    ]
    .map(|(quote, apostrophe)| escaped.replace('"', quote).replace('\'', apostrophe))
}

/// The text without line ends and control characters, and with one blank for several.
pub(crate) fn in_one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Encodes everything but letters, digits and what is `plain`.
fn percent_encoded(secret: &str, plain: &str, blank: &str) -> String {
    let mut text = String::with_capacity(3 * secret.len());
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(&byte) {
            text.push(char::from(byte));
        } else if byte == b' ' {
            text.push_str(blank);
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// The same with `%c3` in place of `%C3`.
fn lower_digits(encoded: &str) -> String {
    let mut digits = 0;
    encoded
        .chars()
        .map(|letter| {
            let is_digit = digits > 0;
            digits = if letter == '%' { 2 } else { digits.max(1) - 1 };
            if is_digit {
                letter.to_ascii_lowercase()
            } else {
                letter
            }
        })
        .collect()
}
