//! What tells two calls of one kind apart.

use causeway_definition::OperationKind;
use causeway_engine::Input;
use serde_json::json;

/// What differs between two calls of this kind that must not be taken for one: the options of a
/// package change, the new password, the period that was paid. Empty where every call means the same.
pub fn difference(kind: OperationKind, input: &Input) -> Option<Vec<u8>> {
    let difference = match kind {
        OperationKind::ChangePackage => json!([input.options, input.configurable_options]),
        OperationKind::ChangePassword => json!([input.password]),
        OperationKind::Renew => json!([input.service.next_due_date]),
        _ => return None,
    };
    Some(difference.to_string().into_bytes())
}
