//! What a module asks of WHMCS and does not get.

use std::fmt;

use serde::Deserialize;

/// A piece that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MissingPiece {
    /// What it is.
    pub kind: MissingKind,
    /// Its name: `getAdminName`, `WHMCS\\Domain\\Domain`, `tblhosting.vendor_id`.
    pub name: String,
    /// The module's file, inside WHMCS's folder when it is there.
    pub file: String,
    /// The line there that asked for it.
    pub line: u32,
    /// How often that line asked.
    pub times: u32,
}

/// What kind of piece is missing. All but [`Self::Column`] are lacks of the emulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingKind {
    /// A global function.
    Function,
    /// A class, interface or trait.
    Class,
    /// A method of one of WHMCS's classes.
    Method,
    /// One of WHMCS's tables.
    Table,
    /// A column that WHMCS's table does not have: the module fails there as it does here.
    Column,
    /// A command of WHMCS's API.
    ApiCommand,
    /// A piece of MySQL's SQL.
    Sql,
}

impl fmt::Display for MissingPiece {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            MissingKind::Function => "function",
            MissingKind::Class => "class",
            MissingKind::Method => "method",
            MissingKind::Table => "table",
            MissingKind::Column => "column",
            MissingKind::ApiCommand => "API command",
            MissingKind::Sql => "SQL",
        };
        let Self {
            name, file, line, ..
        } = self;
        write!(formatter, "{kind} {name} ({file}:{line})")
    }
}
