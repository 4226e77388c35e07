//! Claims: which service's life an identity at the vendor belongs to.

use causeway_engine::{Claim, Holder, Identity, ProviderId};
use deadpool_postgres::{GenericClient, Transaction};

use super::{all, count, execute, first, get};
use crate::claimed::Claimed;
use crate::postgres::failure::Result;

/// Gives identities to the present life of a service, unless one is another's. In an order that all
/// have in common, so that two services that claim the same ones do not wait for each other.
pub(super) async fn claim(
    transaction: &Transaction<'_>,
    service: i64,
    claims: &[Claim],
) -> Result<()> {
    let mut in_order: Vec<&Claim> = claims.iter().collect();
    in_order.sort_by_key(|claim| (&claim.identity.resource, &claim.identity.value));
    for claim in in_order {
        claim_one(transaction, service, claim).await?;
    }
    Ok(())
}

async fn claim_one(transaction: &Transaction<'_>, service: i64, claim: &Claim) -> Result<()> {
    let Identity { resource, value } = &claim.identity;
    let inserted = execute(
        transaction,
        "INSERT INTO claims (provider, definition, resource, value, service, generation)
             SELECT provider, definition, $2, $3, number, generation FROM services WHERE number = $1
             ON CONFLICT DO NOTHING",
        &[&service, resource, value],
    )
    .await?;
    if inserted == 1 {
        return Ok(());
    }
    // It is there for ever by now. First it is held, then looked at: nobody can change it meanwhile.
    execute(
        transaction,
        "SELECT FROM claims AS c JOIN services AS own ON c.provider = own.provider AND c.definition = own.definition
         WHERE own.number = $1 AND c.resource = $2 AND c.value = $3 FOR UPDATE OF c",
        &[&service, resource, value],
    )
    .await?;
    let claimed = first(
        transaction,
        "SELECT holder.number <> own.number,
                c.generation = holder.generation AND holder.status <> 'terminated',
                c.generation = own.generation
         FROM services AS own
         JOIN claims AS c ON c.provider = own.provider AND c.definition = own.definition
         JOIN services AS holder ON holder.number = c.service
         WHERE own.number = $1 AND c.resource = $2 AND c.value = $3",
        &[&service, resource, value],
    )
    .await?;
    if let Some(row) = claimed {
        let claimed = Claimed {
            by_another: get(&row, 0)?,
            lives: get(&row, 1)?,
            for_this_life: get(&row, 2)?,
        };
        claimed.refuse_if_anothers(claim)?;
    }
    execute(
        transaction,
        "UPDATE claims AS c SET service = own.number, generation = own.generation
         FROM services AS own
         WHERE own.number = $1 AND c.provider = own.provider AND c.definition = own.definition
           AND c.resource = $2 AND c.value = $3",
        &[&service, resource, value],
    )
    .await?;
    Ok(())
}

/// Who holds these identities, in the order asked.
pub(in crate::postgres) async fn holders(
    client: &impl GenericClient,
    provider: ProviderId,
    definition: &str,
    identities: &[Identity],
) -> Result<Vec<Option<Holder>>> {
    let (resources, values): (Vec<&str>, Vec<&str>) = identities
        .iter()
        .map(|identity| (identity.resource.as_str(), identity.value.as_str()))
        .unzip();
    let rows = all(
        client,
        "SELECT s.reference, c.generation
         FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS asked (resource, value, place)
         LEFT JOIN (
             providers AS p
             JOIN claims AS c ON c.provider = p.number
             JOIN services AS s ON s.number = c.service
         ) ON p.id = $1 AND c.definition = $2 AND c.resource = asked.resource AND c.value = asked.value
         ORDER BY asked.place",
        &[&provider.0, &definition, &resources, &values],
    )
    .await?;
    rows.iter()
        .map(|row| match get(row, 0)? {
            Some(reference) => Ok(Some(Holder {
                reference,
                generation: count(row, 1)?,
            })),
            None => Ok(None),
        })
        .collect()
}
