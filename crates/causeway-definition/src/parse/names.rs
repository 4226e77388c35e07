//! Which names exist at which step: a property is known only after the step that keeps it.

use std::ops::Range;

use indexmap::IndexMap;

use super::mention::{Mention, Place};
use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::model::{CLIENT_FIELDS, Definition, Operation, OperationKind};

/// What is known of a service.
const SERVICE: &[&str] = &[
    "reference",
    "product_id",
    "product_name",
    "billing_cycle",
    "next_due_date",
    "registration_date",
    "currency",
    "amount",
    "is_addon",
];

/// Names that stand for one value.
const PLAIN: &[&str] = &["domain", "username", "password"];

/// Tables of names that only the provider knows.
const OPEN: &[&str] = &["custom_fields", "configurable_options"];

/// Names that no property can have.
pub(super) const RESERVED: &[&str] = &[
    "client",
    "service",
    "options",
    "custom_fields",
    "configurable_options",
    "domain",
    "username",
    "password",
    "credential",
    "ours",
    "item",
    "true",
    "false",
    "none",
    "not",
    "and",
    "or",
    "in",
    "is",
    "if",
    "else",
];

/// Whether a text is one of our names and nothing else, such as `client.email`.
pub(super) fn is_name_of_ours(text: &str) -> bool {
    match text.split_once('.') {
        Some(("client", field)) => CLIENT_FIELDS.contains(&field),
        Some(("service", field)) => SERVICE.contains(&field),
        _ => false,
    }
}

/// Where a property is kept.
struct Keeper<'d> {
    place: Place,
    title: String,
    resource: Option<&'d str>,
}

/// What the file declares, whether or not it could be read.
pub(super) struct Declared<'p> {
    /// Where properties are kept.
    pub kept: &'p IndexMap<String, Range<usize>>,
    /// Where options are named.
    pub options: &'p IndexMap<String, Range<usize>>,
    /// Whether the order of `ensure` could be read.
    pub order_is_known: bool,
}

/// Checks every use of a name.
pub(super) fn check(
    definition: &Definition,
    mentions: &[Mention],
    declared: &Declared<'_>,
) -> Vec<Diagnostic> {
    let keepers = keepers(definition);
    let known = Known {
        definition,
        keepers: &keepers,
        declared,
    };
    mentions
        .iter()
        .filter_map(|mention| known.problem(mention))
        .collect()
}

fn keepers(definition: &Definition) -> IndexMap<&str, Vec<Keeper<'_>>> {
    let mut keepers: IndexMap<&str, Vec<Keeper<'_>>> = IndexMap::new();
    for (name, resource) in &definition.resources {
        for property in resource.keep.keys() {
            keepers.entry(property).or_default().push(Keeper {
                place: Place::Knowing(name.clone()),
                title: format!("[resources.{name}]"),
                resource: Some(name),
            });
        }
    }
    for (kind, operation) in &definition.operations {
        let Operation::Calls(calls) = operation else {
            continue;
        };
        for (number, call) in calls.iter().enumerate() {
            for property in call.keep.keys() {
                keepers.entry(property).or_default().push(Keeper {
                    place: Place::Call(*kind, number),
                    title: format!("`{kind}`"),
                    resource: None,
                });
            }
        }
    }
    keepers
}

struct Known<'d> {
    definition: &'d Definition,
    keepers: &'d IndexMap<&'d str, Vec<Keeper<'d>>>,
    declared: &'d Declared<'d>,
}

impl Known<'_> {
    fn problem(&self, mention: &Mention) -> Option<Diagnostic> {
        let mut parts = mention.path.split('.');
        let first = parts.next().unwrap_or_default();
        let second = parts.next();
        match &mention.place {
            Place::Answer => return Some(nothing_of_ours(mention)),
            Place::Auth if first == "credential" => return self.no_fields(mention, second),
            Place::Auth => return Some(only_credential(mention)),
            _ if first == "credential" => return Some(credential_outside(mention)),
            Place::Call(OperationKind::TestConnection, _) => {
                return Some(before_any_service(mention));
            }
            _ => {}
        }
        match (first, second) {
            ("client", second) => field_of(mention, "client", second, CLIENT_FIELDS),
            ("service", second) => field_of(mention, "service", second, SERVICE),
            ("options", None) => None,
            ("options", Some(option)) => self.option(mention, option),
            (name, _) if OPEN.contains(&name) => None,
            (name, second) if PLAIN.contains(&name) => self.no_fields(mention, second),
            (name, _) if self.keepers.contains_key(name) => self.too_early(mention, name),
            // What keeps it could not be read, and has a diagnostic of its own.
            (name, _) if self.declared.kept.contains_key(name) => None,
            (name, _) => Some(self.unknown(mention, name)),
        }
    }

    fn no_fields(&self, mention: &Mention, second: Option<&str>) -> Option<Diagnostic> {
        let second = second?;
        Some(
            Diagnostic::error(
                "causeway::unknown_name",
                mention.span.clone(),
                format!(
                    "`{}` is a single value and has no `{second}`",
                    mention.path.split('.').next().unwrap_or_default()
                ),
            )
            .label("has no fields")
            .help("to change a value, write a filter: `{{ domain | lower }}`"),
        )
    }

    fn option(&self, mention: &Mention, option: &str) -> Option<Diagnostic> {
        let options = &self.definition.options;
        if self.declared.options.contains_key(option) {
            return None;
        }
        let help = suggest::nearest(option, options.keys().map(String::as_str)).map_or_else(
            || format!("declare it: [options.{option}]"),
            |near| format!("did you mean `options.{near}`?"),
        );
        Some(
            Diagnostic::error(
                "causeway::unknown_name",
                mention.span.clone(),
                format!("there is no option `{option}`"),
            )
            .label("unknown option")
            .help(help),
        )
    }

    /// A property that exists, but not yet at this place.
    fn too_early(&self, mention: &Mention, name: &str) -> Option<Diagnostic> {
        let keepers = &self.keepers[name];
        let order_matters = keepers.iter().any(|keeper| keeper.resource.is_some());
        if order_matters && !self.declared.order_is_known {
            return None;
        }
        if keepers
            .iter()
            .any(|keeper| self.is_known_at(keeper, &mention.place))
        {
            return None;
        }
        let keeper = keepers.first()?;
        let help = match (keeper.resource, &mention.place) {
            (Some(keeper), Place::Making(here)) if keeper == here => format!(
                "it is kept once [resources.{keeper}] was found or created; `read` and `ready` can use it"
            ),
            (Some(keeper), Place::Making(here) | Place::Knowing(here)) => format!(
                "[resources.{keeper}] keeps it; name \"{keeper}\" before \"{here}\" in `ensure`"
            ),
            (Some(keeper), _) => {
                format!("[resources.{keeper}] keeps it; name \"{keeper}\" in `ensure` of `create`")
            }
            (None, _) => format!(
                "only {} keeps it, which may not have run before; keep it in a resource",
                keeper.title
            ),
        };
        let diagnostic = Diagnostic::error(
            "causeway::name_not_yet_known",
            mention.span.clone(),
            format!("`{name}` is not known yet here"),
        )
        .label("used before it is kept")
        .help(help);
        Some(match self.declared.kept.get(name) {
            Some(span) => diagnostic.also(span.clone(), format!("{} keeps it here", keeper.title)),
            None => diagnostic,
        })
    }

    fn is_known_at(&self, keeper: &Keeper<'_>, place: &Place) -> bool {
        let order = |name: &str| self.ensured().iter().position(|ensured| *ensured == name);
        match (keeper.resource, place) {
            (_, Place::ClientArea) => true,
            (Some(kept_by), Place::Knowing(here)) if kept_by == here => true,
            (Some(kept_by), Place::Making(here) | Place::Knowing(here)) => {
                match (order(kept_by), order(here)) {
                    (Some(kept_by), Some(here)) => kept_by < here,
                    // A resource that is never ensured has a warning of its own.
                    (kept_by, None) => kept_by.is_some(),
                    (None, _) => false,
                }
            }
            (Some(kept_by), Place::Call(..)) => order(kept_by).is_some(),
            (None, Place::Call(kind, number)) => {
                matches!(&keeper.place, Place::Call(by, earlier) if by == kind && earlier < number)
            }
            _ => false,
        }
    }

    fn ensured(&self) -> Vec<&str> {
        let ensured = self.definition.ensured();
        ensured.into_iter().map(|(name, _)| name).collect()
    }

    fn unknown(&self, mention: &Mention, name: &str) -> Diagnostic {
        let properties = self.keepers.keys().copied();
        let tables = ["client", "service", "options"];
        let near = suggest::nearest(
            name,
            tables
                .iter()
                .chain(PLAIN)
                .chain(OPEN)
                .copied()
                .chain(properties),
        )
        .map(str::to_owned)
        .or_else(|| behind_a_table(name))
        .or_else(|| {
            let option = self.definition.options.contains_key(name);
            option.then(|| format!("options.{name}"))
        });
        let diagnostic = Diagnostic::error(
            "causeway::unknown_name",
            mention.span.clone(),
            format!("there is no `{name}`"),
        )
        .label("unknown name");
        match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(
                "known are `client.…`, `service.…`, `options.…`, `custom_fields.…`, \
                 `configurable_options.…`, `domain`, `username`, `password`, and what resources keep",
            ),
        }
    }
}

fn behind_a_table(name: &str) -> Option<String> {
    let find =
        |table: &str, fields: &[&str]| fields.contains(&name).then(|| format!("{table}.{name}"));
    find("client", CLIENT_FIELDS).or_else(|| find("service", SERVICE))
}

fn field_of(
    mention: &Mention,
    table: &str,
    field: Option<&str>,
    known: &[&str],
) -> Option<Diagnostic> {
    let Some(field) = field else {
        return Some(
            Diagnostic::error(
                "causeway::unknown_name",
                mention.span.clone(),
                format!("`{table}` is a table, not a value"),
            )
            .label("which field of it?")
            .help(format!("name a field of it: {}", known.join(", "))),
        );
    };
    if known.contains(&field) {
        return None;
    }
    let help = suggest::nearest(field, known.iter().copied()).map_or_else(
        || format!("`{table}` has {}", known.join(", ")),
        |near| format!("did you mean `{table}.{near}`?"),
    );
    Some(
        Diagnostic::error(
            "causeway::unknown_name",
            mention.span.clone(),
            format!("there is no `{table}.{field}`"),
        )
        .label("unknown name")
        .help(help),
    )
}

fn nothing_of_ours(mention: &Mention) -> Diagnostic {
    Diagnostic::error(
        "causeway::name_not_known_here",
        mention.span.clone(),
        "names of ours are not known here",
    )
    .label("only the answer is known here")
    .help("`ours` can be used in `where`, `adopt`, `keep`, `ready` and `redirect`")
}

fn only_credential(mention: &Mention) -> Diagnostic {
    Diagnostic::error(
        "causeway::name_not_known_here",
        mention.span.clone(),
        format!("`{}` is not known in [auth]", mention.path),
    )
    .label("not known here")
    .help("[auth] knows only `credential`: what the provider entered for this vendor")
}

fn credential_outside(mention: &Mention) -> Diagnostic {
    Diagnostic::error(
        "causeway::name_not_known_here",
        mention.span.clone(),
        "`credential` is known only in [auth]",
    )
    .label("not known here")
    .help("put it into a header or a query parameter of [auth]; every request carries those")
}

fn before_any_service(mention: &Mention) -> Diagnostic {
    Diagnostic::error(
        "causeway::name_not_known_here",
        mention.span.clone(),
        format!("`{}` is not known in `test_connection`", mention.path),
    )
    .label("not known here")
    .help("staff press Test Connection before there is a client or a service; use a request that needs neither")
}
