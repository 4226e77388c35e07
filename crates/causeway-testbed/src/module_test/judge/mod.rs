//! What is wrong with what was seen. Each file looks at one kind of evidence.

mod call;
mod logs;
mod pages;
mod returned;
mod truth;

pub use call::{calls, slow};
pub use logs::secrets_in_logs;
pub use pages::markup_in_pages;
pub use truth::{Counts, counts, fewer_than, more_than, said_so_in_vain};
