//! SQLite does what every journal has to do.

use causeway_store::SqliteStore;

use crate::conformance::conforms;
use crate::support::Folder;

async fn open() -> (Folder, SqliteStore) {
    let folder = Folder::new();
    let store = folder.open();
    (folder, store)
}

conforms!(open());
