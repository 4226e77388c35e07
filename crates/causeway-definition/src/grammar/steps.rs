//! The keys of what talks to the vendor: resources, requests and operations.

use super::{Key, Keys, Shape, key, required};

pub(crate) static RESOURCE: Keys = Keys {
    groups: &[&[
        key(
            "key",
            Shape::Template,
            "Operations with one key take turns at this resource (default: the service's reference).",
        ),
        key(
            "find",
            Shape::Table(&FIND),
            "How to look whether it is there.",
        ),
        key(
            "adopt",
            Shape::Expression,
            "Whether one that we did not make may be used: \"never\" (default), \"always\", or an expression over the item.",
        ),
        required("create", Shape::Table(&CREATE), "How to make it."),
        key(
            "read",
            Shape::Table(&READ),
            "How to look at the one that we know.",
        ),
        key(
            "ready",
            Shape::ExpressionOrTable(&READY),
            "When it is finished (default: as soon as it is created).",
        ),
        required(
            "keep",
            Shape::ExpressionTable,
            "What to remember of it: property name to an expression over the item; the first one identifies it.",
        ),
    ]],
};

/// The methods of a request, each a key whose value is the path.
pub(crate) const METHODS: &[Key] = &[
    key("get", Shape::Template, "GET this path."),
    key("post", Shape::Template, "POST to this path."),
    key("put", Shape::Template, "PUT to this path."),
    key("patch", Shape::Template, "PATCH this path."),
    key("delete", Shape::Template, "DELETE this path."),
];

const REQUEST: &[Key] = &[
    key(
        "query",
        Shape::TemplateTable,
        "Query parameters; one that is null is left out.",
    ),
    key(
        "headers",
        Shape::TemplateTable,
        "Headers beside those of [auth].",
    ),
    key("body", Shape::Body, "The JSON body."),
    key(
        "form",
        Shape::Form,
        "The body as form fields, in place of `body`.",
    ),
    key(
        "timeout",
        Shape::Duration,
        "How long this exchange may take (default: [service] timeout).",
    ),
    key(
        "at",
        Shape::Expression,
        "Where the item stands in the answer (default: the answer itself).",
    ),
];

const CHANGE: &[Key] = &[
    key(
        "accept",
        Shape::Statuses,
        "Statuses that count as done (default: every 2xx).",
    ),
    key(
        "done_when",
        Shape::Statuses,
        "Statuses that mean that there is nothing left to do.",
    ),
    key(
        "idempotency_header",
        Shape::Text,
        "The header in which the vendor takes an idempotency key.",
    ),
    key(
        "repeatable",
        Shape::Flag,
        "Whether sending it twice has the effect of sending it once.",
    ),
];

pub(crate) static CREATE: Keys = Keys {
    groups: &[METHODS, REQUEST, CHANGE],
};

pub(crate) static FIND: Keys = Keys {
    groups: &[
        METHODS,
        REQUEST,
        &[
            key(
                "where",
                Shape::Expression,
                "Which items count; names of ours stand behind `ours`.",
            ),
            key(
                "next",
                Shape::Expression,
                "Where the address of the next page stands.",
            ),
            key(
                "absent_when",
                Shape::Statuses,
                "Statuses that mean \"there is none\" (default: none).",
            ),
        ],
    ],
};

pub(crate) static READ: Keys = Keys {
    groups: &[
        METHODS,
        REQUEST,
        &[
            key(
                "where",
                Shape::Expression,
                "When the item counts as there; names of ours stand behind `ours`.",
            ),
            key(
                "gone_when",
                Shape::Statuses,
                "Statuses that mean \"it is gone\" (default: 404, 410).",
            ),
        ],
    ],
};

pub(crate) static READY: Keys = Keys {
    groups: &[&[
        required(
            "when",
            Shape::Expression,
            "Holds over the item once it is finished.",
        ),
        key(
            "failed",
            Shape::Expression,
            "Holds over the item once the vendor has given up on it.",
        ),
        key(
            "every",
            Shape::Duration,
            "How long to wait between two looks (default 5s).",
        ),
        key(
            "within",
            Shape::Duration,
            "How long to wait in all (default 1h).",
        ),
    ]],
};

pub(crate) static CALL: Keys = Keys {
    groups: &[
        METHODS,
        REQUEST,
        CHANGE,
        &[
            key(
                "keep",
                Shape::ExpressionTable,
                "What to remember of the answer.",
            ),
            key(
                "forget",
                Shape::Texts,
                "Properties that end with this call.",
            ),
            key(
                "redirect",
                Shape::Expression,
                "For single_sign_on: where the address stands that the person is sent to.",
            ),
        ],
    ],
};

pub(crate) static OPERATIONS: Keys = Keys {
    groups: &[&[
        required("create", Shape::Table(&ENSURE), "Make the service."),
        key("suspend", Shape::OneOrList(&CALL), "Stop it for a while."),
        key("unsuspend", Shape::OneOrList(&CALL), "Let it go on."),
        key("terminate", Shape::OneOrList(&CALL), "End it."),
        key("renew", Shape::OneOrList(&CALL), "Another period was paid."),
        key(
            "change_package",
            Shape::OneOrList(&CALL),
            "Other options were bought.",
        ),
        key(
            "change_password",
            Shape::OneOrList(&CALL),
            "The customer chose another password.",
        ),
        key(
            "test_connection",
            Shape::OneOrList(&CALL),
            "Does the vendor accept the credential?",
        ),
        key(
            "single_sign_on",
            Shape::OneOrList(&CALL),
            "An address that logs the customer in.",
        ),
    ]],
};

pub(crate) static ENSURE: Keys = Keys {
    groups: &[&[required(
        "ensure",
        Shape::Texts,
        "The resources that must exist, in this order.",
    )]],
};
