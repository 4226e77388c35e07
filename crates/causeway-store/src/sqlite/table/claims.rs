//! Claims: which service's life an identity at the vendor belongs to.

use causeway_engine::{Claim, Holder, Identity, ProviderId};
use rusqlite::{Connection, params};

use super::{execute, first};
use crate::claimed::Claimed;
use crate::sqlite::failure::Result;

/// Gives an identity to the present life of a service, unless it is another's.
pub(super) fn claim(connection: &Connection, service: i64, claim: &Claim) -> Result<()> {
    let identity = &claim.identity;
    let claimed = first(
        connection,
        "SELECT holder.number <> own.number,
                c.generation = holder.generation AND holder.status <> 'terminated',
                c.generation = own.generation
         FROM services AS own
         JOIN claims AS c ON c.provider = own.provider AND c.definition = own.definition
         JOIN services AS holder ON holder.number = c.service
         WHERE own.number = ?1 AND c.resource = ?2 AND c.value = ?3",
        params![service, identity.resource, identity.value],
        |row| {
            Ok(Claimed {
                by_another: row.get(0)?,
                lives: row.get(1)?,
                for_this_life: row.get(2)?,
            })
        },
    )?;
    if let Some(claimed) = claimed {
        claimed.refuse_if_anothers(claim)?;
    }
    execute(
        connection,
        "INSERT INTO claims (provider, definition, resource, value, service, generation)
             SELECT provider, definition, ?2, ?3, number, generation FROM services WHERE number = ?1
             ON CONFLICT DO UPDATE SET service = excluded.service, generation = excluded.generation",
        params![service, identity.resource, identity.value],
    )?;
    Ok(())
}

/// Who holds these identities, in the order asked.
pub(crate) fn holders(
    connection: &Connection,
    provider: ProviderId,
    definition: &str,
    identities: &[Identity],
) -> Result<Vec<Option<Holder>>> {
    let holder = |identity: &Identity| {
        first(
            connection,
            "SELECT s.reference, c.generation
             FROM providers AS p
             JOIN claims AS c ON c.provider = p.number
             JOIN services AS s ON s.number = c.service
             WHERE p.id = ?1 AND c.definition = ?2 AND c.resource = ?3 AND c.value = ?4",
            params![
                provider.0.as_bytes(),
                definition,
                identity.resource,
                identity.value
            ],
            |row| {
                Ok(Holder {
                    reference: row.get(0)?,
                    generation: row.get(1)?,
                })
            },
        )
    };
    identities.iter().map(holder).collect()
}
