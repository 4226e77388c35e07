//! An answer from its template and what was done.

use causeway_definition::{EvaluationError, Names, Template};
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::deed::{Outcome, named};
use super::script::{AnswerBody, AnswerTemplate, Collection};

pub(super) fn render(
    template: &AnswerTemplate,
    outcome: &Outcome<'_>,
    names: &Names,
) -> Result<Answer, EvaluationError> {
    let names = match outcome {
        Outcome::Nothing => names.clone(),
        Outcome::Created { item, .. } | Outcome::Found { item, .. } | Outcome::Deleted { item } => {
            names.with(&named("item", item.clone().into()))
        }
        Outcome::Listed { items, .. } => {
            let items = items.iter().cloned().map(Value::Object).collect();
            names.with(&named("items", items))
        }
    };
    let own = own_answer(outcome);
    let status = template.status;
    let mut answer = match &template.body {
        AnswerBody::Own => Answer {
            status: status.unwrap_or(own.status),
            ..own
        },
        AnswerBody::Json(body) => {
            let usual = match outcome {
                Outcome::Created { .. } => StatusCode::CREATED,
                _ => StatusCode::OK,
            };
            Answer::json(status.unwrap_or(usual), &body.render(&names)?)
        }
        AnswerBody::Text { content_type, text } => Answer::text(
            status.unwrap_or(StatusCode::OK),
            content_type.clone(),
            text.text(&names)?,
        ),
    };
    for (name, value) in &template.headers {
        let value = header_value(value, &names)?;
        answer.headers.insert(name.clone(), value);
    }
    Ok(answer)
}

/// The item as others see it, the list, or nothing.
fn own_answer(outcome: &Outcome<'_>) -> Answer {
    match outcome {
        Outcome::Nothing => Answer::empty(StatusCode::OK),
        Outcome::Created { item, shape } => Answer::json(StatusCode::CREATED, &shape.item(item)),
        Outcome::Found { item, shape } => Answer::json(StatusCode::OK, &shape.item(item)),
        Outcome::Listed { items, shape } => Answer::json(StatusCode::OK, &shape.list(items)),
        Outcome::Deleted { .. } => Answer::empty(StatusCode::NO_CONTENT),
    }
}

impl Collection {
    fn item(&self, item: &Map<String, Value>) -> Value {
        wrapped(self.visible(item), self.wrap.as_deref())
    }

    fn list(&self, items: &[Map<String, Value>]) -> Value {
        let items = items.iter().map(|item| self.visible(item)).collect();
        wrapped(items, self.wrap_list.as_deref())
    }

    fn visible(&self, item: &Map<String, Value>) -> Value {
        let mut item = item.clone();
        for hidden in &self.hidden {
            item.remove(hidden);
        }
        Value::Object(item)
    }
}

fn wrapped(value: Value, wrap: Option<&str>) -> Value {
    match wrap {
        Some(name) => Value::Object(named(name, value)),
        None => value,
    }
}

fn header_value(template: &Template, names: &Names) -> Result<HeaderValue, EvaluationError> {
    let text = template.text(names)?;
    HeaderValue::try_from(&text).map_err(|error| EvaluationError::Failed {
        expression: template.source().to_owned(),
        reason: error.to_string(),
    })
}
