//! The provider's customer, as the billing system knows them.

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::text::{Text, Texts};

/// Declares the fields once: for reading, for the schema and for the templates' names.
macro_rules! client_fields {
    ($($field:ident),* $(,)?) => {
        /// The provider's customer. A field that is left out is empty.
        #[derive(Debug, Default, Deserialize, ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct Client {
            $($field: Text,)*
            custom_fields: Texts,
        }

        impl Client {
            /// The fields by the names that templates use.
            pub fn into_values(self) -> Map<String, Value> {
                let mut values = Map::new();
                $(values.insert(stringify!($field).to_owned(), Value::String(self.$field.0));)*
                values.insert(
                    "custom_fields".to_owned(),
                    Value::Object(self.custom_fields.into_values()),
                );
                values
            }
        }
    };
}

client_fields! {
    id, uuid, firstname, lastname, fullname, companyname, email, address1, address2, city, state,
    postcode, country, phonenumber, language, currency,
}
