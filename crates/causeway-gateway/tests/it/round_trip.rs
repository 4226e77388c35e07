//! What a customer typed reaches the vendor as it was typed.

use serde_json::{Map, Value, json};

use crate::support::{CREDENTIAL, House, create};

const HARD_TEXTS: [&str; 9] = [
    "Zoë \"Zo\" O'Hara",
    "a&b <c> #d; %41 + %",
    "😀👩‍👩‍👧 نص 漢字",
    "back\\slash /slash",
    "{{ password }} {% raw %}",
    "line one\nline two\r\n\ttab",
    " spaces around ",
    "nul\u{0}and\u{1f}control\u{7f}",
    "&quot;kept&#039; &amp;amp;",
];

#[tokio::test]
async fn every_field_of_a_client_reaches_the_vendor_byte_for_byte() {
    let house = House::new().await;
    let fields = [
        "id",
        "uuid",
        "firstname",
        "lastname",
        "fullname",
        "companyname",
        "email",
        "address1",
        "address2",
        "city",
        "state",
        "postcode",
        "country",
        "phonenumber",
        "language",
        "currency",
    ];
    for (number, text) in HARD_TEXTS.iter().enumerate() {
        let client: Map<String, Value> = fields
            .iter()
            .map(|field| ((*field).to_owned(), format!("{field} {text}").into()))
            .collect();
        let mut client = Value::Object(client);
        let mut call = create(&format!("service-{number}"));
        call["client"] = client.clone();
        call["client"]["custom_fields"] = json!({ "note": text });
        client["note"] = (*text).into();
        call["password"] = (*text).into();
        call["username"] = (*text).into();
        call["custom_fields"] = json!({ "note": text });
        let before = house.vendor.received().len();
        let answer = house.operate(&call).await;
        assert_eq!(answer["status"], "succeeded", "{text:?}: {answer}");
        let received = &house.vendor.received()[before..];
        let user = received
            .iter()
            .find(|r| r.method == "POST" && r.path == "/v1/users")
            .unwrap();
        assert_eq!(user.body["client"], client, "{text:?}");
        assert_eq!(user.body["firstname"], format!("firstname {text}"));
        assert_eq!(user.body["password"], *text);
        assert_eq!(user.authorization, format!("Bearer {CREDENTIAL}"));
        let service = received
            .iter()
            .find(|r| r.method == "POST" && r.path == "/v1/services")
            .unwrap();
        assert_eq!(service.body["username"], *text);
        assert_eq!(service.body["note"], *text);
        let look = received
            .iter()
            .find(|r| r.path == "/v1/users" && r.method == "GET")
            .unwrap();
        let query: Vec<(String, String)> =
            reqwest::Url::parse(&format!("http://vendor/?{}", look.query))
                .unwrap()
                .query_pairs()
                .into_owned()
                .collect();
        assert_eq!(query, [("email".to_owned(), format!("email {text}"))]);
    }
    house.end().await;
}

#[tokio::test]
async fn a_client_without_a_last_name_and_an_international_domain_are_fine() {
    let house = House::new().await;
    let mut call = create("service-1");
    call["client"].as_object_mut().unwrap().remove("lastname");
    call["domain"] = "bücher.example".into();
    assert_eq!(house.operate(&call).await["status"], "succeeded");
    let received = house.vendor.received();
    let user = received
        .iter()
        .find(|r| r.method == "POST" && r.path == "/v1/users")
        .unwrap();
    assert_eq!(user.body["lastname"], "");
    let service = received
        .iter()
        .find(|r| r.method == "POST" && r.path == "/v1/services")
        .unwrap();
    assert_eq!(service.body["domain"], "bücher.example");
    let look = received
        .iter()
        .find(|r| r.method == "GET" && r.path == "/v1/services")
        .unwrap();
    assert_eq!(look.query, "domain=b%C3%BCcher.example");
    house.end().await;
}

#[tokio::test]
async fn what_the_customer_chose_reaches_the_vendor() {
    let house = House::new().await;
    let mut call = create("service-1");
    call["options"] = json!({"plan": "basic", "removed_since": "x"});
    call["configurable_options"] = json!({"Plan": "Professional"});
    assert_eq!(house.operate(&call).await["status"], "succeeded");
    let received = house.vendor.received();
    let service = received
        .iter()
        .find(|r| r.method == "POST" && r.path == "/v1/services")
        .unwrap();
    assert_eq!(service.body["plan"], "pro");
    house.end().await;
}
