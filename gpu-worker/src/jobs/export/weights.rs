//! The header of a safetensors file: eight bytes of length, then JSON with every tensor's type, shape
//! and place (<https://github.com/huggingface/safetensors#format>).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use shared::spec::ArchitectureSpec;

use crate::jobs::JobError;

pub const FILE: &str = "model.safetensors";
const HEADER_LIMIT_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor { dtype: String, shape: Vec<u64>, data_offsets: (u64, u64) },
    Metadata(IgnoredAny),
}

/// Whether the file is whole and holds as many parameters as the architecture has.
pub fn check(path: &Path, architecture: &ArchitectureSpec) -> Result<(), JobError> {
    let broken = |what: String| {
        JobError::user(format!("{FILE} cannot be used: {what}. Fetch or train the model again"))
    };
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => broken("it is missing".to_owned()),
        _ => JobError::transient(format!("{}: {error}", path.display())),
    })?;
    let size_bytes = file.metadata().map_err(JobError::io(path.display()))?.len();
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|_| broken("it has no header".to_owned()))?;
    let header_bytes = u64::from_le_bytes(length);
    if header_bytes > HEADER_LIMIT_BYTES || header_bytes + 8 > size_bytes {
        return Err(broken(format!("a header of {header_bytes} bytes in a file of {size_bytes}")));
    }
    let mut header = vec![0; header_bytes as usize];
    file.read_exact(&mut header).map_err(JobError::io(path.display()))?;
    let entries: BTreeMap<String, Entry> =
        serde_json::from_slice(&header).map_err(|error| broken(format!("its header is broken ({error})")))?;

    let (mut parameters, mut data_bytes) = (0_u64, 0_u64);
    for (name, entry) in &entries {
        let Entry::Tensor { dtype, shape, data_offsets: (start, end) } = entry else { continue };
        let element_bytes = match dtype.as_str() {
            "F64" | "I64" => 8,
            "F32" | "I32" => 4,
            "F16" | "BF16" => 2,
            other => return Err(broken(format!("{name} is of type {other}"))),
        };
        let elements = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side));
        let expected = elements.and_then(|elements| elements.checked_mul(element_bytes));
        if expected.is_none() || end.checked_sub(*start) != expected {
            return Err(broken(format!("{name} of shape {shape:?} does not fill its place")));
        }
        parameters = parameters.saturating_add(elements.unwrap_or(0));
        data_bytes = data_bytes.max(*end);
    }
    if 8 + header_bytes + data_bytes != size_bytes {
        return Err(broken(format!(
            "it has {size_bytes} bytes where its header tells of {}",
            8 + header_bytes + data_bytes
        )));
    }
    if parameters != architecture.parameter_count() {
        return Err(broken(format!(
            "it holds {parameters} parameters where config.json describes {}",
            architecture.parameter_count()
        )));
    }
    Ok(())
}
