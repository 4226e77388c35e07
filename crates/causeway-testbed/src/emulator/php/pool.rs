//! php-fpm's configuration for one emulator: one pool.

use std::{collections::BTreeMap, path::Path};

use super::PhpSettings;
use crate::emulator::error::EmulatorError;

pub(super) fn configuration(
    folder: &Path,
    socket: &Path,
    log: &Path,
    settings: &PhpSettings,
) -> Result<String, EmulatorError> {
    let seconds = settings.request_limit.as_secs().max(1);
    let mut lines = vec![
        "[global]".into(),
        entry("error_log", &log.to_string_lossy())?,
        "log_level = warning".into(),
        "[whmcs]".into(),
        entry("listen", &socket.to_string_lossy())?,
        "listen.mode = 0600".into(),
        // Not `ondemand`: it starts one worker for two connections that arrive together, and the
        // second waits until the first is done.
        "pm = static".into(),
        format!("pm.max_children = {}", settings.workers.max(1)),
        // A little later than the caller gives up, so that the caller's error names the cause.
        format!("request_terminate_timeout = {}s", seconds + 1),
        "catch_workers_output = yes".into(),
        "decorate_workers_output = no".into(),
    ];
    if rustix::process::geteuid().is_root() {
        lines.push("user = root".into());
    }
    let mut environment = BTreeMap::from([
        ("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("TMPDIR".to_owned(), folder.to_string_lossy().into_owned()),
    ]);
    environment.extend(settings.environment.clone());
    for (name, value) in &environment {
        lines.push(entry(&format!("env[{name}]"), value)?);
    }
    let error_log = folder.join("php-error.log");
    let max_execution_time = seconds.to_string();
    let ours = [
        ("error_log", error_log.to_string_lossy()),
        ("log_errors", "1".into()),
        ("html_errors", "0".into()),
        ("memory_limit", "256M".into()),
        ("max_execution_time", max_execution_time.into()),
        ("date.timezone", "UTC".into()),
        ("opcache.enable", "1".into()),
        ("opcache.validate_timestamps", "1".into()),
        ("opcache.revalidate_freq", "0".into()),
        // What is wrong with a file is told each time that it is loaded, not when it was compiled.
        ("opcache.record_warnings", "1".into()),
    ];
    // Not as an admin's value: a worker that once served a request with another one keeps that, and
    // the emulator could not switch it off again.
    lines.push(entry("php_value[display_errors]", "0")?);
    for (name, value) in &ours {
        if !settings.ini.contains_key(*name) {
            lines.push(entry(&format!("php_admin_value[{name}]"), value)?);
        }
    }
    for (name, value) in &settings.ini {
        lines.push(entry(&format!("php_admin_value[{name}]"), value)?);
    }
    Ok(lines.join("\n") + "\n")
}

/// One line of an ini file. Quotes, line ends and `${` cannot be escaped there.
fn entry(name: &str, value: &str) -> Result<String, EmulatorError> {
    if value.contains(['"', '\n', '\r', '\0']) || value.contains("${") {
        return Err(EmulatorError::UnwritableSetting {
            name: name.into(),
            value: value.into(),
        });
    }
    Ok(format!("{name} = \"{value}\""))
}
