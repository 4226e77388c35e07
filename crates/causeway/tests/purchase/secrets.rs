//! No secret stands anywhere that people, logs or backups can read.

use crate::bridge::{Bridge, all_good};

#[tokio::test]
async fn no_secret_in_any_log_error_or_export() {
    let mut bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let service = order.service().unwrap();
    let first_password = service.password().await.unwrap();
    let new_password = "S3cret-änd \"quoted\" & <long>";
    all_good(&service.change_password(new_password).await.unwrap());
    let sign_on = service
        .single_sign_on()
        .await
        .unwrap()
        .redirect_to
        .clone()
        .unwrap();
    let one_time = sign_on.rsplit(['=', '/']).next().unwrap().to_owned();
    // Errors as well: a refusal that talks of the password, and a gateway that is away.
    let refused = service.change_password("short").await.unwrap();
    assert!(!refused[0].success);
    let mut said = refused[0].message.clone();
    bridge.kill_gateway();
    said.push_str(&service.run("CreateAccount").await.unwrap().message);
    bridge.start_gateway(&[]).await;

    let (_, operations, _) = bridge.causeway(&["operations", "--json"], "");
    let listed: Vec<serde_json::Value> = serde_json::from_str(&operations).unwrap();
    let mut exported = operations;
    for operation in &listed {
        let id = operation["operation_id"].as_str().unwrap();
        for arguments in [vec!["operation", id], vec!["operation", id, "--json"]] {
            let (good, output, errors) = bridge.causeway(&arguments, "");
            assert!(good, "{errors}");
            exported.push_str(&output);
        }
    }
    assert!(
        exported.contains("POST /users"),
        "the exchanges are there: {exported}"
    );
    let database = bridge.whmcs.database();
    let module_log = format!("{:?}", database.module_log().await.unwrap());
    assert!(module_log.contains("\"create\""), "the module log is there");
    let activity = database.activity_log().await.unwrap().join("\n");
    let places = [
        ("gateway log", bridge.log()),
        ("module log", module_log),
        ("activity log", activity),
        ("error texts", said),
        ("journal export", exported),
    ];
    let secrets = [
        &bridge.token,
        &bridge.credential,
        &first_password,
        new_password,
        &one_time,
    ];
    for (place, text) in &places {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} stands in the {place}");
        }
    }
    for (path, bytes) in bridge.data_files() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in secrets
            .iter()
            .copied()
            .chain(["ada@example.com", "Lovelace"])
        {
            assert!(
                !text.contains(secret),
                "{secret} stands in {}",
                path.display()
            );
        }
    }
}
