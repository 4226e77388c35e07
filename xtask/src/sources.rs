//! A file has one subject, and nothing but a test may give up on a value.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

const FOLDERS: [&str; 2] = ["crates", "xtask"];
const MOST_LINES: usize = 500;
/// A test file is a list of cases, which is read by the case.
const MOST_LINES_OF_TESTS: usize = 600;
const FOREIGN_FOLDERS: [&str; 3] = ["node_modules", "target", "vendor"];

pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for folder in FOLDERS {
        for file in files_below(&root.join(folder))? {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let shown = file.strip_prefix(root).unwrap_or(&file);
            problems.extend(problems_of(shown, &text));
        }
    }
    Ok(problems)
}

fn problems_of(file: &Path, text: &str) -> Vec<String> {
    let is_test = file.components().any(|part| part.as_os_str() == "tests");
    let most = if is_test {
        MOST_LINES_OF_TESTS
    } else {
        MOST_LINES
    };
    let lines = text.lines().count();
    let mut problems = Vec::new();
    if lines > most {
        problems.push(format!(
            "{}: {lines} lines, and {most} is the most; split it by subject",
            file.display()
        ));
    }
    let is_rust = file.extension().is_some_and(|extension| extension == "rs");
    if is_rust && !is_test {
        // Unit tests stand at the end of a file.
        let outside_tests = text
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]");
        let call = concat!(".unwrap", "()");
        for (index, _) in outside_tests
            .enumerate()
            .filter(|(_, line)| line.contains(call))
        {
            problems.push(format!(
                "{}:{}: `{call}` outside tests; return an error, or use `expect` with the reason why it \
                 cannot fail",
                file.display(),
                index + 1
            ));
        }
    }
    problems
}

/// Rust and PHP files, sorted.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let is_ours = path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "php");
        if path.is_dir() && !FOREIGN_FOLDERS.contains(&name) {
            files.extend(files_below(&path)?);
        } else if is_ours && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
