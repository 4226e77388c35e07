//! What histories are made of.

use crate::sabotage::Sabotage;

/// What histories are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulationSettings {
    /// At most so many services are sold.
    pub most_services: usize,
    /// At most so many gateways share a journal.
    pub most_nodes: usize,
    /// At most so many things happen, beside the first call for each service.
    pub most_events: usize,
    /// What is done wrong on purpose; nothing, unless the simulation itself is tested.
    pub sabotage: Option<Sabotage>,
}

impl Default for SimulationSettings {
    fn default() -> Self {
        Self {
            most_services: 3,
            most_nodes: 3,
            most_events: 16,
            sabotage: None,
        }
    }
}
