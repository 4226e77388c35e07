//! What is shown to a person: colours where there is a terminal, none elsewhere.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use miette::{IntoDiagnostic as _, MietteHandlerOpts};
use owo_colors::{OwoColorize as _, Style};

/// The width of reports, in characters.
pub const WIDTH: usize = 100;

/// Sets how errors are shown on standard error.
pub fn set_error_style() {
    let colours = errors_have_colours();
    // Fails only when one is set already, and then errors are readable, too.
    let _ = miette::set_hook(Box::new(move |_| {
        let options = MietteHandlerOpts::new();
        Box::new(
            options
                .terminal_links(false)
                .width(WIDTH)
                .color(colours)
                .build(),
        )
    }));
}

/// Whether there are colours on standard error.
pub fn errors_have_colours() -> bool {
    wants_colours(io::stderr().is_terminal())
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub fn print(text: &str) -> miette::Result<()> {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.into_diagnostic(),
    }
}

/// Paints text for standard output.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    colours: bool,
}

impl Paint {
    /// Colours when standard output is a terminal that wants them.
    pub fn for_output() -> Self {
        Self {
            colours: wants_colours(io::stdout().is_terminal()),
        }
    }

    /// Whether there are colours.
    pub const fn has_colours(self) -> bool {
        self.colours
    }

    pub fn bold(self, text: impl Display) -> String {
        self.styled(text, Style::new().bold())
    }

    pub fn faint(self, text: impl Display) -> String {
        self.styled(text, Style::new().dimmed())
    }

    pub fn good(self, text: impl Display) -> String {
        self.styled(text, Style::new().green())
    }

    pub fn bad(self, text: impl Display) -> String {
        self.styled(text, Style::new().red().bold())
    }

    pub fn doubtful(self, text: impl Display) -> String {
        self.styled(text, Style::new().yellow())
    }

    pub fn value(self, text: impl Display) -> String {
        self.styled(text, Style::new().cyan())
    }

    fn styled(self, text: impl Display, style: Style) -> String {
        if self.colours {
            text.style(style).to_string()
        } else {
            text.to_string()
        }
    }
}

fn wants_colours(is_terminal: bool) -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    is_terminal && !no_color && !dumb
}

/// `1 error`, `2 errors`.
pub fn count(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{number} {thing}s")
    }
}
