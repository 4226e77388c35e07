//! What WHMCS does by itself: module calls that are due, the clock, the cron, the module queue.

use jiff::civil::DateTime;

use super::{
    answers::{Clock, CronRun, ModuleCall, ModuleQueue, Nothing, QueueEntry},
    commands::Command,
    error::EmulatorError,
    ids::{InvoiceId, Status},
    left_behind::LeftBehind,
    record::{CallRecord, Due, HookRun},
    scenario::Emulator,
};

/// What became of one due module call.
#[derive(Debug, Clone)]
pub struct CallOutcome {
    /// The call that was due.
    pub due: Due,
    /// Whether WHMCS took it for a success.
    pub success: bool,
    /// What staff read.
    pub message: String,
    /// The status afterwards.
    pub status: Status,
    /// The module's functions that ran, with all that they returned and raised.
    pub calls: Vec<CallRecord>,
    /// The hook points around it.
    pub hooks: Vec<HookRun>,
    /// What WHMCS itself and hooks wrote, logged and sent around it: the status, the welcome e-mail.
    pub left_behind: LeftBehind,
}

/// What one day brought.
#[derive(Debug, Clone)]
pub struct Day {
    /// WHMCS's time at the daily cron.
    pub now: DateTime,
    /// The renewal invoices made.
    pub invoices_created: Vec<InvoiceId>,
    /// The module calls made, in their order.
    pub calls: Vec<CallOutcome>,
}

impl Emulator {
    /// Pays an invoice in full and makes the module calls that are then due, each in a request
    /// of its own.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn pay_invoice(&self, invoice: InvoiceId) -> Result<Vec<CallOutcome>, EmulatorError> {
        let due = self.pay_invoice_without_running(invoice).await?;
        self.run_all(&due).await
    }

    /// Pays an invoice in full and only says which module calls are due.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn pay_invoice_without_running(
        &self,
        invoice: InvoiceId,
    ) -> Result<Vec<Due>, EmulatorError> {
        let command = Command::PayInvoice {
            invoice_id: invoice,
        };
        Ok(self.ask::<Nothing>(command).await?.due)
    }

    /// Makes one due module call, with all that WHMCS does around it.
    ///
    /// # Errors
    /// As [`Self::ask`]. A module that answers with an error is an outcome, not an error.
    pub async fn run_due(&self, due: &Due) -> Result<CallOutcome, EmulatorError> {
        let answered = self.ask::<ModuleCall>(due.into()).await?;
        Ok(CallOutcome {
            due: due.clone(),
            success: answered.result.success,
            message: answered.result.message.unwrap_or_default(),
            status: answered.result.status,
            calls: answered.calls,
            hooks: answered.hooks,
            left_behind: answered.left_behind,
        })
    }

    /// Makes due module calls one after the other, as WHMCS's automation does.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn run_all(&self, due: &[Due]) -> Result<Vec<CallOutcome>, EmulatorError> {
        let mut outcomes = Vec::with_capacity(due.len());
        for one in due {
            outcomes.push(self.run_due(one).await?);
        }
        Ok(outcomes)
    }

    /// WHMCS's time.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn now(&self) -> Result<DateTime, EmulatorError> {
        self.advance(0, 0).await
    }

    /// Moves WHMCS's clock by hours, without a cron.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn hours_pass(&self, hours: u32) -> Result<DateTime, EmulatorError> {
        self.advance(0, hours).await
    }

    /// Lets days pass one by one, each with its daily cron.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn days_pass(&self, days: u32) -> Result<Vec<Day>, EmulatorError> {
        let mut passed = Vec::new();
        for _ in 0..days {
            self.advance(1, 0).await?;
            passed.push(self.run_daily_cron().await?);
        }
        Ok(passed)
    }

    /// Runs the daily cron now, the module calls that it owes, and the hooks that end it.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn run_daily_cron(&self) -> Result<Day, EmulatorError> {
        let now = self.now().await?;
        let cron = self.ask::<CronRun>(Command::RunDailyCron {}).await?;
        let calls = self.run_all(&cron.due).await?;
        self.run_cron_hooks().await?;
        Ok(Day {
            now,
            invoices_created: cron.result.invoices_created,
            calls,
        })
    }

    /// Runs the hooks that end every cron run, as the five-minute cron does.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn run_cron_hooks(&self) -> Result<(), EmulatorError> {
        self.ask::<Nothing>(Command::RunCronHooks {})
            .await
            .map(drop)
    }

    /// The failed calls that wait in the module queue.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn module_queue(&self) -> Result<Vec<QueueEntry>, EmulatorError> {
        Ok(self
            .ask::<ModuleQueue>(Command::ModuleQueue {})
            .await?
            .result
            .entries)
    }

    /// Staff try everything in the module queue again.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn retry_queue(&self) -> Result<Vec<CallOutcome>, EmulatorError> {
        let due = self.ask::<Nothing>(Command::RetryQueue {}).await?.due;
        self.run_all(&due).await
    }

    async fn advance(&self, days: u32, hours: u32) -> Result<DateTime, EmulatorError> {
        let command = Command::AdvanceClock { days, hours };
        Ok(self.ask::<Clock>(command).await?.result.now)
    }
}
