//! Every key that a definition may have, in one table: the parser's list of known keys and the
//! source of the JSON Schema.

mod steps;

pub(crate) use self::steps::{
    CALL, CREATE, ENSURE, FIND, METHODS, OPERATIONS, READ, READY, RESOURCE,
};

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A text with `{{ … }}` in it.
    Template,
    /// An expression over the vendor's answer.
    Expression,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Count,
    /// `"500ms"`, `"10s"`, `"5m"`, `"1h"`.
    Duration,
    /// A list of HTTP statuses.
    Statuses,
    /// A list of texts.
    Texts,
    /// A table of texts.
    TextTable,
    /// A table of templates.
    TemplateTable,
    /// A table of expressions.
    ExpressionTable,
    /// A JSON body: a table, a list or a template.
    Body,
    /// The fields of a form.
    Form,
    /// A text, or `true` or `false`.
    TextOrFlag,
    /// A table with keys of its own.
    Table(&'static Keys),
    /// A table of tables, by name.
    Named(&'static Keys),
    /// A list of tables.
    List(&'static Keys),
    /// One table, or a list of them.
    OneOrList(&'static Keys),
    /// An expression, or a table that says more.
    ExpressionOrTable(&'static Keys),
}

/// One known key.
#[derive(Debug)]
pub(crate) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    pub about: &'static str,
}

/// The known keys of one kind of table, in groups.
#[derive(Debug)]
pub(crate) struct Keys {
    pub groups: &'static [&'static [Key]],
}

impl Keys {
    pub fn iter(&self) -> impl Iterator<Item = &'static Key> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    pub fn get(&self, name: &str) -> Option<&'static Key> {
        self.iter().find(|key| key.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(|key| key.name)
    }
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        required: false,
        about,
    }
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        required: true,
        about,
    }
}

pub(crate) static FILE: Keys = Keys {
    groups: &[&[
        required(
            "service",
            Shape::Table(&SERVICE),
            "Name, title and addresses of what is sold.",
        ),
        key(
            "auth",
            Shape::Table(&AUTH),
            "What every request carries to prove who asks.",
        ),
        key(
            "options",
            Shape::Named(&OPTION),
            "Product settings: the fields of the product form, in this order.",
        ),
        key(
            "properties",
            Shape::Named(&PROPERTY),
            "How kept values are labelled, and which of them are secret.",
        ),
        required(
            "resources",
            Shape::Named(&RESOURCE),
            "Things at the vendor that a service needs.",
        ),
        required(
            "operations",
            Shape::Table(&OPERATIONS),
            "The lifecycle calls that the vendor offers.",
        ),
        key(
            "client_area",
            Shape::Table(&CLIENT_AREA),
            "What the customer sees on the product page.",
        ),
        key(
            "error",
            Shape::Table(&ERROR),
            "How the vendor's error answers are read.",
        ),
    ]],
};

pub(crate) static SERVICE: Keys = Keys {
    groups: &[&[
        required(
            "name",
            Shape::Text,
            "The WHMCS module's name: lower-case letters and digits, starting with a letter, at most 32.",
        ),
        required("title", Shape::Text, "The name that people read."),
        key(
            "description",
            Shape::Text,
            "One sentence for WHMCS's Apps page.",
        ),
        required(
            "api",
            Shape::Text,
            "The address that every request path is added to; https, or http to this machine.",
        ),
        key(
            "other_hosts",
            Shape::Texts,
            "Further hosts (`host` or `host:port`) that a request or a next page may go to.",
        ),
        key(
            "private_network",
            Shape::Flag,
            "Whether the API may stand on a private address (default false).",
        ),
        key(
            "timeout",
            Shape::Duration,
            "How long one exchange may take (default 15s).",
        ),
        key(
            "settle",
            Shape::Duration,
            "How long after a doubtful create an empty `find` is not yet believed (default 2s).",
        ),
        key(
            "patience",
            Shape::Duration,
            "How long an operation goes on trying to reach a vendor that is away or busy (default 10m).",
        ),
        key("support", Shape::Text, "A page where staff find help."),
        key("author", Shape::Text, "Who made it, for WHMCS's Apps page."),
        key("logo", Shape::Text, "Path of a PNG beside the definition."),
    ]],
};

pub(crate) static AUTH: Keys = Keys {
    groups: &[&[
        key(
            "bearer",
            Shape::Template,
            "The token of an `Authorization: Bearer` header.",
        ),
        key(
            "basic",
            Shape::Table(&BASIC),
            "User name and password of HTTP Basic.",
        ),
        key(
            "headers",
            Shape::TemplateTable,
            "Headers that every request carries.",
        ),
        key(
            "query",
            Shape::TemplateTable,
            "Query parameters that every request carries.",
        ),
    ]],
};

pub(crate) static BASIC: Keys = Keys {
    groups: &[&[
        required("username", Shape::Template, "The user name."),
        required("password", Shape::Template, "The password."),
    ]],
};

/// The words of `type` in an option.
pub(crate) const OPTION_TYPES: &[&str] =
    &["text", "password", "yesno", "dropdown", "radio", "textarea"];

pub(crate) static OPTION: Keys = Keys {
    groups: &[&[
        key(
            "label",
            Shape::Text,
            "What staff read beside the field (default: made from the name).",
        ),
        key("description", Shape::Text, "A line below the field."),
        key(
            "type",
            Shape::Word(OPTION_TYPES),
            "The kind of field (default: dropdown with `choices`, else text).",
        ),
        key(
            "choices",
            Shape::TextTable,
            "For dropdown and radio: value to label.",
        ),
        key(
            "default",
            Shape::TextOrFlag,
            "The value that a new product starts with.",
        ),
        key(
            "secret",
            Shape::Flag,
            "Whether the value is masked wherever it could be read (default: true for password).",
        ),
        key(
            "simple_mode",
            Shape::Flag,
            "Whether WHMCS shows the field in its simple mode (default true).",
        ),
        key(
            "size",
            Shape::Count,
            "For text and password: the width in characters.",
        ),
        key("rows", Shape::Count, "For textarea: the height in lines."),
        key(
            "columns",
            Shape::Count,
            "For textarea: the width in characters.",
        ),
    ]],
};

pub(crate) static PROPERTY: Keys = Keys {
    groups: &[&[
        key(
            "label",
            Shape::Text,
            "What staff read (default: made from the name).",
        ),
        key(
            "secret",
            Shape::Flag,
            "Whether the value is masked wherever it could be read (default false).",
        ),
    ]],
};

pub(crate) static CLIENT_AREA: Keys = Keys {
    groups: &[&[
        key("show", Shape::List(&SHOWN), "Lines of label and value."),
        key(
            "dashboard",
            Shape::Template,
            "The address behind the dashboard button.",
        ),
    ]],
};

pub(crate) static SHOWN: Keys = Keys {
    groups: &[&[
        required(
            "label",
            Shape::Text,
            "What the customer reads beside the value.",
        ),
        required("value", Shape::Template, "The value."),
        key(
            "copy",
            Shape::Flag,
            "Whether the page offers a button that copies it (default false).",
        ),
    ]],
};

pub(crate) static ERROR: Keys = Keys {
    groups: &[&[key(
        "message",
        Shape::Expression,
        "Where the vendor's own words stand in an error answer (default: the usual places).",
    )]],
};
