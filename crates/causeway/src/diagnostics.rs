//! Shows the diagnostics of a definition as reports with a marked excerpt.

use std::fmt;

use causeway_definition::{Diagnostic, Position, Severity};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use crate::terminal::WIDTH;

/// The diagnostics of one file as text.
pub fn render(diagnostics: &[Diagnostic], source: &str, file: &str, colours: bool) -> String {
    let theme = if colours {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(false);
    let excerpt = Excerpt { source, file };
    let mut text = String::new();
    for diagnostic in diagnostics {
        let shown = Shown {
            diagnostic,
            excerpt: &excerpt,
        };
        // Writing to a string does not fail, and a report that cannot show its excerpt says so.
        let _ = handler.render_report(&mut text, &shown);
        text.push('\n');
    }
    text
}

/// A diagnostic as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    diagnostic: &'a Diagnostic,
    excerpt: &'a Excerpt<'a>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Advice => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.excerpt.source.is_empty()).then_some(self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let diagnostic = self.diagnostic;
        let label = (!diagnostic.label.is_empty()).then(|| diagnostic.label.clone());
        let first = LabeledSpan::new_primary_with_span(label, diagnostic.span.clone());
        let others = diagnostic
            .others
            .iter()
            .map(|other| LabeledSpan::new_with_span(Some(other.text.clone()), other.span.clone()));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

/// A file to show excerpts of. Of a line too long for any screen only the marked part is shown.
#[derive(Debug)]
struct Excerpt<'a> {
    source: &'a str,
    file: &'a str,
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        const MOST_BYTES: usize = 4096;
        let contents = self.source.read_span(span, lines_before, lines_after)?;
        if contents.data().len() <= MOST_BYTES {
            return Ok(self.named(
                contents.data(),
                *contents.span(),
                contents.line(),
                contents.column(),
                contents.line_count(),
            ));
        }
        let (start, end) = self.around(span);
        let position = Position::of(self.source, start);
        let part = &self.source[start..end];
        let line_count = part.lines().count();
        let part_span = SourceSpan::from(start..end);
        Ok(self.named(
            part.as_bytes(),
            part_span,
            position.line - 1,
            position.column - 1,
            line_count,
        ))
    }
}

impl<'a> Excerpt<'a> {
    /// The marked bytes and a little of what stands around them.
    fn around(&self, span: &SourceSpan) -> (usize, usize) {
        const AROUND: usize = 60;
        const MOST_MARKED: usize = 400;
        let end_of_marked = span.offset() + span.len().min(MOST_MARKED);
        let start = self
            .source
            .floor_char_boundary(span.offset().saturating_sub(AROUND));
        let end = self
            .source
            .ceil_char_boundary((end_of_marked + AROUND).min(self.source.len()));
        (start, end)
    }

    fn named(
        &self,
        data: &'a [u8],
        span: SourceSpan,
        line: usize,
        column: usize,
        line_count: usize,
    ) -> Box<dyn SpanContents<'a> + 'a> {
        let name = self.file.to_owned();
        Box::new(MietteSpanContents::new_named(
            name, data, span, line, column, line_count,
        ))
    }
}
