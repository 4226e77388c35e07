//! A person who looks at the vendor, and decides what only a person can.

use serde_json::json;

use super::error::MatrixError;
use super::lane::Lane;
use super::purchase::{Purchase, State};
use super::vendor::{ExpectedAtVendor, Made};

impl Lane {
    /// Whether an operation on a purchase, or on what was bought along with it, goes on.
    ///
    /// # Errors
    /// No gateway answers.
    pub async fn is_working_on(&self, purchase: &Purchase) -> Result<bool, MatrixError> {
        Ok(self.standing(purchase, "pending").await?.is_some())
    }

    /// The one of a purchase and of what was bought along with it whose last operation stands so.
    ///
    /// # Errors
    /// No gateway answers.
    pub async fn standing<'p>(
        &self,
        purchase: &'p Purchase,
        standing: &str,
    ) -> Result<Option<&'p Purchase>, MatrixError> {
        for one in purchase.all() {
            let journal = self.journal_of(one).await?;
            if journal["last_operation"]["status"] == json!(standing) {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }

    /// A person looks at the vendor and says what became of the operation; none where nobody can look.
    ///
    /// # Errors
    /// No gateway answers, or the decision is not taken.
    pub async fn decide(&self, purchase: &Purchase) -> Result<Option<String>, MatrixError> {
        let journal = self.journal_of(purchase).await?;
        let last = &journal["last_operation"];
        let id = last["operation_id"].as_str().unwrap_or_default().to_owned();
        let is_create = last["operation"] == json!("create");
        let decision: Vec<String> = match is_create {
            true => match self
                .vendor
                .made(&self.look_for(purchase, None, &journal))
                .await?
            {
                Made::Item(identifier) => vec!["--adopt".to_owned(), identifier],
                Made::Nothing => vec!["--again".to_owned()],
                Made::NotKnown => return Ok(None),
            },
            // Whoever looks at the vendor's page sees that it was done, or does it by hand.
            false => vec!["--done".to_owned()],
        };
        let mut arguments = vec!["operation", &id, "resolve"];
        arguments.extend(decision.iter().map(String::as_str));
        let said = self.program.run_on_journal(&arguments, "").await?;
        let said = format!("resolve {}: {}", decision.join(" "), said.trim());
        Ok(Some(said))
    }

    /// What the vendor should have for a purchase.
    pub fn expected(&self, purchase: &Purchase) -> ExpectedAtVendor {
        let definition = &self.settings.definition;
        let plan = definition
            .options
            .get("plan")
            .and_then(|option| match &option.kind {
                causeway_definition::OptionKind::Dropdown { choices }
                | causeway_definition::OptionKind::Radio { choices } => {
                    choices.keys().nth(purchase.product).cloned()
                }
                _ => None,
            });
        ExpectedAtVendor {
            suspended: purchase.state == State::Suspended,
            plan,
            ..ExpectedAtVendor::default()
        }
    }
}
