//! How a new service comes to life: at once, after a number of reads, or after a time.

use jiff::Timestamp;
use rand::RngExt;
use rusqlite::{Connection, params};

use super::database::written;
use super::service_status::ServiceStatus;
use super::settings::Provisioning;

/// What a service is born with.
pub(super) struct Birth {
    pub(super) status: ServiceStatus,
    pub(super) license_key: Option<String>,
    /// How many reads still find it pending; `None` when reads do not matter.
    pub(super) reads_left: Option<u32>,
    /// When it stops being pending; `None` when time does not matter.
    pub(super) ready_at_ms: Option<i64>,
}

pub(super) fn birth(provisioning: Provisioning, now: Timestamp) -> Birth {
    let pending = Birth {
        status: ServiceStatus::Pending,
        license_key: None,
        reads_left: None,
        ready_at_ms: None,
    };
    match provisioning {
        Provisioning::Immediate => Birth {
            status: ServiceStatus::Active,
            license_key: Some(license_key()),
            ..pending
        },
        Provisioning::PendingForReads(reads) | Provisioning::FailsAfterReads(reads) => Birth {
            reads_left: Some(reads),
            ..pending
        },
        Provisioning::PendingFor(time) => Birth {
            ready_at_ms: Some((now + time).as_millisecond()),
            ..pending
        },
    }
}

/// Ends a service's time of waiting.
pub(super) fn finish(
    database: &Connection,
    id: i64,
    provisioning: Provisioning,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (status, license_key) = match provisioning {
        Provisioning::FailsAfterReads(_) => (ServiceStatus::Failed, None),
        _ => (ServiceStatus::Active, Some(license_key())),
    };
    database
        .prepare_cached(
            "UPDATE services SET status = ?2, license_key = ?3, updated_at = ?4, \
             reads_left = NULL, ready_at_ms = NULL WHERE id = ?1",
        )?
        .execute(params![id, status, license_key, written(now)])?;
    Ok(())
}

/// Ends the waiting of every service whose time has come.
pub(super) fn finish_due(
    database: &Connection,
    provisioning: Provisioning,
    now: Timestamp,
) -> rusqlite::Result<()> {
    if !matches!(provisioning, Provisioning::PendingFor(_)) {
        return Ok(());
    }
    let due: Vec<i64> = database
        .prepare_cached("SELECT id FROM services WHERE status = 'pending' AND ready_at_ms <= ?1")?
        .query_map([now.as_millisecond()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    due.into_iter()
        .try_for_each(|id| finish(database, id, provisioning, now))
}

/// `SP-XXXX-XXXX-XXXX`; 62 random bits, and the database refuses a double.
fn license_key() -> String {
    const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut random = rand::rng();
    let mut key = String::from("SP");
    for _ in 0..3 {
        key.push('-');
        for _ in 0..4 {
            key.push(char::from(LETTERS[random.random_range(0..LETTERS.len())]));
        }
    }
    key
}
