//! A house out of a backup.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use sha2::{Digest, Sha256 as Hash};
use shared::artifacts::Sha256;

use super::archive::{self, Entry};
use super::make::blob;
use super::rows::{self, Row};
use super::schema::{self, Table};
use super::{Chunk, FORMAT, HEADER, Header, MANIFEST, Manifest, Summary, chunk_name};
use crate::config::DataConfig;
use crate::db::{self, Database};
use crate::storage::key;

/// Of the header, the manifest and a chunk as it lies in the archive.
const PART_LIMIT_BYTES: u64 = 64 << 20;
/// Of a chunk's lines.
const LINES_LIMIT_BYTES: u64 = 512 << 20;
const STAGING: &str = "objects.restoring";

/// Fills an empty house. Whatever is wrong with the archive, the house stays empty.
pub async fn restore(data: &DataConfig, from: &Path) -> anyhow::Result<Summary> {
    let file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut archive = BufReader::with_capacity(1 << 20, file);
    let header = read_first(&mut archive)?;
    fs::create_dir_all(&data.data)
        .with_context(|| format!("cannot make the folder {}", data.data.display()))?;
    let (objects, staging) = (data.objects(), data.data.join(STAGING));
    if staging.exists() {
        bail!(
            "{} is left from a restoration that was interrupted: remove it and restore again",
            staging.display()
        );
    }
    if fs::read_dir(&objects).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} holds files already: restore into a new folder", objects.display());
    }
    let database = db::connect(&data.url()).await.context("cannot open the database")?;
    let restored = fill(&database, &header, &mut archive, &staging, &objects).await;
    if restored.is_err() {
        // Ours, and of no use: the rows that name its files were never committed.
        let _ = fs::remove_dir_all(&staging);
    }
    let closed = database.close().await;
    let summary = restored?;
    closed?;
    Ok(summary)
}

fn read_first(archive: &mut impl Read) -> anyhow::Result<Header> {
    let unknown = "this is no backup of a house";
    let entry = archive::read_header(archive).context(unknown)?.context(unknown)?;
    if entry.name != HEADER {
        bail!(unknown);
    }
    let header: Header = serde_json::from_slice(&read_part(archive, &entry)?).context(unknown)?;
    if header.format != FORMAT {
        bail!("the backup has format {}, this program reads {FORMAT}", header.format);
    }
    let known = Migrator::migrations();
    let same = header.migrations.iter().zip(&known).all(|(theirs, ours)| theirs == ours.name());
    if !same || header.migrations.is_empty() || header.migrations.len() > known.len() {
        bail!(
            "the backup was made by version {}, whose schema this program does not know: restore with that version or a newer one",
            header.code_version
        );
    }
    Ok(header)
}

async fn fill(
    database: &Database,
    header: &Header,
    archive: &mut impl Read,
    staging: &Path,
    objects: &Path,
) -> anyhow::Result<Summary> {
    let applied = schema::migrations(database.read()).await?;
    if applied.len() > header.migrations.len() {
        bail!("the database is of a newer version than the backup: restore into a new one");
    }
    db::migrate_to(database, header.migrations.len()).await?;
    let transaction = db::write(database).await?;
    let tables = schema::tables(&transaction).await?;
    for table in &tables {
        if !rows::page(&transaction, table, "TRUE", None, 1).await?.is_empty() {
            bail!("the database holds rows of {} already: restore into an empty one", table.name);
        }
    }
    let mut ours = schema::described(&tables);
    let mut theirs = header.tables.clone();
    ours.sort_by(|left, right| left.name.cmp(&right.name));
    theirs.sort_by(|left, right| left.name.cmp(&right.name));
    if ours != theirs {
        bail!("the backup's tables are not those of its schema's version; it cannot be trusted");
    }
    fs::create_dir_all(staging)?;
    let summary = read_all(&transaction, header, &tables, archive, staging).await?;
    continue_ids(&transaction, &tables).await?;
    // Files without rows are nothing; rows without files would be half a house. So the files come first.
    match fs::remove_dir(objects) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::rename(staging, objects)?;
    if let Some(folder) = objects.parent() {
        File::open(folder)?.sync_all()?;
    }
    transaction.commit().await?;
    db::migrate(database).await?;
    Ok(summary)
}

async fn read_all(
    transaction: &DatabaseTransaction,
    header: &Header,
    tables: &[Table],
    archive: &mut impl Read,
    staging: &Path,
) -> anyhow::Result<Summary> {
    let mut found = Manifest::default();
    let mut expected: BTreeMap<Sha256, u64> = BTreeMap::new();
    let mut bytes = 0;
    // The table whose rows come, by its place in the header, and its last chunk.
    let (mut place, mut number) = (0, 0);
    loop {
        let cut = "the backup is cut short or damaged; nothing was restored";
        let entry = archive::read_header(archive).context(cut)?.context(cut)?;
        let damaged = || format!("{} in the backup is damaged; nothing was restored", entry.name);
        if let Some(sha256) = entry.name.strip_prefix("blobs/") {
            let sha256 = Sha256::try_from(sha256.to_owned()).map_err(anyhow::Error::msg)?;
            if expected.remove(&sha256) != Some(entry.size_bytes) {
                bail!("{}: no row names it, or with another size", damaged());
            }
            read_blob(archive, &sha256, entry.size_bytes, staging).with_context(damaged)?;
            found.blobs += 1;
            bytes += entry.size_bytes;
        } else if entry.name == MANIFEST {
            let manifest: Manifest =
                serde_json::from_slice(&read_part(archive, &entry)?).with_context(damaged)?;
            for (told, read) in manifest.chunks.iter().zip(&found.chunks) {
                if told != read {
                    bail!("{} in the backup is damaged; nothing was restored", read.name);
                }
            }
            if manifest != found || !expected.is_empty() {
                bail!("something is missing from the backup; nothing was restored");
            }
            return Ok(Summary { rows: found.rows, files: found.blobs, bytes });
        } else {
            while header
                .tables
                .get(place)
                .is_some_and(|table| entry.name != chunk_name(&table.name, number + 1))
            {
                (place, number) = (place + 1, 0);
            }
            let name = header.tables.get(place).map(|table| &table.name);
            let Some(table) = tables.iter().find(|table| Some(&table.name) == name) else {
                bail!("{} has no place in a backup; nothing was restored", entry.name);
            };
            number += 1;
            let packed = read_part(archive, &entry).with_context(damaged)?;
            let rows = unpack(&packed).with_context(damaged)?;
            if table.name == "blobs" {
                for row in &rows {
                    let (sha256, size_bytes) = blob(table, row).with_context(damaged)?;
                    expected.insert(sha256, size_bytes);
                }
            }
            rows::insert(transaction, table, &rows).await.with_context(damaged)?;
            found.rows += rows.len() as u64;
            let sha256 = hex::encode(Hash::digest(&packed));
            found.chunks.push(Chunk { name: entry.name.clone(), sha256 });
        }
    }
}

fn unpack(packed: &[u8]) -> anyhow::Result<Vec<Row>> {
    let mut lines = Vec::new();
    zstd::Decoder::new(packed)?.take(LINES_LIMIT_BYTES + 1).read_to_end(&mut lines)?;
    if lines.len() as u64 > LINES_LIMIT_BYTES {
        bail!("it unpacks to more than {LINES_LIMIT_BYTES} bytes");
    }
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| Ok(serde_json::from_slice(line)?)).collect()
}

fn read_part(archive: &mut impl Read, entry: &Entry) -> anyhow::Result<Vec<u8>> {
    if entry.size_bytes > PART_LIMIT_BYTES {
        bail!("it has more than {PART_LIMIT_BYTES} bytes");
    }
    let mut bytes = vec![0; entry.size_bytes as usize];
    archive.read_exact(&mut bytes)?;
    archive::read_padding(archive, entry.size_bytes)?;
    Ok(bytes)
}

/// The name of the file is made of the hash that its bytes turn out to have.
fn read_blob(
    archive: &mut impl Read,
    sha256: &Sha256,
    size_bytes: u64,
    staging: &Path,
) -> anyhow::Result<()> {
    let path = staging.join(key(sha256).as_ref());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(&path)?;
    let mut hash = Hash::new();
    let mut buffer = vec![0; 1 << 20];
    let mut left = size_bytes;
    while left > 0 {
        let part = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        archive.read_exact(&mut buffer[..part])?;
        hash.update(&buffer[..part]);
        file.write_all(&buffer[..part])?;
        left -= part as u64;
    }
    if hex::encode(hash.finalize()) != sha256.as_str() {
        bail!("its bytes have another SHA-256");
    }
    file.sync_all()?;
    Ok(archive::read_padding(archive, size_bytes)?)
}

/// New rows get numbers after the highest. SQLite sees to that by itself.
async fn continue_ids(transaction: &DatabaseTransaction, tables: &[Table]) -> anyhow::Result<()> {
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for table in tables {
        if table.columns.iter().any(|column| column.name == "id") {
            let name = &table.name;
            let sql = format!(
                "SELECT CAST(setval(pg_get_serial_sequence('{name}', 'id'), GREATEST((SELECT MAX(id) FROM {name}), 1), \
                 (SELECT COUNT(*) FROM {name}) > 0) AS BIGINT)"
            );
            db::row(transaction, &sql, []).await?;
        }
    }
    Ok(())
}
