//! Text as a billing system sends it.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The longest single text, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

/// Text of at most 64 KiB. A number counts as its digits and null as no text, because that is how
/// PHP hands them over; everything else is refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(value_type = String)]
pub(crate) struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        if text.len() > LONGEST_TEXT {
            return Err(E::custom(format_args!(
                "the text is {} bytes long, and at most {LONGEST_TEXT} are taken",
                text.len()
            )));
        }
        Ok(text.to_owned())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Ok(String::new())
    }
}

/// Texts by name, in their order. An empty list counts as no texts: PHP writes an empty array so.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(value_type = IndexMap<String, String>)]
pub(crate) struct Texts(pub IndexMap<String, Text>);

impl Texts {
    pub fn into_values(self) -> Map<String, Value> {
        self.0
            .into_iter()
            .map(|(name, text)| (name, Value::String(text.0)))
            .collect()
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ByName::new()).map(Self)
    }
}

/// Values of any kind by name, in their order; an empty list counts as none, as with [`Texts`].
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(value_type = IndexMap<String, Value>)]
pub(crate) struct Values(pub IndexMap<String, Value>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ByName::new()).map(Self)
    }
}

struct ByName<T>(std::marker::PhantomData<T>);

impl<T> ByName<T> {
    const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ByName<T> {
    type Value = IndexMap<String, T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut by_name = IndexMap::new();
        while let Some((name, value)) = entries.next_entry::<String, T>()? {
            by_name.insert(name, value);
        }
        Ok(by_name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        match items.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(IndexMap::new()),
            Some(_) => Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self)),
        }
    }
}
