//! What every journal has to do, whatever keeps it. Each check takes an empty journal.

mod calls;
mod commits;
mod providers;
mod repeating;
mod resolving;

pub use calls::*;
pub use commits::*;
pub use providers::*;
pub use repeating::*;
pub use resolving::*;

/// Makes a test of each check, on the empty journal that `$open` opens; `$open` also gives what has to
/// stay until the end.
macro_rules! conforms {
    ($open:expr) => { crate::conformance::conforms! { $open;
        a_first_call_begins_on_an_unknown_service
        the_same_call_joins_and_another_one_is_busy
        services_do_not_wait_for_each_other
        an_owed_success_is_told_once
        what_was_told_is_not_owed
        who_joins_is_told_and_nothing_is_owed_after_that
        what_is_owed_is_listed_until_it_was_had
        an_owed_failure_is_tried_again
        an_owed_success_is_not_the_answer_to_another_call
        a_commit_changes_all_that_it_names
        an_exchange_becomes_better_known
        an_ended_operation_forgets_its_input_and_takes_no_commit
        a_commit_of_an_unknown_operation_is_an_error
        a_start_finds_what_is_open
        what_one_service_holds_no_other_one_adopts
        what_the_vendor_made_is_the_services_unless_another_lives_with_it
        a_decision_stands_with_the_service_and_the_billing_side_is_owed_a_try
        what_is_abandoned_is_owed_to_nobody
        only_the_last_operation_that_needs_attention_is_resolved
        a_claim_without_a_service_is_of_the_present_life
        operations_are_listed_by_what_they_are_of
        a_provider_is_found_by_its_token
        a_providers_name_is_its_own
        a_rotated_token_ends_the_old_one
        a_provider_is_given_another_credential_and_address
        a_removed_provider_is_gone_and_its_services_stay
        what_is_not_there_cannot_be_changed
        providers_are_listed_by_name
        it_can_be_written
        a_call_that_is_sent_again_joins_itself
    } };
    ($open:expr; $($check:ident)*) => {$(
        #[tokio::test]
        async fn $check() {
            let (_kept, store) = $open.await;
            crate::conformance::$check(&store).await;
        }
    )*};
}

pub(crate) use conforms;
