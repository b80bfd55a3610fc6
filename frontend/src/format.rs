//! Numbers and times as people read them.

use shared::api::jobs::JobState;
use shared::artifacts::{Artifact, ArtifactKind};
use shared::events::ProgressUnit;
use shared::reports::import::ImportRule;
use shared::spec::{JobKind, JobSpec};

use crate::browser;
use crate::texts::{fill, texts};

const SECOND: f64 = 1e6;

/// 12345.6 → `12,346`
pub fn count(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0.0 {
        grouped.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// 4294967296 → `4.29 GB`
pub fn bytes(number: f64) -> String {
    for (limit, unit) in [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")] {
        if number >= limit {
            return format!("{} {unit}", significant(number / limit, 3));
        }
    }
    format!("{number:.0} B")
}

/// As many digits as say something: 0.00042 → `0.00042`, 3.14159 → `3.14`, 12345 → `12,345`.
pub fn significant(number: f64, digits: usize) -> String {
    if number == 0.0 || !number.is_finite() {
        return format!("{number:.0}");
    }
    let magnitude = number.abs().log10().floor() as i32;
    let decimals = (digits as i32 - 1 - magnitude).max(0) as usize;
    if decimals == 0 { count(number) } else { format!("{number:.decimals$}") }
}

/// `1분 15초`, at most two units.
pub fn duration(seconds: f64) -> String {
    let texts = &texts().common;
    let whole = seconds.max(0.0).round() as u64;
    let units = [
        (texts.days, whole / 86_400),
        (texts.hours, whole / 3600 % 24),
        (texts.minutes, whole / 60 % 60),
        (texts.seconds, whole % 60),
    ];
    let first = units.iter().position(|(_, number)| *number > 0).unwrap_or(units.len() - 1);
    let shown =
        units[first..].iter().take(2).enumerate().filter(|(index, (_, number))| *index == 0 || *number > 0);
    let parts: Vec<String> =
        shown.map(|(_, (text, number))| fill(text, &[("n", &number.to_string())])).collect();
    parts.join(" ")
}

/// A forecast in no more digits than it deserves: 754 s → `13분`, 95 s → `1분 40초`.
pub fn about(seconds: f64) -> String {
    let unit = match seconds {
        seconds if seconds < 60.0 => 1.0,
        seconds if seconds < 600.0 => 10.0,
        seconds if seconds < 7200.0 => 60.0,
        seconds if seconds < 86_400.0 => 600.0,
        _ => 3600.0,
    };
    duration((seconds / unit).round().max(1.0) * unit)
}

/// To so many digits: 8123.4 to two → 8100.
pub fn rounded(number: f64, digits: i32) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let unit = 10_f64.powi(number.abs().log10().floor() as i32 + 1 - digits);
    (number / unit).round() * unit
}

/// Numbers that span many powers of ten: `0.0012`, `3.4e-7`, `10`.
pub fn power(number: f64) -> String {
    if number != 0.0 && !(1e-3..1e6).contains(&number.abs()) {
        return format!("{number:.1e}").replace(".0e", "e");
    }
    let text = significant(number, 2);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// When something ends that takes so long from now: `오늘 오후 3시 20분`.
pub fn finish(seconds: f64) -> String {
    finish_from(browser::now_milliseconds(), seconds)
}

fn finish_from(now_milliseconds: f64, seconds: f64) -> String {
    let texts = &texts().common;
    let date = |milliseconds: f64| js_sys::Date::new(&milliseconds.into());
    // Far off, minutes say more than anybody knows.
    let unit = if seconds < 7200.0 { 60e3 } else { 600e3 };
    let at = date(((now_milliseconds + seconds * 1e3) / unit).round() * unit);
    let is_on = |day: &js_sys::Date| {
        (day.get_full_year(), day.get_month(), day.get_date())
            == (at.get_full_year(), at.get_month(), at.get_date())
    };
    let tomorrow = date(now_milliseconds);
    tomorrow.set_date(tomorrow.get_date() + 1);
    let day = if is_on(&date(now_milliseconds)) {
        texts.today.to_owned()
    } else if is_on(&tomorrow) {
        texts.tomorrow.to_owned()
    } else {
        let (month, day) = ((at.get_month() + 1).to_string(), at.get_date().to_string());
        fill(texts.day, &[("month", &month), ("day", &day)])
    };
    let hour = at.get_hours();
    let half = if hour < 12 { texts.morning } else { texts.afternoon };
    let hour = fill(texts.hour, &[("n", &((hour + 11) % 12 + 1).to_string())]);
    match at.get_minutes() {
        0 => format!("{day} {half} {hour}"),
        minutes => format!("{day} {half} {hour} {}", fill(texts.minutes, &[("n", &minutes.to_string())])),
    }
}

/// `방금`, `3분 전`; nothing is in the future, whatever the two clocks say.
pub fn ago(at_microseconds: i64) -> String {
    let texts = &texts().common;
    let seconds = (browser::now_milliseconds() * 1e3 - at_microseconds as f64).max(0.0) / SECOND;
    let (text, number) = match seconds {
        seconds if seconds < 60.0 => (texts.seconds_ago, seconds),
        seconds if seconds < 3600.0 => (texts.minutes_ago, seconds / 60.0),
        seconds if seconds < 86_400.0 => (texts.hours_ago, seconds / 3600.0),
        seconds => (texts.days_ago, seconds / 86_400.0),
    };
    fill(text, &[("n", &format!("{:.0}", number.floor()))])
}

/// The date and time where the reader is: `2026. 11. 24. 오전 2:45`.
pub fn date_time(at_microseconds: i64) -> String {
    let date = js_sys::Date::new(&(at_microseconds as f64 / 1e3).into());
    date.to_locale_string("ko-KR", &js_sys::Object::new()).as_string().unwrap_or_default()
}

/// The time of day where the reader is: `14:05:09`.
pub fn clock(at_microseconds: i64) -> String {
    let date = js_sys::Date::new(&(at_microseconds as f64 / 1e3).into());
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// For `datetime` attributes.
pub fn machine_time(at_microseconds: i64) -> String {
    js_sys::Date::new(&(at_microseconds as f64 / 1e3).into()).to_iso_string().as_string().unwrap_or_default()
}

/// From the first attempt's start to the end, or until now.
pub fn seconds_between(started: Option<i64>, ended: Option<i64>) -> Option<f64> {
    let end = ended.map_or_else(|| browser::now_milliseconds() * 1e3, |ended| ended as f64);
    Some(((end - started? as f64) / SECOND).max(0.0))
}

pub fn kind(kind: JobKind) -> &'static str {
    let texts = &texts().jobs;
    match kind {
        JobKind::Import => texts.import,
        JobKind::Curate => texts.curate,
        JobKind::TrainTokenizer => texts.train_tokenizer,
        JobKind::Pretrain => texts.pretrain,
        JobKind::Export => texts.export,
        JobKind::ImportModel => texts.import_model,
    }
}

pub fn artifact_kind(kind: ArtifactKind) -> &'static str {
    let texts = &texts().artifacts;
    match kind {
        ArtifactKind::Source => texts.source,
        ArtifactKind::Dataset => texts.dataset,
        ArtifactKind::Corpus => texts.corpus,
        ArtifactKind::Tokenizer => texts.tokenizer,
        ArtifactKind::Model => texts.model,
        ArtifactKind::Report => texts.report,
    }
}

/// What people call it: an upload by its label, an exported model by its name, any other output by its
/// job and what it is.
pub fn artifact_name(artifact: &Artifact) -> String {
    match (&artifact.lineage.spec, artifact.lineage.output.as_deref()) {
        (Some(JobSpec::Export(export)), _) => export.name.clone(),
        (Some(JobSpec::ImportModel(import)), Some("model")) => import.name.clone(),
        (Some(spec), Some(output)) => {
            let texts = &texts().artifacts;
            let what = if output == "dropped" { texts.dropped } else { artifact_kind(artifact.kind) };
            fill(texts.output, &[("job", kind(spec.kind())), ("what", what)])
        }
        _ => artifact.label.clone(),
    }
}

/// A curation's rule by its name on the wire; one that this page does not know keeps that name.
pub fn rule(name: &str) -> &str {
    let texts = &texts().rules;
    match name {
        "normalize_nfc" => texts.normalize_nfc,
        "remove_control_characters" => texts.remove_control_characters,
        "remove_html" => texts.remove_html,
        "remove_markdown" => texts.remove_markdown,
        "normalize_whitespace" => texts.normalize_whitespace,
        "length" => texts.length,
        "hangul_share" => texts.hangul_share,
        "exact_duplicates" => texts.exact_duplicates,
        _ => name,
    }
}

/// A rule of the import and what to do about it.
pub fn import_rule(rule: ImportRule) -> (&'static str, &'static str) {
    let texts = &texts().import_rules;
    match rule {
        ImportRule::EmptyFile => (texts.empty_file, texts.empty_file_advice),
        ImportRule::Binary => (texts.binary, texts.binary_advice),
        ImportRule::WrongEncoding => (texts.wrong_encoding, texts.wrong_encoding_advice),
        ImportRule::UnknownFormat => (texts.unknown_format, texts.unknown_format_advice),
        ImportRule::NotAFile => (texts.not_a_file, texts.not_a_file_advice),
        ImportRule::BrokenArchive => (texts.broken_archive, texts.broken_archive_advice),
        ImportRule::ZipBomb => (texts.zip_bomb, texts.zip_bomb_advice),
        ImportRule::UnpackedTooLarge => (texts.unpacked_too_large, texts.unpacked_too_large_advice),
        ImportRule::InvalidUtf8 => (texts.invalid_utf8, texts.invalid_utf8_advice),
        ImportRule::InvalidEncoding => (texts.invalid_encoding, texts.invalid_encoding_advice),
        ImportRule::LineTooLong => (texts.line_too_long, texts.line_too_long_advice),
        ImportRule::InvalidJson => (texts.invalid_json, texts.invalid_json_advice),
        ImportRule::InvalidMessages => (texts.invalid_messages, texts.invalid_messages_advice),
        ImportRule::NoText => (texts.no_text, texts.no_text_advice),
    }
}

/// A named input or output of a job.
pub fn slot(name: &str) -> String {
    let texts = &texts().artifacts;
    match name {
        "dataset" => texts.dataset.to_owned(),
        "corpus" => texts.corpus.to_owned(),
        "tokenizer" => texts.tokenizer.to_owned(),
        "model" => texts.model.to_owned(),
        "report" => texts.report.to_owned(),
        "dropped" => texts.dropped.to_owned(),
        _ => match name.strip_prefix("source") {
            // The sources of an import are numbered.
            Some(number) if number.parse::<u32>().is_ok() => format!("{} {number}", texts.source),
            _ => name.to_owned(),
        },
    }
}

/// A job of a pipeline by its name there, which usually is its kind.
pub fn job_in_pipeline(name: &str) -> String {
    let of_kind = JobKind::ALL.into_iter().find(|kind| kind.as_str() == name);
    of_kind.map_or_else(|| name.to_owned(), |known| kind(known).to_owned())
}

pub fn state(state: JobState) -> &'static str {
    let texts = &texts().jobs;
    match state {
        JobState::Waiting => texts.waiting,
        JobState::Queued => texts.queued,
        JobState::Running => texts.running,
        JobState::Succeeded => texts.succeeded,
        JobState::Failed => texts.failed,
        JobState::Cancelled => texts.cancelled,
    }
}

/// `340 / 600스텝`
pub fn progress(done: u64, total: Option<u64>, unit: ProgressUnit) -> String {
    let texts = &texts().jobs;
    let number =
        |number: u64| if unit == ProgressUnit::Bytes { bytes(number as f64) } else { count(number as f64) };
    let numbers = match total {
        Some(total) => format!("{} / {}", number(done), number(total)),
        None => number(done),
    };
    let text = match unit {
        ProgressUnit::Files => texts.files,
        ProgressUnit::Documents => texts.documents,
        ProgressUnit::Bytes => texts.bytes,
        ProgressUnit::Merges => texts.merges,
        ProgressUnit::Steps => texts.steps,
    };
    fill(text, &[("n", &numbers)])
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn numbers_and_times_read_as_people_write_them() {
        assert_eq!(super::count(1_234_567.4), "1,234,567");
        assert_eq!(super::count(999.0), "999");
        assert_eq!(super::bytes(4_294_967_296.0), "4.29 GB");
        assert_eq!(super::significant(0.000_423_4, 2), "0.00042");
        assert_eq!(super::significant(12_345.6, 3), "12,346");
        assert_eq!(super::duration(75.2), "1분 15초");
        assert_eq!(super::duration(0.2), "0초");
        assert_eq!(super::duration(3600.0), "1시간");
        assert_eq!(super::duration(90_061.0), "1일 1시간");
    }

    #[wasm_bindgen_test]
    fn forecasts_have_no_more_digits_than_they_deserve() {
        let about = [12.4, 95.0, 754.0, 5000.0, 40_000.0, 200_000.0].map(super::about);
        assert_eq!(about, ["12초", "1분 40초", "13분", "1시간 23분", "11시간 10분", "2일 8시간"]);
        assert_eq!(super::about(0.01), "1초");
        assert_eq!([8123.4, 0.0, 0.0567].map(|number| super::rounded(number, 1)), [8000.0, 0.0, 0.06]);
        assert_eq!([3.4e-7, 1e-4, 0.0012, 0.1].map(super::power), ["3.4e-7", "1e-4", "0.0012", "0.1"]);
        assert_eq!([0.0, 1.0, 42.0, 10.0].map(super::power), ["0", "1", "42", "10"]);
    }

    #[wasm_bindgen_test]
    fn an_end_is_told_by_the_clock_on_the_wall() {
        // Half past two in the afternoon of the 24th, wherever this runs.
        let now = js_sys::Date::new_with_year_month_day_hr_min(2026, 10, 24, 14, 30).get_time();
        let finish = |seconds| super::finish_from(now, seconds);
        assert_eq!(finish(50.0 * 60.0), "오늘 오후 3시 20분");
        assert_eq!(finish(30.0 * 60.0), "오늘 오후 3시");
        assert_eq!(finish(10.0 * 3600.0), "내일 오전 12시 30분");
        assert_eq!(finish(22.0 * 3600.0 + 100.0), "내일 오후 12시 30분");
        assert_eq!(finish(48.0 * 3600.0), "11월 26일 오후 2시 30분");
    }

    #[wasm_bindgen_test]
    fn inputs_and_outputs_have_names() {
        assert_eq!(super::slot("source2"), "올린 글 2");
        assert_eq!(super::slot("corpus"), "말뭉치");
        assert_eq!(super::slot("source"), "source");
        assert_eq!(super::job_in_pipeline("curate"), "다듬기");
        assert_eq!(super::job_in_pipeline("my own"), "my own");
    }
}
