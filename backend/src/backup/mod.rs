//! The whole house in one file, and a house out of such a file, from either kind of database to either kind.
//!
//! A backup is a tar archive that `tar` can list:
//!
//! ```text
//! header.json                      the format, the schema's version, the tables with their columns
//! tables/NAME/000001.jsonl.zst …   rows, each a list of texts and nulls, parents before children
//! blobs/SHA256                     stored files that the rows name
//! manifest.json                    what there should be, so that an archive that was cut short is known
//! ```
//!
//! It is made while the server runs: rows of one moment, then the files that they name. The collector leaves those
//! alone for its grace period, which begins anew with each backup. A restoration goes only into an empty house, in one
//! transaction that ends after every file was verified: one that is interrupted leaves no row.

mod archive;
mod make;
mod restore;
mod rows;
mod schema;

use serde::{Deserialize, Serialize};

pub use make::make;
pub use restore::restore;

const FORMAT: u32 = 1;
const HEADER: &str = "header.json";
const MANIFEST: &str = "manifest.json";

/// What is known before the first row.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    format: u32,
    code_version: String,
    /// By name, in their order.
    migrations: Vec<String>,
    tables: Vec<TableColumns>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TableColumns {
    name: String,
    columns: Vec<String>,
}

/// What the whole archive holds.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    rows: u64,
    chunks: Vec<Chunk>,
    blobs: u64,
}

/// Rows of one table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Chunk {
    name: String,
    sha256: String,
}

/// What was written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub rows: u64,
    pub files: u64,
    pub bytes: u64,
}

fn chunk_name(table: &str, number: usize) -> String {
    format!("tables/{table}/{number:06}.jsonl.zst")
}
