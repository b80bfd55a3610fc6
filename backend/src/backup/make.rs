//! Writing a backup.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use futures::TryStreamExt;
use migrations::{Migrator, MigratorTrait};
use object_store::ObjectStoreExt;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256 as Hash};
use shared::artifacts::Sha256;

use super::archive::{self, Entry};
use super::rows::{self, Row};
use super::schema::{self, Table};
use super::{Chunk, FORMAT, HEADER, Header, MANIFEST, Manifest, Summary, chunk_name};
use crate::config::DataConfig;
use crate::db::{self, Database};
use crate::storage::collect::REFERENCED;
use crate::storage::{Storage, key};

const PAGE_ROWS: u32 = 500;
/// A chunk is closed when its lines have so many bytes.
const CHUNK_BYTES: usize = 4 << 20;
const LEVEL: i32 = 3;

/// Writes a backup of the house into a new file. It may run beside the server.
pub async fn make(data: &DataConfig, to: &Path) -> anyhow::Result<Summary> {
    if to.exists() {
        bail!("{} exists already; choose another name", to.display());
    }
    let database = db::connect(&data.url()).await.context("cannot open the database")?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let found = schema::migrations(database.read()).await?;
    if found.is_empty() {
        bail!("there is no house here: is --data or DATABASE_URL right?");
    }
    if found != known {
        bail!("the database's schema is not this program's; take the server's own version of `mitbadak`");
    }
    let storage = Storage::open(&data.objects())
        .with_context(|| format!("cannot open the storage in {}", data.objects().display()))?;
    let unfinished = PathBuf::from(format!("{}.unfinished", to.display()));
    let written = write(&database, &storage, &unfinished, known).await;
    let closed = database.close().await;
    match written {
        Ok(summary) => {
            closed?;
            std::fs::rename(&unfinished, to)?;
            Ok(summary)
        }
        Err(error) => {
            // What is left of it is named `.unfinished`, and the next try writes it anew.
            let _ = std::fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

async fn write(
    database: &Database,
    storage: &Storage,
    to: &Path,
    migrations: Vec<String>,
) -> anyhow::Result<Summary> {
    // Token hashes and everybody's work stand in it.
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let file = options.open(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut archive = BufWriter::with_capacity(1 << 20, file);
    protect(database).await?;
    let snapshot = db::snapshot(database).await?;
    let tables = schema::tables(&snapshot).await?;
    let header = Header {
        format: FORMAT,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        migrations,
        tables: schema::described(&tables),
    };
    put(&mut archive, HEADER, &serde_json::to_vec_pretty(&header)?)?;
    let mut manifest = Manifest::default();
    let mut blobs: Vec<(Sha256, u64)> = Vec::new();
    for table in &tables {
        write_table(&snapshot, table, &mut archive, &mut manifest, &mut blobs).await?;
    }
    // The rows are those of one moment; the files that they name outlive it.
    drop(snapshot);
    let mut bytes = 0;
    for (sha256, size_bytes) in &blobs {
        write_blob(storage, sha256, *size_bytes, &mut archive).await?;
        bytes += size_bytes;
    }
    manifest.blobs = blobs.len() as u64;
    put(&mut archive, MANIFEST, &serde_json::to_vec_pretty(&manifest)?)?;
    archive::write_end(&mut archive)?;
    archive.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(Summary { rows: manifest.rows, files: manifest.blobs, bytes })
}

/// Begins the collector's grace period of every file that is in use anew: one that is given up while the backup
/// runs is still there when its turn comes.
async fn protect(database: &Database) -> anyhow::Result<()> {
    let transaction = db::write(database).await?;
    let sql = format!("UPDATE blobs SET touched_at = {{now}} WHERE deleting_since IS NULL AND {REFERENCED}");
    db::run(&transaction, &sql, []).await?;
    Ok(transaction.commit().await?)
}

async fn write_table(
    snapshot: &DatabaseTransaction,
    table: &Table,
    archive: &mut BufWriter<File>,
    manifest: &mut Manifest,
    blobs: &mut Vec<(Sha256, u64)>,
) -> anyhow::Result<()> {
    let are_blobs = table.name == "blobs";
    let in_use = format!("deleting_since IS NULL AND {REFERENCED}");
    let condition = if are_blobs { in_use.as_str() } else { "TRUE" };
    let (mut lines, mut number) = (Vec::new(), 0);
    let mut last: Option<Row> = None;
    loop {
        let page = rows::page(snapshot, table, condition, last.as_ref(), PAGE_ROWS).await?;
        let is_last = page.len() < PAGE_ROWS as usize;
        for row in &page {
            if are_blobs {
                blobs.push(blob(table, row)?);
            }
            serde_json::to_writer(&mut lines, row)?;
            lines.push(b'\n');
        }
        manifest.rows += page.len() as u64;
        if !lines.is_empty() && (is_last || lines.len() >= CHUNK_BYTES) {
            number += 1;
            let name = chunk_name(&table.name, number);
            let packed = zstd::bulk::compress(&lines, LEVEL)?;
            put(archive, &name, &packed)?;
            manifest.chunks.push(Chunk { name, sha256: hex::encode(Hash::digest(&packed)) });
            lines.clear();
        }
        if is_last {
            return Ok(());
        }
        last = page.into_iter().last();
    }
}

/// The hash and size of a row of `blobs`.
pub(super) fn blob(table: &Table, row: &Row) -> anyhow::Result<(Sha256, u64)> {
    let text = |name: &str| {
        let at = table.columns.iter().position(|column| column.name == name);
        at.and_then(|at| row.get(at)?.clone()).with_context(|| format!("a file without its {name}"))
    };
    let sha256 = Sha256::try_from(text("sha256")?).map_err(anyhow::Error::msg)?;
    Ok((sha256, text("size_bytes")?.parse().context("a file's size is no number")?))
}

async fn write_blob(
    storage: &Storage,
    sha256: &Sha256,
    size_bytes: u64,
    archive: &mut BufWriter<File>,
) -> anyhow::Result<()> {
    let damaged = || format!("the stored file {sha256} is missing or damaged");
    let stored = storage.store.get(&key(sha256)).await.with_context(damaged)?;
    if stored.meta.size != size_bytes {
        bail!("{}: it has {} bytes instead of {size_bytes}", damaged(), stored.meta.size);
    }
    archive::write_header(archive, &Entry { name: format!("blobs/{sha256}"), size_bytes })?;
    let mut hash = Hash::new();
    let mut stream = stored.into_stream();
    while let Some(bytes) = stream.try_next().await.with_context(damaged)? {
        hash.update(&bytes);
        archive.write_all(&bytes)?;
    }
    if hex::encode(hash.finalize()) != sha256.as_str() {
        bail!("{}: its bytes have another SHA-256", damaged());
    }
    Ok(archive::write_padding(archive, size_bytes)?)
}

fn put(archive: &mut impl Write, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let size_bytes = bytes.len() as u64;
    archive::write_header(archive, &Entry { name: name.to_owned(), size_bytes })?;
    archive.write_all(bytes)?;
    archive::write_padding(archive, size_bytes)
}
