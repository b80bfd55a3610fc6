//! Signing in by a one-time link, and what a session is worth.

use shared::api::ErrorCode;
use shared::api::sessions::{GetMe, SessionTransport, SignIn, SignOut};
use shared::api::users::{CreateSignInLink, CreateUser};

use crate::support::*;

fn sign_in(token: &str) -> SignIn {
    SignIn { token: token.into(), session: SessionTransport::Bearer }
}

async fn link(house: &House, name: &str) -> String {
    let user = house.operator.call(CreateUser { name: name.into(), operator: false }).await.unwrap();
    let link = house.operator.call(CreateSignInLink { user_id: user.user_id }).await.unwrap();
    assert_eq!(link.url.split_once("/sign-in#").unwrap().1, link.token);
    link.token
}

const TARGET: &str = "/api/v1/sign-in";

fn cookieless(token: &str) -> String {
    serde_json::json!({ "token": token, "session": "bearer" }).to_string()
}

fn cookie_body(token: &str) -> String {
    serde_json::json!({ "token": token, "session": "cookie" }).to_string()
}

crate::stories! {
    async fn a_link_signs_in_once(house: House) {
        let token = link(&house, "수진").await;
        let reply = house.nobody().call(sign_in(&token)).await.unwrap();
        assert_eq!(reply.me.name, "수진");
        let session = house.holding(&reply.session_token.unwrap());
        assert_eq!(session.call(GetMe {}).await.unwrap(), reply.me);
        assert_eq!(house.nobody().refused(sign_in(&token)).await, ErrorCode::NotSignedIn);
        session.call(SignOut {}).await.unwrap();
        assert_eq!(session.refused(GetMe {}).await, ErrorCode::NotSignedIn);
    }

    async fn an_old_link_and_an_old_session_are_worth_nothing(house: House) {
        let token = link(&house, "수진").await;
        house.write("UPDATE sign_in_tokens SET expires_at = 1 WHERE used_at IS NULL").await;
        assert_eq!(house.nobody().refused(sign_in(&token)).await, ErrorCode::NotSignedIn);
        let person = house.person("민호").await;
        person.client.call(GetMe {}).await.unwrap();
        house.write("UPDATE sessions SET expires_at = 1").await;
        assert_eq!(person.client.refused(GetMe {}).await, ErrorCode::NotSignedIn);
    }

    async fn no_token_stands_in_the_database(house: House) {
        let token = link(&house, "수진").await;
        let worker = house.worker_account("gpu").await.token;
        for secret in [token, worker] {
            for (table, column) in [("sign_in_tokens", "token_hash"), ("workers", "token_hash"), ("audit_log", "subject")] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{}%'", &secret[secret.len() - 16..]);
                assert_eq!(house.count(&sql).await, 0, "{table}");
            }
        }
        assert!(house.count("SELECT COUNT(*) FROM audit_log WHERE action = 'create_worker'").await == 1);
    }

    async fn guessing_is_limited_and_a_class_behind_one_address_is_not(house: House) {
        let house = house.with(|config| config.limits.sign_in_limit = 3).await;
        for number in 0..5 {
            let token = link(&house, &format!("learner {number}")).await;
            house.nobody().call(sign_in(&token)).await.unwrap();
        }
        for _ in 0..3 {
            assert_eq!(house.nobody().refused(sign_in("guess")).await, ErrorCode::NotSignedIn);
        }
        let good = link(&house, "late").await;
        assert_eq!(house.nobody().refused(sign_in(&good)).await, ErrorCode::TooManyRequests);
    }

    async fn behind_a_proxy_guessing_is_limited_per_caller(house: House) {
        let house = house.with(|config| {
            config.limits.sign_in_limit = 2;
            config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        }).await;
        let guess = async |forwarded: &[&str]| {
            let headers: Vec<_> = forwarded.iter().map(|line| ("x-forwarded-for", *line)).collect();
            house.nobody().send("POST", TARGET, &headers, cookieless("guess")).await.status.as_u16()
        };
        // The same caller, however the proxies write it and whatever the caller wrote before.
        assert_eq!(guess(&["192.0.2.7"]).await, 401);
        assert_eq!(guess(&["198.51.100.1, ::ffff:192.0.2.7, 10.0.0.1"]).await, 401);
        assert_eq!(guess(&["203.0.113.5", "192.0.2.7:4711"]).await, 429);
        assert_eq!(guess(&["[2001:db8::1]:4711"]).await, 401);
        assert_eq!(guess(&["192.0.2.8"]).await, 401);
        // A line that names nobody is the proxy's own, and does not open a way around the limit.
        for expected in [401, 401, 429] {
            assert_eq!(guess(&["192.0.2.9, unknown"]).await, expected);
        }
    }

    async fn a_caller_cannot_say_that_it_is_somebody_else(house: House) {
        let house = house.with(|config| config.limits.sign_in_limit = 2).await;
        let mut statuses = Vec::new();
        for claimed in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
            let headers = [("x-forwarded-for", claimed)];
            statuses.push(house.nobody().send("POST", TARGET, &headers, cookieless("guess")).await.status.as_u16());
        }
        assert_eq!(statuses, [401, 401, 429]);
    }

    async fn a_browser_gets_a_cookie_that_only_its_own_site_can_use(house: House) {
        let token = link(&house, "수진").await;
        let same = [("sec-fetch-site", "same-origin")];
        let other = [("sec-fetch-site", "cross-site")];
        let refused = house.nobody().send("POST", TARGET, &other, cookie_body(&token)).await;
        assert_eq!(refused.status, 403);
        let reply = house.nobody().send("POST", TARGET, &same, cookie_body(&token)).await;
        assert_eq!(reply.status, 200);
        let set = reply.header("set-cookie").to_owned();
        for part in ["__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(set.contains(part), "{part} is missing from {set}");
        }
        assert!(!set.contains("Domain"), "{set}");
        assert!(!String::from_utf8(reply.body).unwrap().contains("mb-session-"));
        let cookie = set.split(';').next().unwrap();
        let send = async |method: &'static str, target: &'static str, extra: &[(&str, &str)]| {
            let headers: Vec<_> = [("cookie", cookie)].into_iter().chain(extra.iter().copied()).collect();
            house.nobody().send(method, target, &headers, "").await.status.as_u16()
        };
        assert_eq!(send("GET", "/api/v1/me", &[]).await, 200);
        let out = "/api/v1/sign-out";
        assert_eq!(send("POST", out, &[]).await, 403);
        assert_eq!(send("POST", out, &[("sec-fetch-site", "cross-site")]).await, 403);
        assert_eq!(send("POST", out, &[("origin", "https://evil.example"), ("host", "house")]).await, 403);
        assert_eq!(send("POST", out, &[("origin", "https://house"), ("host", "house")]).await, 200);
        assert_eq!(send("GET", "/api/v1/me", &[]).await, 401);
    }

    async fn signing_in_again_ends_the_session_before(house: House) {
        let person = house.person("수진").await;
        let link = house.operator.call(CreateSignInLink { user_id: person.id }).await.unwrap();
        person.client.call(sign_in(&link.token)).await.unwrap();
        assert_eq!(person.client.refused(GetMe {}).await, ErrorCode::NotSignedIn);
    }
}
