//! Lists of a collection's items.

use serde_json::Value;

use crate::scripted_vendor::Place;

use super::collections::list_in;
use super::draft::DraftBody;
use super::lives::Lives;
use super::plain_routes::usual_status;
use super::seen::Seen;
use super::templates::{expression, tree};

impl Lives<'_> {
    pub(super) fn listed(&mut self, collection: usize, exchange: &Seen) {
        let found = &self.found[collection];
        let Some(answer) = exchange.json() else {
            return;
        };
        let Some((wrap, items)) = list_in(answer, &found.id_field) else {
            return;
        };
        for item in items.iter().filter_map(Value::as_object) {
            self.observe(collection, item);
        }
        let fields = exchange.call.parameters(Place::Query);
        for name in fields.into_iter().flat_map(|fields| fields.keys()) {
            let learned = &mut self.learned[collection];
            let is_field = learned.shown.contains(name)
                || self.found[collection]
                    .creates
                    .values()
                    .any(|create| self.seen[create.exchange].input.contains_key(name));
            if is_field && !learned.filters.contains(name) {
                learned.filters.push(name.clone());
            }
        }
        let is_alone = wrap.is_none() || answer.as_object().is_some_and(|all| all.len() == 1);
        let is_usual = is_alone && (wrap.is_some() || found.wrap.is_none());
        if is_usual && exchange.status.as_u16() == 200 {
            self.learned[collection].wrap_list = wrap.map(str::to_owned);
        } else if !items.is_empty() {
            let body = DraftBody::Json(self.list_body(answer, wrap, items.len()));
            let path = found.path.written(None, &self.names);
            self.put_route(
                collection,
                exchange,
                path,
                "lists",
                usual_status(exchange, 200),
                body,
            );
        }
    }

    /// With the items in the place of those that were there.
    fn list_body(&self, answer: &Value, wrap: Option<&str>, count: usize) -> Value {
        let items: Value = expression("items").into();
        let (Some(wrap), Value::Object(fields)) = (wrap, answer) else {
            return items;
        };
        let counted = |name: &str, value: &Value| {
            let is_count = ["total", "count", "size", "length"]
                .iter()
                .any(|part| name.to_ascii_lowercase().contains(part));
            (is_count && value.as_u64() == u64::try_from(count).ok())
                .then(|| Value::from(expression("items | length")))
        };
        let fields = fields.iter().map(|(name, value)| {
            let value = match value {
                _ if name == wrap => items.clone(),
                Value::Object(inner) => inner
                    .iter()
                    .map(|(name, value)| {
                        let literal = || tree(name, value, &[], self.secrets);
                        (name.clone(), counted(name, value).unwrap_or_else(literal))
                    })
                    .collect(),
                value => {
                    counted(name, value).unwrap_or_else(|| tree(name, value, &[], self.secrets))
                }
            };
            (name.clone(), value)
        });
        Value::Object(fields.collect())
    }
}
