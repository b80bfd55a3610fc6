//! What an operator types on the server's own machine, with the real program.

use std::process::Command;

fn mitbadak(folder: &tempfile::TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mitbadak"));
    command.args(arguments).arg("--data").arg(folder.path()).env_remove("DATABASE_URL");
    let output = command.envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn quota(folder: &tempfile::TempDir, name: &str) -> i64 {
    let url = format!("sqlite:{}", folder.path().join("mitbadak.sqlite").display());
    let database = backend::db::connect(&url).await.unwrap();
    let sql = "SELECT storage_quota_bytes FROM users WHERE name = $1";
    let quota = backend::db::one(database.read(), sql, [name.into()]).await.unwrap();
    database.close().await.unwrap();
    quota
}

#[tokio::test]
async fn an_account_made_by_the_command_has_the_configured_quota() {
    let folder = tempfile::tempdir().unwrap();
    let link = |name| ["sign-in-link", "--create", "--user", name];
    let printed = mitbadak(&folder, &link("수진"), &[("MITBADAK_STORAGE_QUOTA_BYTES", "12345")]);
    assert!(printed.contains("/sign-in#"), "{printed}");
    assert_eq!(quota(&folder, "수진").await, 12_345);
    mitbadak(&folder, &link("민호"), &[]);
    assert_eq!(quota(&folder, "민호").await, backend::config::STORAGE_QUOTA_BYTES as i64);
    // An account that is there keeps what it has.
    mitbadak(&folder, &link("수진"), &[]);
    assert_eq!(quota(&folder, "수진").await, 12_345);
}
