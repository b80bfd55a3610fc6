//! What was found, and what it means for somebody who wants to run a model here.

use frontend::format;
use frontend::texts::fill;

use super::words;

/// What the browser says of itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub is_secure: bool,
    pub gpu: Gpu,
    pub cores: u32,
    pub is_isolated: bool,
    /// Bytes that may be kept, and that are.
    pub storage: Option<(f64, f64)>,
    /// Of a matrix product in this program.
    pub flops_per_second: f64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gpu {
    /// A browser without WebGPU.
    #[default]
    Unknown,
    NoAdapter,
    Adapter {
        name: String,
        is_software: bool,
        largest_binding: f64,
        has_half: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// It works, and could be better.
    Fair,
    Bad,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub name: &'static str,
    pub verdict: Verdict,
    pub words: String,
}

/// A model of the course has its largest matrix well below.
const ENOUGH_BINDING_BYTES: f64 = 128e6;
/// A few models.
const ENOUGH_STORAGE_BYTES: f64 = 1e9;
/// Ten tokens a second of a model of 100 million weights, twice over.
const ENOUGH_FLOPS: f64 = 4e9;

pub fn findings(facts: &Facts) -> Vec<Finding> {
    let found = |name, verdict, words: String| Finding { name, verdict, words };
    let plain = |name, verdict, words: &str| Finding { name, verdict, words: words.to_owned() };
    let mut all = vec![match facts.is_secure {
        true => plain(words::SECURE, Verdict::Good, words::SECURE_YES),
        false => plain(words::SECURE, Verdict::Bad, words::SECURE_NO),
    }];
    match &facts.gpu {
        Gpu::Unknown => all.push(plain(words::GPU, Verdict::Bad, words::GPU_NO)),
        Gpu::NoAdapter => all.push(plain(words::GPU, Verdict::Bad, words::GPU_NO_ADAPTER)),
        Gpu::Adapter { name, is_software, largest_binding, has_half } => {
            let (verdict, text) = match is_software {
                true => (Verdict::Fair, words::GPU_SOFTWARE),
                false => (Verdict::Good, words::GPU_YES),
            };
            let name = if name.is_empty() { words::GPU_UNNAMED } else { name };
            all.push(found(words::GPU, verdict, fill(text, &[("name", name)])));
            let (verdict, text) = match *largest_binding >= ENOUGH_BINDING_BYTES {
                true => (Verdict::Good, words::BUFFER_ENOUGH),
                false => (Verdict::Fair, words::BUFFER_SMALL),
            };
            let size = format::bytes(*largest_binding);
            all.push(found(words::BUFFER, verdict, fill(text, &[("bytes", &size)])));
            all.push(match has_half {
                true => plain(words::HALF, Verdict::Good, words::HALF_YES),
                false => plain(words::HALF, Verdict::Fair, words::HALF_NO),
            });
        }
    }
    all.push(plain(words::SIMD, Verdict::Good, words::SIMD_YES));
    let (verdict, text) = match facts.flops_per_second >= ENOUGH_FLOPS {
        true => (Verdict::Good, words::SPEED_GOOD),
        false => (Verdict::Fair, words::SPEED_SLOW),
    };
    let speed = format::significant(facts.flops_per_second / 1e9, 2);
    all.push(found(words::SPEED, verdict, fill(text, &[("speed", &speed)])));
    all.push(match facts.cores {
        0 | 1 => plain(words::CORES, Verdict::Fair, words::CORES_FEW),
        cores => found(words::CORES, Verdict::Good, fill(words::CORES_SAID, &[("n", &cores.to_string())])),
    });
    all.push(match facts.is_isolated {
        true => plain(words::THREADS, Verdict::Good, words::THREADS_YES),
        false => plain(words::THREADS, Verdict::Fair, words::THREADS_NO),
    });
    all.push(match facts.storage {
        None => plain(words::STORAGE, Verdict::Fair, words::STORAGE_NO),
        Some((quota, used)) => {
            let (verdict, text) = match quota - used >= ENOUGH_STORAGE_BYTES {
                true => (Verdict::Good, words::STORAGE_ENOUGH),
                false => (Verdict::Fair, words::STORAGE_SMALL),
            };
            let values = [("quota", &*format::bytes(quota)), ("used", &*format::bytes(used))];
            found(words::STORAGE, verdict, fill(text, &values))
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Facts, Gpu, Verdict, findings};

    fn verdicts(facts: &Facts) -> Vec<Verdict> {
        findings(facts).into_iter().map(|finding| finding.verdict).collect()
    }

    #[wasm_bindgen_test]
    fn a_good_machine_is_told_so() {
        let facts = Facts {
            is_secure: true,
            gpu: Gpu::Adapter {
                name: "nvidia ampere".to_owned(),
                is_software: false,
                largest_binding: 2e9,
                has_half: true,
            },
            cores: 8,
            is_isolated: true,
            storage: Some((5e10, 1e9)),
            flops_per_second: 2e10,
        };
        assert!(verdicts(&facts).iter().all(|verdict| *verdict == Verdict::Good));
    }

    #[wasm_bindgen_test]
    fn what_is_missing_comes_with_what_to_do() {
        let found = findings(&Facts::default());
        assert_eq!(found[0].verdict, Verdict::Bad);
        assert!(found[0].words.contains("https://"));
        assert!(found[1].words.contains("Chrome"));
        let without_adapter = findings(&Facts { gpu: Gpu::NoAdapter, ..Facts::default() });
        assert!(without_adapter[1].words.contains("드라이버"));
    }
}
