//! WHMCS's clock, wound by hand.

use axum::extract::State;

use crate::sandbox::answer::{Answer, Failure, Referer, Told, lead_to};
use crate::sandbox::form::Form;
use crate::sandbox::state::App;

/// Two years; each day has its cron.
const MOST_DAYS: u32 = 800;

/// `POST /provider/clock`: days pass, each with the daily cron.
pub async fn wind(State(app): State<App>, Referer(back): Referer, form: Form) -> Answer {
    let days: u32 = form.number("days", "The number of days")?;
    if days > MOST_DAYS {
        return Err(Failure::Form(format!("At most {MOST_DAYS} days at once.")));
    }
    let passing = match days {
        0 => "The daily cron runs".to_owned(),
        1 => "A day passes".to_owned(),
        days => format!("{days} days pass"),
    };
    app.feed.step(&passing);
    let passed = match days {
        0 => vec![app.whmcs.run_daily_cron().await?],
        days => app.whmcs.days_pass(days).await?,
    };
    let invoices: usize = passed.iter().map(|day| day.invoices_created.len()).sum();
    let calls: Vec<_> = passed.into_iter().flat_map(|day| day.calls).collect();
    let done = match invoices {
        0 => format!("{passing}."),
        1 => format!("{passing}; the cron made an invoice."),
        more => format!("{passing}; the cron made {more} invoices."),
    };
    Ok(lead_to(&app, &back, Told::calls(&done, &calls)))
}
