//! What can be wrong with a module, by names that stay the same for ever: they stand in reports and in
//! `--fail-on`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// One kind of thing that can be wrong with a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`Finding::title` says what each one is")]
pub enum Finding {
    DoubledCreate,
    StuckCreate,
    OrphanedService,
    UnfinishedTerminate,
    FalseSuccess,
    UncaughtError,
    WrongReturn,
    SilentFailure,
    OutputPrinted,
    PhpWarning,
    NoConnectTimeout,
    NoTotalTimeout,
    SlowCallback,
    UnverifiedTls,
    SecretInModuleLog,
    SecretInActivityLog,
    SecretInUrl,
    EarlyWelcomeEmail,
    UnknownColumn,
    UnescapedValue,
    MissingGuard,
    RedirectFollowed,
}

/// A text that is no finding's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no finding `{0}`; the findings are: {names}", names = names())]
pub struct UnknownFinding(String);

struct Lesson {
    name: &'static str,
    title: &'static str,
    why: &'static str,
    mend: &'static str,
}

impl Finding {
    /// Every finding, the worst first.
    pub const ALL: [Self; 22] = [
        Self::DoubledCreate,
        Self::StuckCreate,
        Self::OrphanedService,
        Self::FalseSuccess,
        Self::UnfinishedTerminate,
        Self::UncaughtError,
        Self::NoTotalTimeout,
        Self::NoConnectTimeout,
        Self::UnverifiedTls,
        Self::SecretInModuleLog,
        Self::SecretInActivityLog,
        Self::SecretInUrl,
        Self::RedirectFollowed,
        Self::EarlyWelcomeEmail,
        Self::WrongReturn,
        Self::SilentFailure,
        Self::UnknownColumn,
        Self::UnescapedValue,
        Self::OutputPrinted,
        Self::PhpWarning,
        Self::SlowCallback,
        Self::MissingGuard,
    ];

    /// The stable name: `doubled_create`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.lesson().name
    }

    /// What is wrong, in one line.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.lesson().title
    }

    /// What it costs whom.
    #[must_use]
    pub const fn why(self) -> &'static str {
        self.lesson().why
    }

    /// How a module does it right.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        self.lesson().mend
    }

    const fn lesson(self) -> Lesson {
        match self {
            Self::DoubledCreate => Lesson {
                name: "doubled_create",
                title: "a repeated create makes a second service at the vendor",
                why: "An answer is lost now and then: a timeout, a reset, a 504 of a proxy. WHMCS then tries \
                      again from its module queue, or staff press Create once more. If the vendor makes a \
                      second service, the provider pays for both, and nobody knows of the first.",
                mend: "Look for the service before creating it: by a reference of your own, such as WHMCS's \
                       service id, or by the domain. Or send an idempotency key made of the service id, if \
                       the vendor honours one. Keep the vendor's id as soon as it is known.",
            },
            Self::StuckCreate => Lesson {
                name: "stuck_create",
                title: "after a lost answer the create never succeeds again",
                why: "The vendor has the service already and says \"already exists\" to every further try. The \
                      customer has paid and waits until a person finds the service and enters it by hand.",
                mend: "When the vendor says that it exists, read the service, make sure that it is this \
                       customer's, keep its values and answer success.",
            },
            Self::OrphanedService => Lesson {
                name: "orphaned_service",
                title: "terminate says success, and something is left at the vendor",
                why: "What is left goes on running and is billed to the provider, month after month, while \
                      WHMCS shows it as terminated.",
                mend: "End everything that the create made, and say success only when the vendor no longer has \
                       it. Where no id was kept, look for it by your own reference before believing that \
                       nothing was made.",
            },
            Self::UnfinishedTerminate => Lesson {
                name: "unfinished_terminate",
                title: "terminate fails when the vendor has nothing any more",
                why: "Somebody removed it at the vendor, or the answer to the first try was lost. Every night \
                      the cron fails again, and the queue never empties.",
                mend: "Take \"not found\" (404, 410) for a success when something is to be ended.",
            },
            Self::FalseSuccess => Lesson {
                name: "false_success",
                title: "a callback says success, although the vendor did not do it",
                why: "WHMCS believes it: the customer has an active service that does not exist, or one that is \
                      suspended in WHMCS alone. Nobody is told, and nothing tries again.",
                mend: "Take for a success only what the vendor says is one: the status is 2xx, the body is \
                       what was expected, and the values that are needed stand in it. Everything else is an \
                       error with a message.",
            },
            Self::UncaughtError => Lesson {
                name: "uncaught_error",
                title: "an exception or error leaves a callback",
                why: "Depending on where it happens WHMCS shows a broken page, or the cron ends in the middle of \
                      other customers' services.",
                mend: "Put the body of each callback into try { … } catch (\\Throwable $error) { … } and return \
                       its message. Catch Throwable: a TypeError of PHP is no Exception.",
            },
            Self::WrongReturn => Lesson {
                name: "wrong_return",
                title: "a callback returns something of another type than WHMCS expects",
                why: "WHMCS compares with the text \"success\". NULL, false or an array is shown as an error \
                      without a message, or not shown at all.",
                mend: "Return the text 'success', or the error as a text. TestConnection returns \
                       ['success' => bool, 'error' => text], a single sign-on ['success' => bool, \
                       'redirectTo' => address].",
            },
            Self::SilentFailure => Lesson {
                name: "silent_failure",
                title: "an error without a message",
                why: "Staff see that it failed and not why; so does the module queue. All that is left is to \
                      switch the module log on and to wait for the next time.",
                mend: "Say what was tried and what the vendor answered, also where the answer is empty or no \
                       JSON: \"The vendor answered 502 to POST /accounts\".",
            },
            Self::OutputPrinted => Lesson {
                name: "output_printed",
                title: "a callback prints something",
                why: "What is printed comes before WHMCS's page and its headers: redirects fail, JSON answers of \
                      WHMCS are broken, the session may be lost.",
                mend: "Return what is to be shown; print and exit nothing. Debug output belongs to \
                       logModuleCall().",
            },
            Self::PhpWarning => Lesson {
                name: "php_warning",
                title: "PHP warns",
                why: "A warning is a mistake that happened to be harmless this time: something was read that is \
                      not there. Where errors are displayed, it is printed into the page; the next PHP version \
                      may make an error of it.",
                mend: "Ask before reading: isset(), ??, is_array(). Declare properties.",
            },
            Self::NoConnectTimeout => Lesson {
                name: "no_connect_timeout",
                title: "a vendor that takes no connection holds the callback",
                why: "When the vendor's network is down, each call waits for minutes. Pages of customers hang, \
                      PHP's workers run out, and the cron is not done by morning.",
                mend: "Set CURLOPT_CONNECTTIMEOUT (Guzzle: connect_timeout) to some seconds.",
            },
            Self::NoTotalTimeout => Lesson {
                name: "no_total_timeout",
                title: "a vendor that never answers holds the callback",
                why: "A vendor that takes the connection and then hangs holds the request for ever: curl and \
                      Guzzle wait without end unless told otherwise.",
                mend: "Set CURLOPT_TIMEOUT (Guzzle: timeout) below what a web request may take, and mind that \
                       several calls add up.",
            },
            Self::SlowCallback => Lesson {
                name: "slow_callback",
                title: "a callback takes long although the vendor answers at once",
                why: "The customer looks at a page that does not come, and the cron takes this time for each \
                      service.",
                mend: "Do not sleep in a web request, and do not ask again and again until something is ready: \
                       save what is known, and fetch the rest from a hook of the cron.",
            },
            Self::UnverifiedTls => Lesson {
                name: "unverified_tls",
                title: "the vendor's certificate is not checked",
                why: "Whoever stands in between reads the provider's credential and can answer in the vendor's \
                      place.",
                mend: "Leave CURLOPT_SSL_VERIFYPEER and CURLOPT_SSL_VERIFYHOST as they are by default (Guzzle: \
                       verify). For a server with a certificate of its own, let the provider enter the \
                       authority's file.",
            },
            Self::SecretInModuleLog => Lesson {
                name: "secret_in_module_log",
                title: "a secret stands in the module log",
                why: "Every member of staff can read the module log, and it is sent around in tickets.",
                mend: "Give logModuleCall() the secrets as its last argument, and do not log the whole $params.",
            },
            Self::SecretInActivityLog => Lesson {
                name: "secret_in_activity_log",
                title: "a secret stands in the activity log",
                why: "The activity log is kept for years and masks nothing.",
                mend: "Log what happened, not what was sent: no passwords, no addresses with keys in them.",
            },
            Self::SecretInUrl => Lesson {
                name: "secret_in_url",
                title: "a secret stands in the address of a request",
                why: "Addresses are written to the logs of every server and proxy on the way.",
                mend: "Send credentials in a header (Authorization) and passwords in the body.",
            },
            Self::EarlyWelcomeEmail => Lesson {
                name: "early_welcome_email",
                title: "the welcome e-mail is sent before the values that it shows are there",
                why: "WHMCS sends it as soon as the create says success. The customer gets an e-mail with gaps \
                      where the key or the address should be, and writes a ticket.",
                mend: "Say success when the values are kept. If the vendor needs longer, answer with an error \
                       that says so, so that the queue tries again, or send the e-mail yourself when they are \
                       there.",
            },
            Self::UnknownColumn => Lesson {
                name: "unknown_column",
                title: "a table or column that WHMCS does not have",
                why: "MySQL refuses the whole statement: nothing of it is written.",
                mend: "Use WHMCS's own columns and service properties, or a table of your own that the module \
                       makes.",
            },
            Self::UnescapedValue => Lesson {
                name: "unescaped_value",
                title: "markup that somebody entered arrives in a page as markup",
                why: "Whoever can enter a name or send a value can run a script in the browser of customers \
                      and of staff.",
                mend: "In templates {$value|escape}, in PHP htmlspecialchars($value, ENT_QUOTES).",
            },
            Self::MissingGuard => Lesson {
                name: "missing_guard",
                title: "the module's file breaks when it is opened without WHMCS",
                why: "Everybody can open modules/servers/… in a browser. The error message tells the paths of \
                      the server.",
                mend: "Begin with: if (!defined('WHMCS')) { die('This file cannot be accessed directly'); }",
            },
            Self::RedirectFollowed => Lesson {
                name: "redirect_followed",
                title: "a request that changes something is sent again after a redirect",
                why: "A redirect can lead to another host, and the credential goes with it; a create can happen \
                      two times.",
                mend: "Do not follow redirects for POST, PUT, PATCH and DELETE (Guzzle: allow_redirects false).",
            },
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Finding {
    type Err = UnknownFinding;

    fn from_str(name: &str) -> Result<Self, UnknownFinding> {
        Self::ALL
            .into_iter()
            .find(|finding| finding.name() == name)
            .ok_or_else(|| UnknownFinding(name.to_owned()))
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

fn names() -> String {
    Finding::ALL.map(Finding::name).join(", ")
}
