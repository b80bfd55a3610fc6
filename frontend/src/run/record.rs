//! Events become curves, samples, a log and the latest progress.

use std::collections::{BTreeMap, VecDeque};

use shared::api::jobs::JobState;
use shared::events::{
    GroupStatistics, JobEvent, LogLevel, ParameterGroup, ProgressUnit, Series, StreamEvent,
};
use shared::spec::Estimate;

use super::Curve;

const KEPT_LOG_LINES: usize = 2_000;
const KEPT_SAMPLES: usize = 400;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunRecord {
    pub curves: BTreeMap<Series, Curve>,
    pub groups: BTreeMap<ParameterGroup, GroupCurves>,
    /// By prompt, in order of their step.
    pub samples: BTreeMap<String, Vec<Sample>>,
    pub log: VecDeque<LogLine>,
    /// Lines that no longer fit.
    pub log_dropped: usize,
    pub progress: Option<Progress>,
    /// Of the latest attempt.
    pub estimate: Option<Estimate>,
    pub state: Option<JobState>,
    pub reason: Option<String>,
    pub attempt: u32,
}

/// One group of parameters over the steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupCurves {
    pub gradient_norm: Curve,
    pub update_ratio: Curve,
    pub dead_unit_share: Curve,
}

/// What is measured of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    GradientNorm,
    UpdateRatio,
    DeadUnitShare,
}

impl GroupCurves {
    pub fn of(&self, measure: Measure) -> &Curve {
        match measure {
            Measure::GradientNorm => &self.gradient_norm,
            Measure::UpdateRatio => &self.update_ratio,
            Measure::DeadUnitShare => &self.dead_unit_share,
        }
    }

    fn push(&mut self, step: u64, statistics: &GroupStatistics) {
        self.gradient_norm.push(step, statistics.gradient_norm);
        self.update_ratio.push(step, statistics.update_ratio);
        if let Some(share) = statistics.dead_unit_share {
            self.dead_unit_share.push(step, share);
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub step: u64,
    /// Without the prompt.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub done: u64,
    pub total: Option<u64>,
    pub unit: ProgressUnit,
    pub seconds_left: Option<f64>,
}

impl Progress {
    pub fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some(self.done as f64 / total as f64)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    pub number: u64,
    pub at_microseconds: i64,
    pub attempt: u32,
    pub tone: LogTone,
}

#[derive(Debug, Clone, PartialEq)]
pub enum LogTone {
    Said(LogLevel, String),
    State(JobState, Option<String>),
    Resumed(u64),
    Checkpoint(u64),
}

impl RunRecord {
    pub fn take(&mut self, event: StreamEvent) {
        let StreamEvent { stream_number, attempt, at_microseconds, event, .. } = event;
        self.attempt = self.attempt.max(attempt);
        let tone = match event {
            JobEvent::Progress { done, total, unit, seconds_left } => {
                self.progress = Some(Progress { done, total, unit, seconds_left });
                return;
            }
            JobEvent::Estimated { estimate } => {
                self.estimate = Some(estimate);
                return;
            }
            JobEvent::Metrics { step, values } => {
                for (series, value) in values {
                    self.curves.entry(series).or_default().push(step, value);
                }
                return;
            }
            JobEvent::ParameterStatistics { step, groups } => {
                for group in groups {
                    self.groups.entry(group.group).or_default().push(step, &group);
                }
                return;
            }
            JobEvent::Sample { step, prompt, text } => {
                self.take_sample(step, prompt, &text);
                return;
            }
            JobEvent::StateChanged { state, reason } => {
                self.state = Some(state);
                self.reason.clone_from(&reason);
                LogTone::State(state, reason)
            }
            JobEvent::Log { level, message } => LogTone::Said(level, message),
            JobEvent::Resumed { step } => LogTone::Resumed(step),
            JobEvent::CheckpointSaved { step } => LogTone::Checkpoint(step),
        };
        self.log.push_back(LogLine { number: stream_number, at_microseconds, attempt, tone });
        if self.log.len() > KEPT_LOG_LINES {
            self.log.pop_front();
            self.log_dropped += 1;
        }
    }

    /// A later attempt writes the samples since its checkpoint again. The first one always stays.
    fn take_sample(&mut self, step: u64, prompt: String, text: &str) {
        let text = text.strip_prefix(prompt.as_str()).unwrap_or(text).to_owned();
        let samples = self.samples.entry(prompt).or_default();
        samples.retain(|sample| sample.step < step);
        samples.push(Sample { step, text });
        if samples.len() > KEPT_SAMPLES {
            samples.remove(1);
        }
    }

    pub fn last(&self, series: Series) -> Option<(u64, f64)> {
        self.curves.get(&series)?.last()
    }

    pub fn has_metrics(&self) -> bool {
        self.curves.values().any(|curve| !curve.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::JobId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn told(events: impl IntoIterator<Item = JobEvent>) -> RunRecord {
        let mut record = RunRecord::default();
        for (number, event) in (1..).zip(events) {
            record.take(StreamEvent {
                stream_number: number,
                job_id: JobId(1),
                attempt: 1,
                at_microseconds: 0,
                event,
            });
        }
        record
    }

    fn sample(step: u64, text: &str) -> JobEvent {
        JobEvent::Sample { step, prompt: "옛날 ".into(), text: text.into() }
    }

    #[wasm_bindgen_test]
    fn samples_lose_their_prompt_and_are_replaced_by_a_later_attempt() {
        let record = told([sample(0, "옛날 가"), sample(150, "나"), sample(300, "다"), sample(150, "라")]);
        let texts: Vec<(u64, &str)> =
            record.samples["옛날 "].iter().map(|sample| (sample.step, sample.text.as_str())).collect();
        assert_eq!(texts, [(0, "가"), (150, "라")]);
    }

    #[wasm_bindgen_test]
    fn a_log_without_end_keeps_its_newest_lines_and_counts_the_others() {
        let line = |number| JobEvent::Log { level: LogLevel::Info, message: format!("{number}") };
        let record = told((0..KEPT_LOG_LINES + 5).map(line));
        assert_eq!((record.log.len(), record.log_dropped), (KEPT_LOG_LINES, 5));
        assert_eq!(record.log[0].tone, LogTone::Said(LogLevel::Info, "5".into()));
    }

    #[wasm_bindgen_test]
    fn the_estimate_of_the_latest_attempt_counts() {
        let estimate = |seconds| Estimate { seconds: Some(seconds), ..Estimate::default() };
        let record = told([9.0, 4.0].map(|seconds| JobEvent::Estimated { estimate: estimate(seconds) }));
        assert_eq!(record.estimate, Some(estimate(4.0)));
        assert!(record.log.is_empty(), "it is shown, not logged");
    }

    #[wasm_bindgen_test]
    fn the_latest_state_and_progress_count() {
        let state = |state| JobEvent::StateChanged { state, reason: None };
        let progress =
            JobEvent::Progress { done: 3, total: Some(12), unit: ProgressUnit::Steps, seconds_left: None };
        let record = told([state(JobState::Queued), state(JobState::Running), progress]);
        assert_eq!(record.state, Some(JobState::Running));
        assert_eq!(record.progress.and_then(|progress| progress.share()), Some(0.25));
    }
}
