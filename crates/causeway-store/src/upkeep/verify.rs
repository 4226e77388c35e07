//! Looks through a whole journal for what must not be there.

use std::collections::BTreeMap;

use causeway_engine::exchange::ExchangeDetail;
use causeway_engine::{Doubt, Input, Resolution, StoreError};
use serde_json::{Map, Value};

use super::{AnyJournal, Row, Snapshot, every_row};
use crate::key::Keys;
use crate::place::Place;
use crate::seal::{open_credential, open_json};
use crate::value::{
    from_json, from_nanoseconds, kind_from_name, outcome_from_name, parse_standing,
    status_from_name,
};

type Result<T> = std::result::Result<T, StoreError>;

/// Something that must not be in a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row: its table, and what names it there.
    pub row: String,
    /// What is wrong with it.
    pub what: String,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many rows of each table.
    pub rows: Vec<(&'static str, u64)>,
    /// How many sealed values were opened.
    pub opened: u64,
    /// How many faults there are.
    pub faults: u64,
}

const PROVIDERS: &str =
    "SELECT number, id, name, credential, added_at, token_made_at, removed_at FROM providers
     WHERE number > $1 ORDER BY number LIMIT 500";
const SERVICES: &str = "SELECT s.number, p.id, s.definition, s.reference, s.status, s.properties, s.doubts,
            s.resolutions, s.generation,
            (SELECT count(*) FROM operations AS o WHERE o.service = s.number AND o.standing = 'open')
     FROM services AS s LEFT JOIN providers AS p ON p.number = s.provider
     WHERE s.number > $1 ORDER BY s.number LIMIT 500";
const OPERATIONS: &str = "SELECT o.sequence, o.id, o.kind, o.standing, o.message, o.attention_step, o.accepted_at,
            o.ended_at, o.steps_done, (SELECT count(*) FROM inputs AS i WHERE i.operation = o.sequence),
            s.number, CASE WHEN s.provider = o.provider THEN 1 ELSE 0 END
     FROM operations AS o LEFT JOIN services AS s ON s.number = o.service
     WHERE o.sequence > $1 ORDER BY o.sequence LIMIT 500";
const INPUTS: &str = "SELECT i.operation, o.id, i.input FROM inputs AS i
     LEFT JOIN operations AS o ON o.sequence = i.operation
     WHERE i.operation > $1 ORDER BY i.operation LIMIT 500";
const EXCHANGES: &str =
    "SELECT e.operation, e.number, o.id, e.outcome, e.detail, e.sent_at, e.ended_at
     FROM exchanges AS e LEFT JOIN operations AS o ON o.sequence = e.operation
     WHERE (e.operation, e.number) > ($1, $2) ORDER BY e.operation, e.number LIMIT 500";
/// Claims have no numbers of their own: they are looked through by the service that claims.
const CLAIMS: &str = "SELECT s.number, count(c.value),
            coalesce(sum(CASE WHEN c.provider <> s.provider OR c.definition <> s.definition THEN 1 ELSE 0 END), 0),
            coalesce(sum(CASE WHEN c.generation > s.generation THEN 1 ELSE 0 END), 0)
     FROM services AS s LEFT JOIN claims AS c ON c.service = s.number
     WHERE s.number > $1 GROUP BY s.number ORDER BY s.number LIMIT 500";
const CLAIMS_OF_NOBODY: &str = "SELECT count(*) FROM claims AS c
     WHERE NOT EXISTS (SELECT 1 FROM services AS s WHERE s.number = c.service)";

/// Opens every sealed value of a journal and checks its rules, as it stands at one moment; gives each
/// fault to `tell` when it is found. Needs the same little memory for every journal.
///
/// # Errors
/// When the journal cannot be read to its end.
pub async fn verify(
    journal: &dyn AnyJournal,
    tell: &mut (dyn FnMut(Fault) + Send),
) -> Result<Verified> {
    let mut snapshot = journal.snapshot().await?;
    let mut verifier = Verifier {
        keys: journal.keys().clone(),
        tell,
        verified: Verified::default(),
        previous_exchange: (0, 0),
    };
    for what in snapshot.integrity().await? {
        verifier.fault("the database", what);
    }
    let tables: [(&'static str, &'static str, Check<'_>); 6] = [
        ("providers", PROVIDERS, Verifier::provider),
        ("services", SERVICES, Verifier::service),
        ("operations", OPERATIONS, Verifier::operation),
        ("inputs", INPUTS, Verifier::input),
        ("exchanges", EXCHANGES, Verifier::exchange),
        ("claims", CLAIMS, Verifier::claims),
    ];
    for (table, statement, check) in tables {
        verifier
            .table(&mut *snapshot, table, statement, check)
            .await?;
    }
    let of_nobody = snapshot.rows(CLAIMS_OF_NOBODY, (0, 0)).await?;
    match of_nobody.first().map(|row| row.number(0)).transpose()? {
        None | Some(0) => {}
        Some(count) => verifier.fault(
            "claims",
            format!("{count} are of services that do not exist"),
        ),
    }
    snapshot.end().await;
    Ok(verifier.verified)
}

type Check<'a> = fn(&mut Verifier<'a>, &Row) -> Result<()>;

struct Verifier<'a> {
    keys: Keys,
    tell: &'a mut (dyn FnMut(Fault) + Send),
    verified: Verified,
    /// Operation and number.
    previous_exchange: (i64, i64),
}

impl<'a> Verifier<'a> {
    async fn table(
        &mut self,
        snapshot: &mut dyn Snapshot,
        table: &'static str,
        statement: &'static str,
        check: Check<'a>,
    ) -> Result<()> {
        let mut rows = 0;
        every_row(snapshot, statement, |row| {
            rows += 1;
            // What cannot be read is a fault of its row, and the look goes on.
            if let Err(error) = check(self, row) {
                let name = name_of(table, row);
                let what = match error {
                    StoreError::Damaged(what) | StoreError::WrongKey(what) => what,
                    other => other.to_string(),
                };
                self.fault(&name, what);
            }
            Ok(())
        })
        .await?;
        self.verified.rows.push((table, rows));
        Ok(())
    }

    fn fault(&mut self, row: &str, what: impl Into<String>) {
        self.verified.faults += 1;
        (self.tell)(Fault {
            row: row.to_owned(),
            what: what.into(),
        });
    }

    fn refuse_unless(&mut self, holds: bool, table: &str, row: &Row, what: &str) {
        if !holds {
            self.fault(&name_of(table, row), what);
        }
    }

    fn provider(&mut self, row: &Row) -> Result<()> {
        let id = row.provider(1)?;
        row.text(2)?;
        if let Some(sealed) = row.optional_bytes(3)? {
            open_credential(&self.keys, id, sealed.to_vec())?;
            self.verified.opened += 1;
        }
        times(row, &[4, 5, 6])
    }

    fn service(&mut self, row: &Row) -> Result<()> {
        let open = row.number(9)?;
        let what = format!("has {open} open operations at once");
        self.refuse_unless(open <= 1, "services", row, &what);
        let key = row.service(1)?;
        status_from_name(row.text(4)?)?;
        from_json::<BTreeMap<String, Doubt>>(row.text(6)?, &key)?;
        from_json::<BTreeMap<String, Resolution>>(row.text(7)?, &key)?;
        row.count(8)?;
        if let Some(sealed) = row.optional_bytes(5)? {
            let place = Place::properties(&key);
            open_json::<Map<String, Value>>(&self.keys, &place, sealed.to_vec())?;
            self.verified.opened += 1;
        }
        Ok(())
    }

    fn operation(&mut self, row: &Row) -> Result<()> {
        let is_open = row.text(3)? == "open";
        let has_input = row.number(9)? > 0;
        let table = "operations";
        self.refuse_unless(
            is_open || !has_input,
            table,
            row,
            "has ended, and its input is still there",
        );
        self.refuse_unless(
            !is_open || has_input,
            table,
            row,
            "is open, and its input is missing",
        );
        let has_ended = row.optional_number(7)?.is_some();
        self.refuse_unless(
            is_open != has_ended,
            table,
            row,
            "its standing and the time of its end differ",
        );
        let has_service = row.optional_number(10)?.is_some();
        self.refuse_unless(has_service, table, row, "its service does not exist");
        let is_own = !has_service || row.number(11)? == 1;
        self.refuse_unless(is_own, table, row, "its service is another provider's");
        kind_from_name(row.text(2)?)?;
        row.count(8)?;
        let id = row.operation(1)?;
        let message = match row.optional_bytes(4)? {
            Some(sealed) => {
                self.verified.opened += 1;
                Some(open_json(&self.keys, &Place::message(id), sealed.to_vec())?)
            }
            None => None,
        };
        parse_standing(
            row.text(3)?,
            message,
            row.optional_text(5)?.map(str::to_owned),
        )?;
        times(row, &[6, 7])
    }

    fn input(&mut self, row: &Row) -> Result<()> {
        let id = row.operation(1)?;
        open_json::<Input>(&self.keys, &Place::input(id), row.bytes(2)?.to_vec())?;
        self.verified.opened += 1;
        Ok(())
    }

    fn exchange(&mut self, row: &Row) -> Result<()> {
        let (operation, number) = (row.number(0)?, row.number(1)?);
        let (previous_operation, previous) = self.previous_exchange;
        let expected = if operation == previous_operation {
            previous + 1
        } else {
            1
        };
        self.previous_exchange = (operation, number);
        let what = format!("exchange {expected} of its operation is missing before it");
        self.refuse_unless(number == expected, "exchanges", row, &what);
        outcome_from_name(row.text(3)?)?;
        times(row, &[5, 6])?;
        let place = Place::detail(row.operation(2)?, row.count(1)?);
        open_json::<ExchangeDetail>(&self.keys, &place, row.bytes(4)?.to_vec())?;
        self.verified.opened += 1;
        Ok(())
    }

    fn claims(&mut self, row: &Row) -> Result<()> {
        let (foreign, later) = (row.number(2)?, row.number(3)?);
        let what = format!("{foreign} of its claims are under another provider or definition");
        self.refuse_unless(foreign == 0, "services", row, &what);
        let what = format!("{later} of its claims are of a life that has not begun");
        self.refuse_unless(later == 0, "services", row, &what);
        Ok(())
    }
}

fn times(row: &Row, columns: &[usize]) -> Result<()> {
    for column in columns {
        row.optional_number(*column)?
            .map(from_nanoseconds)
            .transpose()?;
    }
    Ok(())
}

/// What a person finds a row by.
fn name_of(table: &str, row: &Row) -> String {
    let number = row.number(0).unwrap_or_default();
    match table {
        "services" => match row.service(1) {
            Ok(key) => format!("services {number} ({key})"),
            Err(_) => format!("services {number}"),
        },
        "exchanges" => match (row.operation(2), row.number(1)) {
            (Ok(id), Ok(exchange)) => format!("exchanges {number}/{exchange} (operation {id})"),
            _ => format!("exchanges {number}"),
        },
        "operations" | "inputs" => match row.operation(1) {
            Ok(id) => format!("{table} {number} (operation {id})"),
            Err(_) => format!("{table} {number}"),
        },
        _ => format!("{table} {number}"),
    }
}
