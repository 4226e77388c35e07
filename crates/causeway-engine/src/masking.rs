//! Keeps secrets out of everything that is written down or shown.

use causeway_definition::answer::parse_body;
use causeway_definition::{Definition, Names};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::operation::Input;
use crate::secret_forms::forms;

const MASK: &str = "***";
const LONGEST_TEXT: usize = 2_000;

/// Stands where a text was shortened.
const CUT: char = '…';

/// Shorter secrets are masked where they stand alone, but not inside of longer texts: a password
/// "a" would otherwise blot out every word.
const SHORTEST_WITHIN_TEXT: usize = 4;

/// Fields that hold a secret whatever their value, by a part of their name.
const SECRET_NAMES: [&str; 8] = [
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "authorization",
    "credential",
];

/// The secrets of one operation.
#[derive(Clone, Default)]
pub struct Secrets {
    secrets: Vec<Secret>,
}

/// One secret, and every form in which it may stand in a text; the longest forms first.
#[derive(Clone)]
struct Secret {
    value: SecretString,
    forms: Vec<SecretString>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Secrets({})", self.secrets.len())
    }
}

impl Secrets {
    /// Everything secret that an operation knows: the credential, the password, and the options and
    /// properties that the definition calls secret.
    pub fn of(
        definition: &Definition,
        credential: &SecretString,
        input: &Input,
        properties: &Map<String, Value>,
    ) -> Self {
        let mut secrets = Self::default();
        secrets.add(credential.expose_secret());
        secrets.add_proofs(definition, credential);
        secrets.add(input.password.as_deref().unwrap_or_default());
        for (name, option) in &definition.options {
            if option.secret
                && let Some(value) = input.options.get(name)
            {
                secrets.add(&plain(value));
            }
        }
        for properties in [properties, &input.properties] {
            for (name, property) in &definition.properties {
                if property.secret
                    && let Some(value) = properties.get(name)
                {
                    secrets.add(&plain(value));
                }
            }
        }
        secrets
    }

    /// What every request carries to prove who asks, where it is more than the bare credential
    /// (`Basic …` in base64): an API may say it back.
    fn add_proofs(&mut self, definition: &Definition, credential: &SecretString) {
        let credential = credential.expose_secret();
        let names = Names::from_iter([("credential".to_owned(), Value::from(credential))]);
        let auth = &definition.auth;
        for template in auth.headers.values().chain(auth.query.values()) {
            if let Ok(text) = template.text(&names)
                && let Some(proof) = text.split(' ').next_back()
                && !proof.contains(credential)
            {
                self.add(proof);
            }
        }
    }

    /// One more secret.
    pub fn add(&mut self, value: &str) {
        let known = |secret: &Secret| secret.value.expose_secret() == value;
        if value.is_empty() || self.secrets.iter().any(known) {
            return;
        }
        let is_long_enough = |text: &str| text.chars().count() >= SHORTEST_WITHIN_TEXT;
        let within_text = is_long_enough(value);
        self.secrets.push(Secret {
            value: SecretString::from(value.to_owned()),
            forms: forms(value)
                .into_iter()
                .filter(|form| within_text && is_long_enough(form))
                .map(SecretString::from)
                .collect(),
        });
    }

    /// One more secret, whatever its type.
    pub(crate) fn add_value(&mut self, value: &Value) {
        self.add(&plain(value));
    }

    /// The text without the secrets, also where they stand percent-encoded or JSON-escaped.
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.secrets {
            if masked == secret.value.expose_secret() {
                return MASK.to_owned();
            }
            for form in &secret.forms {
                if masked.contains(form.expose_secret()) {
                    masked = masked.replace(form.expose_secret(), MASK);
                }
            }
        }
        self.mask_what_is_cut(masked)
    }

    /// Where a text was shortened, the beginning of a secret may be left.
    fn mask_what_is_cut(&self, text: String) -> String {
        if !text.contains(CUT) {
            return text;
        }
        let mut masked = String::with_capacity(text.len());
        let mut pieces = text.split(CUT).peekable();
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                masked.push_str(piece);
                break;
            }
            match self.begins_at_the_end_of(piece) {
                Some(start) => {
                    masked.push_str(&piece[..start]);
                    masked.push_str(MASK);
                }
                None => masked.push_str(piece),
            }
            masked.push(CUT);
        }
        masked
    }

    /// Where the first part of a secret begins that a text ends with.
    fn begins_at_the_end_of(&self, text: &str) -> Option<usize> {
        let beginnings = |form: &SecretString| {
            let form = form.expose_secret();
            let ends = form.char_indices().skip(SHORTEST_WITHIN_TEXT);
            let cut = ends.filter(|(end, _)| text.ends_with(&form[..*end]));
            cut.map(|(end, _)| text.len() - end).min()
        };
        let forms = self.secrets.iter().flat_map(|secret| &secret.forms);
        forms.filter_map(beginnings).min()
    }

    /// The value without the secrets, and without what stands in fields with secret names.
    pub fn mask_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.mask(text)),
            Value::Number(number) => {
                let text = number.to_string();
                if self
                    .secrets
                    .iter()
                    .any(|secret| secret.value.expose_secret() == text)
                {
                    Value::String(MASK.to_owned())
                } else {
                    value.clone()
                }
            }
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.mask_value(item)).collect())
            }
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, field)| {
                        let hidden = is_secret_name(name)
                            && (field.is_string() || field.is_number() || field.is_array());
                        let field = if hidden {
                            Value::String(MASK.to_owned())
                        } else {
                            self.mask_value(field)
                        };
                        (self.mask(name), field)
                    })
                    .collect(),
            ),
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    /// A body as it may be written down: masked and shortened.
    pub fn mask_body(&self, body: &[u8]) -> String {
        if let Some(text) = self.plainly_harmless(body) {
            return shortened(text.to_owned());
        }
        match parse_body(body) {
            Ok(Value::Null) => String::new(),
            Ok(value) => shortened(self.mask_value(&value).to_string()),
            Err(_) => {
                let start = &body[..body.len().min(4 * LONGEST_TEXT)];
                shortened(self.mask(&String::from_utf8_lossy(start)))
            }
        }
    }

    /// The body itself, where a look at its text is enough to know that it holds no secret: that
    /// spares most answers from being read and written once more.
    fn plainly_harmless<'b>(&self, body: &'b [u8]) -> Option<&'b str> {
        // A backslash may hide a secret: "\u0070" is a "p", too.
        let text = std::str::from_utf8(body).ok()?;
        let short = self.secrets.iter().any(|secret| secret.forms.is_empty());
        let forms = || self.secrets.iter().flat_map(|secret| &secret.forms);
        let harmless = !short
            && !text.contains('\\')
            && !is_secret_name(text)
            && !forms().any(|form| text.contains(form.expose_secret()));
        harmless.then_some(text)
    }
}

/// At most 2,000 characters of a text.
pub fn shortened(text: String) -> String {
    // No text has more characters than bytes.
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}{CUT} ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add("p&ss \"wörd\"");
        secrets.add("abc");
        secrets
    }

    #[test]
    fn masks_every_form_of_a_secret() {
        let secrets = secrets();
        for text in [
            "p&ss \"wörd\"",
            "x=p%26ss%20%22w%C3%B6rd%22",
            "{\"a\":\"p&ss \\\"wörd\\\"\"}",
        ] {
            let masked = secrets.mask(text);
            assert!(masked.contains("***") && !masked.contains("wörd") && !masked.contains("w%C3"));
        }
    }

    #[test]
    fn masks_a_secret_as_every_encoder_writes_it() {
        let mut secrets = Secrets::default();
        secrets.add("a*b~c d\u{e9}&/\t\"9");
        for text in [
            // Ours in a path, and in a query; then a browser's and a lower-case one.
            "/x/a%2Ab~c%20d%C3%A9%26%2F%09%229/y",
            "/x?k=a*b%7Ec+d%C3%A9%26%2F%09%229&l=1",
            "/x?k=a%2Ab%7Ec%20d%C3%A9%26%2F%09%229",
            "/x?k=a%2ab%7ec+d%c3%a9%26%2f%09%229",
            // JSON that is cut off, of most encoders and of PHP's.
            "{\"k\":\"a*b~c d\u{e9}&/\\t\\\"9\"",
            "{\"k\":\"a*b~c d\\u00e9&\\/\\t\\\"9\"",
            // A page's title, as PHP, Python and Go write it; then a line of it.
            "a*b~c d\u{e9}&amp;/ &quot;9",
            "a*b~c d\u{e9}&amp;/ &#34;9",
            "a*b~c d\u{e9}&/ \"9",
            "Basic YSpifmMgZMOpJi8JIjk=",
        ] {
            let masked = secrets.mask(text);
            assert!(
                masked.contains("***") && !masked.contains('9'),
                "{text}: {masked}"
            );
        }
    }

    #[test]
    fn masks_the_beginning_of_a_secret_that_is_cut() {
        let mut secrets = Secrets::default();
        secrets.add("hidden-secret");
        for (text, masked) in [
            ("it is hidden-sec… (HTTP 422)", "it is ***… (HTTP 422)"),
            ("it is hidd…", "it is ***…"),
            ("it is hid…", "it is hid…"),
            ("it is hidden-sec", "it is hidden-sec"),
        ] {
            assert_eq!(secrets.mask(text), masked);
        }
    }

    #[test]
    fn a_short_secret_hides_itself_but_not_the_words_around_it() {
        let secrets = secrets();
        assert_eq!(secrets.mask("abc"), "***");
        assert_eq!(secrets.mask("the abc of it"), "the abc of it");
    }

    #[test]
    fn masks_fields_with_secret_names() {
        let headers = json!({"Authorization": ["Basic YTpi"], "accept": ["a"]});
        let masked =
            secrets().mask_value(&json!({"data": [{"api_token": "t-1"}], "headers": headers}));
        let headers = json!({"Authorization": "***", "accept": ["a"]});
        assert_eq!(
            masked,
            json!({"data": [{"api_token": "***"}], "headers": headers})
        );
    }

    #[test]
    fn masks_a_secret_that_is_a_fields_name() {
        let masked = secrets().mask_value(&json!({"p&ss \"wörd\"": "is wrong"}));
        assert_eq!(masked, json!({"***": "is wrong"}));
    }

    #[test]
    fn shortens_long_bodies_at_a_character() {
        let body = "é".repeat(9_000);
        assert!(secrets().mask_body(body.as_bytes()).chars().count() < 2_100);
    }
}
