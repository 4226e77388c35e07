//! Exchanges with the vendor, with what was said sealed.

use causeway_engine::{Exchange, OperationId, StoreError};
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::{Row, Statement};

use super::{all, count, get};
use crate::failure::damaged;
use crate::key::Keys;
use crate::place::Place;
use crate::postgres::failure::Result;
use crate::seal;
use crate::value::{from_nanoseconds, outcome_from_name, to_nanoseconds};

/// Records an exchange, or what is known of it now.
pub(super) const PUT: &str = "INSERT INTO exchanges
         (operation, number, step, purpose, sent_at, ended_at, outcome, status, detail)
     SELECT sequence, $2, $3, $4, $5, $6, $7, $8, $9 FROM operations WHERE id = $1
     ON CONFLICT (operation, number) DO UPDATE SET
         step = excluded.step, purpose = excluded.purpose, sent_at = excluded.sent_at,
         ended_at = excluded.ended_at, outcome = excluded.outcome,
         status = excluded.status, detail = excluded.detail";

/// An exchange with its text sealed.
pub(super) struct SealedExchange<'a> {
    exchange: &'a Exchange,
    detail: Vec<u8>,
}

impl<'a> SealedExchange<'a> {
    pub(super) fn of(
        keys: &Keys,
        operation: OperationId,
        exchange: &'a Exchange,
    ) -> std::result::Result<Self, StoreError> {
        let place = Place::detail(operation, exchange.number);
        Ok(Self {
            exchange,
            detail: seal::seal_json(keys, &place, &exchange.detail)?,
        })
    }

    /// Runs [`PUT`].
    pub(super) async fn put(
        &self,
        transaction: &Transaction<'_>,
        put: &Statement,
        operation: OperationId,
    ) -> Result<()> {
        let Self { exchange, detail } = self;
        transaction
            .execute(
                put,
                &[
                    &operation.0,
                    &i64::from(exchange.number),
                    &exchange.step,
                    &exchange.purpose,
                    &to_nanoseconds(exchange.sent_at),
                    &exchange.ended_at.map(to_nanoseconds),
                    &exchange.outcome.name(),
                    &exchange.status.map(i32::from),
                    detail,
                ],
            )
            .await?;
        Ok(())
    }
}

/// The exchanges of one operation, in order.
pub(in crate::postgres) async fn list(
    client: &impl GenericClient,
    keys: &Keys,
    operation: OperationId,
) -> Result<Vec<Exchange>> {
    let rows = all(
        client,
        "SELECT number, step, purpose, sent_at, ended_at, outcome, status, detail
         FROM exchanges
         WHERE operation = (SELECT sequence FROM operations WHERE id = $1)
         ORDER BY number",
        &[&operation.0],
    )
    .await?;
    rows.iter().map(|row| parse(row, keys, operation)).collect()
}

fn parse(row: &Row, keys: &Keys, operation: OperationId) -> Result<Exchange> {
    let number = count(row, 0)?;
    let ended_at: Option<i64> = get(row, 4)?;
    let status: Option<i32> = get(row, 6)?;
    let status = status
        .map(|status| {
            u16::try_from(status).map_err(|_| damaged(format!("{status} is not a status")))
        })
        .transpose()?;
    Ok(Exchange {
        number,
        step: get(row, 1)?,
        purpose: get(row, 2)?,
        sent_at: from_nanoseconds(get(row, 3)?)?,
        ended_at: ended_at.map(from_nanoseconds).transpose()?,
        outcome: outcome_from_name(get(row, 5)?)?,
        status,
        detail: seal::open_json(keys, &Place::detail(operation, number), get(row, 7)?)?,
    })
}
