//! What a provider sets up before anything is sold: servers, products, product addons, clients.

mod addon;
mod client;
mod product;
mod server;

pub use addon::Addon;
pub use client::Client;
pub use product::{Autosetup, Product};
pub use server::Server;
