//! The attempt's process as the agent starts it: what it says, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, Stdio};

use gpu_worker::attempt::protocol::{Line, Outcome};
use support::{Material, Running, checkpoints, eventually, job, signal};

const WITHOUT_END: u64 = 1_000_000;

struct Attempt {
    process: Running,
    stdin: Option<ChildStdin>,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Attempt {
    fn start(mut command: std::process::Command) -> Self {
        command.args(["--events", "pipe"]).stdin(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = Running(command.spawn().unwrap());
        let lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        Self { stdin: process.0.stdin.take(), process, lines }
    }

    fn next(&mut self) -> Option<Line> {
        self.lines.next().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
    }

    /// Reads until a checkpoint of at least this step was announced.
    fn checkpoint(&mut self, at_least: u64) -> u64 {
        loop {
            match self.next().expect("the process goes on") {
                Line::Checkpoint { step } if step >= at_least => return step,
                Line::Outcome(outcome) => panic!("it ended: {outcome:?}"),
                _ => {}
            }
        }
    }

    /// Everything up to the end, and the exit code.
    fn rest(mut self) -> (Vec<Line>, Option<i32>) {
        let lines = std::iter::from_fn(|| self.next()).collect();
        let status = eventually("the process ends", || self.process.0.try_wait().unwrap());
        (lines, status.code())
    }
}

#[test]
fn a_short_job_says_how_it_ended_in_its_last_line() {
    let material = Material::new();
    let (spec, texts) = material.import();
    let bound = [format!("texts={}", texts.display())];
    let (lines, code) = Attempt::start(job(&spec, &bound, &material.path("out"))).rest();
    assert_eq!(lines.last(), Some(&Line::Outcome(Outcome::Succeeded)));
    assert_eq!(code, Some(0));

    std::fs::write(&texts, "").unwrap();
    let (lines, code) = Attempt::start(job(&spec, &bound, &material.path("empty"))).rest();
    assert!(matches!(lines.last(), Some(Line::Outcome(Outcome::FailedForUser { .. }))), "{lines:?}");
    assert_eq!(code, Some(2));
}

#[test]
fn asked_to_drain_it_saves_a_checkpoint_and_says_so() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    for ask in ["the agent's line", "a signal"] {
        let out = material.path(ask);
        let mut attempt = Attempt::start(job(&spec, &inputs, &out));
        attempt.checkpoint(5);
        match ask {
            "a signal" => signal(attempt.process.0.id(), "-TERM"),
            _ => attempt.stdin.as_mut().unwrap().write_all(b"drain\n").unwrap(),
        }
        let (lines, code) = attempt.rest();
        assert_eq!(lines.last(), Some(&Line::Outcome(Outcome::Drained)), "{ask}");
        assert_eq!(code, Some(75), "{ask}");
        let announced = lines.iter().rev().find_map(|line| match line {
            Line::Checkpoint { step } => Some(*step),
            _ => None,
        });
        // The one of the drain itself is the newest on disk, unless the last step had saved it.
        let newest = checkpoints(&out).last().copied();
        assert!(announced.is_none() || announced == newest, "{ask}: {announced:?}, {newest:?}");
    }
}

#[test]
fn asked_to_cancel_it_stops_without_more_ado() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let mut attempt = Attempt::start(job(&spec, &inputs, &material.path("out")));
    attempt.checkpoint(5);
    attempt.stdin.as_mut().unwrap().write_all(b"cancel\n").unwrap();
    let (lines, _) = attempt.rest();
    assert_eq!(lines.last(), Some(&Line::Outcome(Outcome::Cancelled)));
}

#[test]
fn it_ends_when_its_parent_is_gone() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let out = material.path("out");
    let mut attempt = Attempt::start(job(&spec, &inputs, &out));
    attempt.checkpoint(5);
    drop(attempt.stdin.take());
    let (lines, code) = attempt.rest();
    assert_eq!(code, Some(1));
    assert!(!lines.iter().any(|line| matches!(line, Line::Outcome(_))), "nobody is left to be told");
    assert!(!checkpoints(&out).is_empty());
}

#[test]
fn two_processes_never_work_in_one_folder() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let out = material.path("out");
    let mut first = Attempt::start(job(&spec, &inputs, &out));
    first.checkpoint(5);
    let (lines, code) = Attempt::start(job(&spec, &inputs, &out)).rest();
    assert_eq!(code, Some(2), "{lines:?}");
}
