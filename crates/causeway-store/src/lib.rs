//! The journal: SQLite, migrations, sealing of secrets.
