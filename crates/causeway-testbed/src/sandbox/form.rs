//! What a form sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::answer::Failure;

/// The fields of a form, in their order; a name may come more than once.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| Failure::Form(error.to_string()))?;
        Ok(Self::parse(&body))
    }
}

impl Form {
    /// Reads `name=value&…`.
    pub fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The last value of a field, without space around it; empty when it did not come.
    pub fn get(&self, name: &str) -> &str {
        let mut values = self.0.iter().rev();
        values
            .find(|(its, _)| its == name)
            .map(|(_, value)| value.trim())
            .unwrap_or_default()
    }

    /// The value of a field that must be there.
    pub fn needed(&self, name: &str, label: &str) -> Result<&str, Failure> {
        match self.get(name) {
            "" => Err(Failure::Form(format!("{label} is needed."))),
            value => Ok(value),
        }
    }

    /// A field that is a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str, label: &str) -> Result<T, Failure> {
        let value = self.needed(name, label)?;
        value
            .parse()
            .map_err(|_| Failure::Form(format!("{label} must be a number, not {value:?}.")))
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The fields whose names begin so, without that beginning.
    pub fn beginning_with<'form>(
        &'form self,
        beginning: &'form str,
    ) -> impl Iterator<Item = (&'form str, &'form str)> {
        let named = move |(name, value): &'form (String, String)| {
            Some((name.strip_prefix(beginning)?, value.as_str()))
        };
        self.0.iter().filter_map(named)
    }

    /// All fields as WHMCS's PHP would see them: `a[b]=1` is an array.
    pub fn as_php_sees_it(&self) -> serde_json::Value {
        let mut all = serde_json::Map::new();
        for (name, value) in &self.0 {
            put(&mut all, name, value);
        }
        all.into()
    }
}

fn put(all: &mut serde_json::Map<String, serde_json::Value>, name: &str, value: &str) {
    let (first, rest) = match name.split_once('[') {
        Some((first, rest)) if !first.is_empty() => (first, rest),
        _ => {
            all.insert(name.to_owned(), value.into());
            return;
        }
    };
    let mut place = all
        .entry(first)
        .or_insert_with(|| serde_json::Map::new().into());
    for key in rest.split('[').map(|key| key.trim_end_matches(']')) {
        if !place.is_object() {
            *place = serde_json::Map::new().into();
        }
        let serde_json::Value::Object(map) = place else {
            return;
        };
        let key = match key {
            "" => map.len().to_string(),
            key => key.to_owned(),
        };
        place = map.entry(key).or_insert(serde_json::Value::Null);
    }
    *place = value.into();
}
