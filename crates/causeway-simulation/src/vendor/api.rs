//! The vendor's routes.

use std::time::Duration;

use causeway_definition::Request;
use causeway_definition::request::Method;
use serde_json::{Value, json};

use super::{Renewal, SentFor, User, Vendor, VendorService};

impl Vendor {
    pub(super) fn act_once(
        &mut self,
        request: &Request,
        sent_for: &SentFor,
        now: Duration,
    ) -> (u16, Value) {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let body = request.body.as_ref().unwrap_or(&Value::Null);
        match (request.method, parts.as_slice()) {
            (Method::Get, ["users"]) => self.list_users(&query, now),
            (Method::Post, ["users"]) => self.make_user(body, now),
            (Method::Put, ["users", id, "password"]) => self.change_password(id, body),
            (Method::Get, ["services"]) => self.list_services(&query, now),
            (Method::Post, ["services"]) => self.make_service(body, sent_for, now),
            (method, ["services", id, rest @ ..]) => {
                self.on_service(method, id, rest, body, sent_for, now)
            }
            _ => (404, json!({"message": "no such route"})),
        }
    }

    fn list_users(&self, query: &[(String, String)], now: Duration) -> (u16, Value) {
        let users = self
            .users
            .iter()
            .filter(|(_, user)| user.made_at + self.list_lag <= now)
            .map(|(id, user)| json!({"id": id, "email": user.email}));
        self.listed(users, query)
    }

    fn make_user(&mut self, body: &Value, now: Duration) -> (u16, Value) {
        let email = text(body, "email").to_lowercase();
        if self.unique_emails && self.users.values().any(|user| user.email == email) {
            return (422, json!({"message": "The email has already been taken."}));
        }
        let id = self.next_id();
        let user = User {
            email: email.clone(),
            password: text(body, "password"),
            made_at: now,
        };
        self.users.insert(id, user);
        (201, json!({"id": id, "email": email}))
    }

    fn change_password(&mut self, id: &str, body: &Value) -> (u16, Value) {
        let user = id.parse().ok().and_then(|id: i64| self.users.get_mut(&id));
        match user {
            Some(user) => {
                user.password = text(body, "password");
                (200, json!({"message": "changed"}))
            }
            None => (404, json!({"message": "No query results"})),
        }
    }

    /// As the list stood a while ago: this is how a replica lags.
    fn list_services(&self, query: &[(String, String)], now: Duration) -> (u16, Value) {
        let at = now.saturating_sub(self.list_lag);
        let services = self
            .services
            .iter()
            .filter(|(_, service)| service.made_at <= at)
            .map(|(id, service)| self.shown(*id, service, at));
        self.listed(services, query)
    }

    fn listed(
        &self,
        items: impl Iterator<Item = Value>,
        query: &[(String, String)],
    ) -> (u16, Value) {
        let page: usize = query
            .iter()
            .find(|(name, _)| name == "page")
            .and_then(|(_, page)| page.parse().ok())
            .unwrap_or(1);
        let filters: Vec<&(String, String)> =
            query.iter().filter(|(name, _)| name != "page").collect();
        let fits = |item: &Value| {
            filters.iter().all(|(name, wanted)| match &item[name] {
                Value::String(text) => text.eq_ignore_ascii_case(wanted),
                other => other.as_i64() == wanted.parse().ok(),
            })
        };
        let mut rest = items.filter(fits).skip((page - 1) * self.page);
        let data: Vec<Value> = rest.by_ref().take(self.page).collect();
        let next = rest.next().map(|_| {
            let mut address = url::form_urlencoded::Serializer::new("?".to_owned());
            for (name, value) in filters {
                address.append_pair(name, value);
            }
            address.append_pair("page", &(page + 1).to_string());
            address.finish()
        });
        (200, json!({"data": data, "links": {"next": next}}))
    }

    fn make_service(&mut self, body: &Value, sent_for: &SentFor, now: Duration) -> (u16, Value) {
        let id = self.next_id();
        let service = VendorService {
            domain: text(body, "domain"),
            user_id: body["user_id"].as_i64().unwrap_or_default(),
            reference: text(body, "reference"),
            plan: text(body, "plan"),
            suspended: false,
            paid_until: String::new(),
            made_at: now,
            ready_at: now + self.ready_after,
            ended_at: None,
            made_for: sent_for.reference.clone(),
        };
        let shown = self.shown(id, &service, now);
        self.services.insert(id, service);
        (201, shown)
    }

    fn on_service(
        &mut self,
        method: Method,
        id: &str,
        rest: &[&str],
        body: &Value,
        sent_for: &SentFor,
        now: Duration,
    ) -> (u16, Value) {
        let number = id.parse::<i64>().unwrap_or_default();
        let Some(service) = self
            .services
            .get_mut(&number)
            .filter(|service| service.lives())
        else {
            return (404, json!({"message": "No query results"}));
        };
        let due = match body["paid_until"].as_str() {
            Some(due) => due.to_owned(),
            None => String::new(),
        };
        match (method, rest) {
            (Method::Get, []) => {}
            (Method::Post, ["suspend"]) => service.suspended = true,
            (Method::Post, ["unsuspend"]) => service.suspended = false,
            (Method::Patch, []) => service.plan = text(body, "plan"),
            (Method::Put, ["renewal"]) | (Method::Post, ["renewals"]) => {
                service.paid_until.clone_from(&due);
                let bought = Renewal {
                    id: number,
                    due,
                    reference: sent_for.reference.clone(),
                };
                *self.renewals.entry(bought).or_default() += 1;
            }
            (Method::Delete, []) => {
                service.ended_at = Some(now);
                return (204, Value::Null);
            }
            _ => return (405, json!({"message": "no such method"})),
        }
        match self.services.get(&number) {
            Some(service) => (200, self.shown(number, service, now)),
            None => (404, Value::Null),
        }
    }
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}
