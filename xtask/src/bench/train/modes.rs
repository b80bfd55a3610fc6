//! What is measured: our modes and the peer's, and which of them do the same work.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Float32,
    Bfloat16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Every parameter is trained and every activation kept.
    Plain,
    /// Activations are computed again in the backward pass.
    Recomputed,
    /// Only the matrices of queries and values are trained.
    Frozen,
}

/// Of model/examples/training_speed.rs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OurMode {
    pub precision: Precision,
    pub work: Work,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    Eager,
    /// `torch.compile`, which needs a C++ compiler.
    Compiled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerMode {
    pub precision: Precision,
    pub execution: Execution,
}

impl OurMode {
    pub const PLAIN: Self = Self { precision: Precision::Float32, work: Work::Plain };
    pub const FROZEN: Self = Self { precision: Precision::Float32, work: Work::Frozen };

    /// A frozen step trains less than the peer's. A recomputed one trains the same, in less memory.
    pub fn compares_with(self, peer: PeerMode) -> bool {
        self.precision == peer.precision && self.work != Work::Frozen
    }
}

impl FromStr for OurMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (precision, work) = match text.split_once('-') {
            None => (text, Work::Plain),
            Some((precision, "recomputed")) => (precision, Work::Recomputed),
            Some((precision, "frozen")) => (precision, Work::Frozen),
            Some(_) => ("", Work::Plain),
        };
        let precision = match precision {
            "f32" => Precision::Float32,
            "bf16" => Precision::Bfloat16,
            _ => return Err("choose f32 or bf16, or one of them with -recomputed or -frozen".to_owned()),
        };
        Ok(Self { precision, work })
    }
}

impl fmt::Display for OurMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = match self.precision {
            Precision::Float32 => "f32",
            Precision::Bfloat16 => "bf16",
        };
        let work = match self.work {
            Work::Plain => "",
            Work::Recomputed => "-recomputed",
            Work::Frozen => "-frozen",
        };
        write!(formatter, "{precision}{work}")
    }
}

impl Execution {
    /// As the peer's script calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eager => "eager",
            Self::Compiled => "compile",
        }
    }
}

impl FromStr for PeerMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (execution, precision) = match text.strip_suffix("-bf16") {
            Some(execution) => (execution, Precision::Bfloat16),
            None => (text, Precision::Float32),
        };
        let execution = match execution {
            "eager" => Execution::Eager,
            "compile" => Execution::Compiled,
            _ => return Err("choose eager or compile, or one of them with -bf16".to_owned()),
        };
        Ok(Self { precision, execution })
    }
}

impl fmt::Display for PeerMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.execution.name())?;
        match self.precision {
            Precision::Float32 => Ok(()),
            Precision::Bfloat16 => formatter.write_str("-bf16"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_read_as_it_is_written() {
        for text in ["f32", "bf16", "f32-recomputed", "bf16-recomputed", "f32-frozen", "bf16-frozen"] {
            assert_eq!(text.parse::<OurMode>().unwrap().to_string(), text);
        }
        for text in ["eager", "compile", "eager-bf16", "compile-bf16"] {
            assert_eq!(text.parse::<PeerMode>().unwrap().to_string(), text);
        }
        assert_eq!("f32-frozen".parse(), Ok(OurMode::FROZEN));
    }

    #[test]
    fn an_unknown_mode_is_refused_with_those_that_there_are() {
        for text in ["", "f16", "f32-", "f32-frozen-recomputed", "recomputed", "eager"] {
            assert!(text.parse::<OurMode>().unwrap_err().contains("f32 or bf16"), "{text}");
        }
        for text in ["", "compiled", "eager-f32", "bf16", "-bf16"] {
            assert!(text.parse::<PeerMode>().unwrap_err().contains("eager or compile"), "{text}");
        }
    }

    #[test]
    fn only_equal_work_in_equal_precision_is_compared() {
        let compared = |ours: &str| -> Vec<&str> {
            let ours: OurMode = ours.parse().unwrap();
            let peers = ["eager", "eager-bf16", "compile", "compile-bf16"];
            peers.into_iter().filter(|peer| ours.compares_with(peer.parse().unwrap())).collect()
        };
        assert_eq!(compared("f32"), ["eager", "compile"]);
        assert_eq!(compared("f32-recomputed"), ["eager", "compile"]);
        assert_eq!(compared("bf16"), ["eager-bf16", "compile-bf16"]);
        assert!(compared("f32-frozen").is_empty());
    }
}
