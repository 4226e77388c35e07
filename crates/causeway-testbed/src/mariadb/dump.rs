//! All that a database has, table by table, so that only what has changed since is put back.

use std::collections::BTreeMap;

/// A copy of a database.
#[derive(Debug, Clone)]
pub struct Dump {
    /// What stands before the first table and after the last one.
    frame: [String; 2],
    tables: BTreeMap<String, Table>,
}

#[derive(Debug, Clone)]
struct Table {
    /// Tells whether anything in it has changed.
    fingerprint: String,
    /// Makes it, in place of the one that is there.
    statements: String,
}

impl Dump {
    /// Takes the text of `mariadb-dump` apart. Every table in it begins with a line of this form; in
    /// values, line ends are escaped.
    pub(super) fn of(text: &str, fingerprints: &BTreeMap<String, String>) -> Self {
        const FIRST_LINE: &str = "DROP TABLE IF EXISTS `";
        const FOOTER: &str = "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;";
        let (body, footer) = match text.rfind(FOOTER) {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let mut frame = [String::new(), footer.to_owned()];
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        let mut current = None;
        for line in body.split_inclusive('\n') {
            if let Some(name) = line.strip_prefix(FIRST_LINE) {
                let name = name.split('`').next().unwrap_or_default().to_owned();
                let table = Table {
                    fingerprint: fingerprints.get(&name).cloned().unwrap_or_default(),
                    statements: String::new(),
                };
                tables.insert(name.clone(), table);
                current = Some(name);
            }
            let table = current.as_ref().and_then(|name| tables.get_mut(name));
            match table {
                Some(table) => table.statements.push_str(line),
                None => frame[0].push_str(line),
            }
        }
        Self { frame, tables }
    }

    /// What makes a database with these fingerprints what it was.
    pub(super) fn statements(&self, now: &BTreeMap<String, String>) -> String {
        let [header, footer] = &self.frame;
        let mut statements = header.clone();
        for name in now.keys().filter(|name| !self.tables.contains_key(*name)) {
            statements.push_str(&format!("DROP TABLE `{name}`;\n"));
        }
        for (name, table) in &self.tables {
            if now.get(name) != Some(&table.fingerprint) {
                statements.push_str(&table.statements);
            }
        }
        statements.push_str(footer);
        statements
    }
}
