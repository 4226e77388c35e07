//! `Retry-After`: how long a vendor asks to wait.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Longer waits are cut to this: nothing waits for a purchase beyond a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads seconds or a date (RFC 9110, section 10.2.3); a date that has passed is no wait at all.
pub(crate) fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only a number beyond 64 bits fails here.
        return Some(
            value
                .parse()
                .map_or(LONGEST, Duration::from_secs)
                .min(LONGEST),
        );
    }
    let until = PARSER.parse_timestamp(value).ok()?;
    let now = Timestamp::try_from(now).ok()?;
    let wait = Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO);
    Some(wait.min(LONGEST))
}
