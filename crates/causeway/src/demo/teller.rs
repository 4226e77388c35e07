//! How the demo looks: for a terminal, and for a README.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use causeway_testbed::emulator::Status;
use causeway_testbed::sample_vendor::RecordedRequest;

use super::story::shortened;
use super::{Check, Stage, World};
use crate::terminal::{Paint, count, print};

const TITLE_WIDTH: usize = 56;

/// Prints the demo as it happens.
pub struct Teller {
    paint: Paint,
    began: Instant,
    stages: usize,
    vendor_calls: usize,
}

impl Teller {
    pub fn new(paint: Paint) -> Self {
        Self {
            paint,
            began: Instant::now(),
            stages: 0,
            vendor_calls: 0,
        }
    }

    pub fn title(&self) -> miette::Result<()> {
        let title = self
            .paint
            .bold("Causeway: one purchase, from the order to the cancellation");
        print(&format!("\n  {title}\n\n"))
    }

    /// What runs where.
    pub fn places(&self, world: &World) -> miette::Result<()> {
        let mut text = String::new();
        let name = &world.definition.service.name;
        let lines = [
            (
                "vendor",
                world.vendor.api(),
                "a security platform's REST API, on SQLite",
            ),
            (
                "gateway",
                world.gateway.url(),
                "the durable engine, its journal on SQLite",
            ),
            (
                "module",
                format!("modules/servers/{name}"),
                "built just now from examples/shieldpress.toml",
            ),
            (
                "WHMCS",
                "php-fpm".to_owned(),
                "the emulator, running the module in real PHP",
            ),
        ];
        for (what, place, about) in lines {
            let place = self.paint.value(format!("{place:30}"));
            let _ = writeln!(text, "  {what:9} {place} {}", self.paint.faint(about));
        }
        print(&format!("{text}\n"))
    }

    /// One stage, as soon as it is over.
    pub fn stage(&mut self, stage: &Stage) -> miette::Result<()> {
        self.stages += 1;
        self.vendor_calls += stage.vendor_calls.len();
        let paint = self.paint;
        let mark = if stage.is_good {
            paint.good("✓")
        } else {
            paint.bad("✗")
        };
        let title = paint.bold(format!("{:TITLE_WIDTH$}", stage.title));
        let took = paint.faint(format!("{:>8}", milliseconds(stage.took)));
        let status = stage
            .status
            .map(|status| self.status(status))
            .unwrap_or_default();
        let line = format!("  {mark} {title}{took}  {status}");
        let mut text = format!("{}\n", line.trim_end());
        let result = if stage.is_good {
            stage.result.clone()
        } else {
            paint.bad(&stage.result)
        };
        let _ = writeln!(text, "      {result}");
        for call in &stage.vendor_calls {
            let _ = writeln!(text, "      {}", self.vendor_call(call));
        }
        print(&text)
    }

    /// What had to be true, and whether it is.
    pub fn summary(&self, checks: &[Check]) -> miette::Result<()> {
        let paint = self.paint;
        let mut text = String::from("\n");
        for check in checks {
            let mark = if check.holds {
                paint.good("✓")
            } else {
                paint.bad("✗")
            };
            let _ = writeln!(text, "  {mark} {}", check.what);
        }
        let failed = checks.iter().filter(|check| !check.holds).count();
        let verdict = match failed {
            0 => paint.good(format!("{} hold", count(checks.len(), "check"))),
            failed => paint.bad(format!(
                "{failed} of {} do not hold",
                count(checks.len(), "check")
            )),
        };
        let _ = writeln!(
            text,
            "\n  {verdict}: {}, {}, {}.\n",
            count(self.stages, "stage"),
            count(self.vendor_calls, "vendor call"),
            seconds(self.began.elapsed()),
        );
        print(&text)
    }

    /// Where everything is that was left up.
    pub fn kept(&self, world: &World) -> miette::Result<()> {
        let paint = self.paint;
        let folder = world.folder().display();
        print(&format!(
            "  Everything stays up until Ctrl-C:\n\n  vendor   {}\n  gateway  {}\n  token    {}\n  folder   {}\n\n  \
             CAUSEWAY_DATA={folder} causeway operations\n\n",
            paint.value(world.vendor.api()),
            paint.value(world.gateway.url()),
            paint.value(world.token.expose()),
            paint.value(folder.to_string()),
        ))
    }

    fn status(&self, status: Status) -> String {
        let text = format!("WHMCS: {status}");
        match status {
            Status::Active => self.paint.good(text),
            Status::Suspended | Status::Pending => self.paint.doubtful(text),
            _ => self.paint.faint(text),
        }
    }

    fn vendor_call(&self, call: &RecordedRequest) -> String {
        const MOST: usize = 64;
        let path = shortened(&call.path, MOST);
        let line = self.paint.faint(format!("→ {:6} {path:66}", call.method));
        let status = call.status.to_string();
        let status = if call.status < 400 {
            self.paint.good(status)
        } else {
            self.paint.doubtful(status)
        };
        format!("{line} {status}")
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
