//! Users: the vendor's logins, one e-mail address each.

use http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::call::{Call, Failure, Reply};
use super::database::{sha256, written};
use super::pagination::Page;
use super::validation::Validator;

const COLUMNS: &str = "id, firstname, lastname, email, created_at, updated_at";

/// `POST /users`
pub(super) fn create(call: &Call<'_>) -> Result<Reply, Failure> {
    let mut validator = Validator::new(call.input);
    let firstname = validator.required_string("firstname");
    let lastname = validator.nullable_string("lastname");
    let mut email = validator.email("email");
    if let Some(taken) = &email
        && is_taken(call.database, taken)?
    {
        validator.refuse("email", "The email has already been taken.");
        email = None;
    }
    let password = validator.confirmed_password();
    let (Some(firstname), Some(lastname), Some(email), Some(password)) =
        (firstname, lastname, email, password)
    else {
        return Err(validator.failure());
    };

    let password = HashedPassword::new(&password);
    let now = written(call.now);
    call.database
        .prepare_cached(
            "INSERT INTO users (account_id, firstname, lastname, email, password_salt, \
             password_hash, created_at, updated_at, created_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
        )?
        .execute(params![
            call.account_id,
            firstname,
            lastname,
            email,
            password.salt,
            password.hash,
            now,
            call.now.as_millisecond(),
        ])?;
    let user = by_id(call, call.database.last_insert_rowid())?;
    Ok(Reply::created(&user))
}

/// `GET /users`
pub(super) fn list(call: &Call<'_>) -> Result<Reply, Failure> {
    let page = Page::wanted(call.input);
    let email = call.input.text("email").map(|email| email.to_lowercase());
    let condition = match email {
        Some(_) => "account_id = ?1 AND created_at_ms <= ?2 AND email = ?3",
        None => "account_id = ?1 AND created_at_ms <= ?2 AND ?3 IS NULL",
    };
    let listed_until_ms = call.listed_until_ms();
    let total = call
        .database
        .prepare_cached(&format!("SELECT count(*) FROM users WHERE {condition}"))?
        .query_row(params![call.account_id, listed_until_ms, email], |row| {
            row.get(0)
        })?;
    let users: Vec<Value> = call
        .database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM users WHERE {condition} ORDER BY id LIMIT ?4 OFFSET ?5"
        ))?
        .query_map(
            params![
                call.account_id,
                listed_until_ms,
                email,
                page.limit(),
                page.offset()
            ],
            shown,
        )?
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&page.envelope(call, total, &users)))
}

/// `GET /users/{id}`
pub(super) fn show(call: &Call<'_>) -> Result<Reply, Failure> {
    let id = named(call)?;
    Ok(Reply::ok(&by_id(call, id)?))
}

/// `PUT /users/{id}/password`
pub(super) fn change_password(call: &Call<'_>) -> Result<Reply, Failure> {
    let id = named(call)?;
    let mut validator = Validator::new(call.input);
    let Some(password) = validator.confirmed_password() else {
        return Err(validator.failure());
    };
    let password = HashedPassword::new(&password);
    call.database
        .prepare_cached(
            "UPDATE users SET password_salt = ?2, password_hash = ?3, updated_at = ?4 WHERE id = ?1",
        )?
        .execute(params![id, password.salt, password.hash, written(call.now)])?;
    Ok(Reply::ok(&by_id(call, id)?))
}

/// `DELETE /users/{id}`
pub(super) fn delete(call: &Call<'_>) -> Result<Reply, Failure> {
    let id = named(call)?;
    let has_live_services = call
        .database
        .prepare_cached("SELECT 1 FROM services WHERE account_id = ?1 AND user_id = ?2")?
        .exists([call.account_id, id])?;
    if has_live_services {
        return Err(Failure::Refused {
            status: StatusCode::CONFLICT,
            message: "This user still has live services.",
        });
    }
    call.database
        .prepare_cached("DELETE FROM users WHERE id = ?1")?
        .execute([id])?;
    Ok(Reply::no_content())
}

/// Is this the user's password?
pub(super) fn password_matches(
    database: &Connection,
    user_id: i64,
    password: &str,
) -> rusqlite::Result<bool> {
    let kept = database
        .prepare_cached("SELECT password_salt, password_hash FROM users WHERE id = ?1")?
        .query_row([user_id], |row| {
            Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    Ok(kept.is_some_and(|(salt, hash)| HashedPassword::with_salt(salt, password).hash == hash))
}

struct HashedPassword {
    salt: [u8; 16],
    hash: Vec<u8>,
}

impl HashedPassword {
    fn new(password: &str) -> Self {
        Self::with_salt(rand::random(), password)
    }

    fn with_salt(salt: [u8; 16], password: &str) -> Self {
        Self {
            salt,
            hash: sha256(&[&salt, password.as_bytes()]),
        }
    }
}

/// The id in the call's path, if it is one of the account's users.
fn named(call: &Call<'_>) -> Result<i64, Failure> {
    let exists = |id: i64| {
        call.database
            .prepare_cached("SELECT 1 FROM users WHERE id = ?1 AND account_id = ?2")?
            .exists([id, call.account_id])
    };
    match call.id.parse() {
        Ok(id) if exists(id)? => Ok(id),
        _ => Err(Failure::NotFound {
            model: "User",
            id: call.id.to_owned(),
        }),
    }
}

fn by_id(call: &Call<'_>, id: i64) -> rusqlite::Result<Value> {
    call.database
        .prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"))?
        .query_row([id], shown)
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, i64>(0)?,
        "firstname": row.get::<_, String>(1)?,
        "lastname": row.get::<_, Option<String>>(2)?,
        "email": row.get::<_, String>(3)?,
        "created_at": row.get::<_, String>(4)?,
        "updated_at": row.get::<_, String>(5)?,
    }))
}

fn is_taken(database: &Connection, email: &str) -> rusqlite::Result<bool> {
    database
        .prepare_cached("SELECT 1 FROM users WHERE email = ?1")?
        .exists([email])
}
