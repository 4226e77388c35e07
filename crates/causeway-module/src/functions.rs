//! `<name>.php`: the functions that WHMCS calls, one for each operation that the definition offers.

use askama::Template;
use causeway_definition::{Definition, OperationKind};

/// WHMCS's function for each operation that ends with `'success'` or one line for staff.
const FUNCTIONS: [(OperationKind, &str); 8] = [
    (OperationKind::Create, "CreateAccount"),
    (OperationKind::Suspend, "SuspendAccount"),
    (OperationKind::Unsuspend, "UnsuspendAccount"),
    (OperationKind::Terminate, "TerminateAccount"),
    (OperationKind::Renew, "Renew"),
    (OperationKind::ChangePackage, "ChangePackage"),
    (OperationKind::ChangePassword, "ChangePassword"),
    (OperationKind::Refresh, "refresh"),
];

#[derive(Template)]
#[template(path = "main.php.jinja", escape = "none")]
struct MainFile<'a> {
    name: &'a str,
    namespace: &'a str,
    version: &'a str,
    functions: Vec<Function>,
    single_sign_on: bool,
    refresh: bool,
}

struct Function {
    name: &'static str,
    operation: &'static str,
}

pub(crate) fn main_file(
    definition: &Definition,
    namespace: &str,
    version: &str,
) -> askama::Result<String> {
    let functions = FUNCTIONS
        .into_iter()
        .filter(|(kind, _)| definition.offers(*kind))
        .map(|(kind, name)| Function {
            name,
            operation: kind.name(),
        })
        .collect();
    MainFile {
        name: &definition.service.name,
        namespace,
        version: &version.replace(
            |letter: char| !letter.is_ascii_alphanumeric() && !".-+".contains(letter),
            "",
        ),
        functions,
        single_sign_on: definition.offers(OperationKind::SingleSignOn),
        refresh: definition.offers(OperationKind::Refresh),
    }
    .render()
}
