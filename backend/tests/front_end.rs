//! The page's files over HTTP: what a browser may run, what it may keep, and what it never gets.

use std::fs;
use std::path::Path;

use shared::api::ErrorCode;

use crate::support::*;

const SCRIPT: &str = "/frontend-0123456789abcdef.js";

/// A page as `cargo xtask` leaves it, with a file beside it that nobody may have.
fn page(folder: &Path) -> std::path::PathBuf {
    let page = folder.join("page");
    fs::create_dir_all(page.join("vendor/pretendard-1.3.9")).unwrap();
    fs::write(folder.join("secret.txt"), "secret").unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html><title>the page</title>"),
        ("index.html.br", "the page, compressed"),
        ("frontend-0123456789abcdef.js", "start()"),
        ("frontend-0123456789abcdef.js.br", "start, compressed"),
        ("engine.js", "work()"),
        ("vendor/pretendard-1.3.9/font.woff2", "font"),
    ] {
        fs::write(page.join(name), text).unwrap();
    }
    page
}

async fn with_page(house: House) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    (house.with(move |config| config.server.front_end = Some(page.clone())).await, folder)
}

crate::stories! {
    async fn a_browser_gets_the_page_wherever_it_enters(house: House) {
        let (house, _folder) = with_page(house).await;
        for path in ["/", "/index.html", "/runs", "/runs/12", "/sign-in", "/%ED%95%9C%EA%B8%80"] {
            let reply = house.nobody().send("GET", path, &[], "").await;
            assert_eq!(reply.status, 200, "{path}");
            assert_eq!(reply.header("content-type"), "text/html", "{path}");
            assert_eq!(reply.header("cache-control"), "no-cache", "{path}");
            assert!(String::from_utf8(reply.body).unwrap().contains("the page"), "{path}");
        }
    }

    async fn the_page_may_run_its_own_program_and_nothing_else(house: House) {
        let (house, _folder) = with_page(house).await;
        for path in ["/", SCRIPT, "/engine.js"] {
            let reply = house.nobody().send("GET", path, &[], "").await;
            let policy = reply.header("content-security-policy");
            for rule in [
                "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'",
                "worker-src 'self'", "frame-ancestors 'none'",
            ] {
                assert!(policy.contains(rule), "{path}: {rule} is missing from {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
            for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
                assert_eq!(reply.header(name), value, "{path}");
            }
        }
        for (host, is_trusted) in
            [("localhost:8080", true), ("127.0.0.1:8080", true), ("[::1]", true), ("mitbadak.example", false)]
        {
            let reply = house.nobody().send("GET", "/", &[("host", host)], "").await;
            let isolated = if is_trusted { ("same-origin", "require-corp") } else { ("", "") };
            let header = |name: &str| reply.header(name);
            let found = (header("cross-origin-opener-policy"), header("cross-origin-embedder-policy"));
            assert_eq!(found, isolated, "{host}: browsers complain where they do not trust the origin");
        }
        let data = house.nobody().send("GET", "/healthz", &[], "").await;
        assert_eq!(data.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    }

    async fn a_name_with_a_hash_or_a_version_is_kept_for_ever_and_the_others_are_not(house: House) {
        let (house, _folder) = with_page(house).await;
        for (path, cache) in [
            (SCRIPT, "public, max-age=31536000, immutable"),
            ("/vendor/pretendard-1.3.9/font.woff2", "public, max-age=31536000, immutable"),
            ("/engine.js", "no-cache"),
            ("/index.html", "no-cache"),
            // A place in the page that looks like a hash is still a place in the page.
            ("/runs/0123456789abcdef", "no-cache"),
        ] {
            let reply = house.nobody().send("GET", path, &[], "").await;
            assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, cache), "{path}");
        }
        let old = house.nobody().send("GET", "/frontend-ffffffffffffffff.js", &[], "").await;
        assert_eq!((old.status.as_u16(), old.header("cache-control")), (404, "no-cache"));
    }

    async fn compressed_files_go_to_those_who_can_read_them(house: House) {
        let (house, _folder) = with_page(house).await;
        let modern = [("accept-encoding", "gzip, deflate, br")];
        for path in [SCRIPT, "/", "/runs/3"] {
            let reply = house.nobody().send("GET", path, &modern, "").await;
            assert_eq!(reply.header("content-encoding"), "br", "{path}");
            assert_eq!(reply.header("vary"), "accept-encoding", "{path}");
            assert!(String::from_utf8(reply.body).unwrap().ends_with("compressed"), "{path}");
            let reply = house.nobody().send("GET", path, &[("accept-encoding", "gzip")], "").await;
            assert_eq!(reply.header("content-encoding"), "", "{path}");
            let reply = house.nobody().send("GET", path, &[("accept-encoding", "br;q=0")], "").await;
            assert_eq!(reply.header("content-encoding"), "", "{path}");
        }
        let script = house.nobody().send("GET", SCRIPT, &modern, "").await;
        assert_eq!(script.header("content-type"), "text/javascript");
    }

    async fn what_is_not_changed_is_not_sent_again(house: House) {
        let (house, _folder) = with_page(house).await;
        for path in ["/engine.js", "/runs"] {
            let first = house.nobody().send("GET", path, &[], "").await;
            let since = first.header("last-modified").to_owned();
            let again = house.nobody().send("GET", path, &[("if-modified-since", &since)], "").await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        }
    }

    async fn nothing_outside_of_the_folder_can_be_had(house: House) {
        let (house, folder) = with_page(house).await;
        std::os::unix::fs::symlink("index.html", folder.path().join("page/link.html")).unwrap();
        for path in [
            "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/vendor/../../secret.txt",
            "/vendor/%2e%2e/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "//secret.txt", "/..%5csecret.txt",
        ] {
            let reply = house.nobody().send("GET", path, &[], "").await;
            let text = String::from_utf8(reply.body).unwrap();
            assert!(!text.contains("secret"), "{path}: {text}");
        }
    }

    async fn the_api_answers_in_json_beside_the_page(house: House) {
        let (house, _folder) = with_page(house).await;
        for (method, path) in [
            ("GET", "/api/v1/nothing"), ("GET", "/api"), ("GET", "/api/"), ("POST", "/runs"), ("DELETE", "/"),
            ("GET", "/healthz/more"),
        ] {
            let reply = house.nobody().send(method, path, &[], "").await;
            assert_eq!(reply.status, 404, "{method} {path}");
            assert_eq!(reply.error().code, ErrorCode::NotFound, "{method} {path}");
        }
        assert_eq!(house.nobody().send("GET", "/api/v2/jobs", &[], "").await.status, 426);
        assert_eq!(house.nobody().send("GET", "/api/v1/me", &[], "").await.error().code, ErrorCode::NotSignedIn);
        assert_eq!(house.nobody().send("GET", "/apiary", &[], "").await.header("content-type"), "text/html");
    }

    async fn a_server_without_a_page_says_how_to_get_one(house: House) {
        let reply = house.nobody().send("GET", "/", &[], "").await;
        assert_eq!(reply.status, 404);
        assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
        let text = String::from_utf8(reply.body).unwrap();
        assert!(text.contains("cargo xtask up") && text.contains("--front-end"), "{text}");
    }
}
