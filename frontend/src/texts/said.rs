//! What the server and the specs say, in the page's language: by its code where there is one, by the
//! shape of its sentence where many things share a code. A sentence that nobody has translated yet is
//! passed on as it is.

use shared::api::{ErrorBody, ErrorCode};
use shared::spec::Problem;

use super::{fill, texts};
use crate::format;

/// What is wrong with a field and what to do.
pub fn problem(problem: &Problem) -> String {
    let texts = &texts().problems;
    let known = [
        ("choose a value from {} to {}", texts.range),
        ("choose a value above 0 and at most 1", texts.above_zero),
        ("hidden_size {} must split into {} heads", texts.heads),
        ("{} heads cannot share {} key-value heads", texts.key_value_heads),
        ("more than 20 billion parameters", texts.too_many_parameters),
        ("a warm-up of {} steps does not fit into {} steps", texts.warmup),
        ("at most {} bytes on one line", texts.bytes_on_one_line),
        ("keep the name on one line", texts.one_line),
        ("a name of {} to {} bytes", texts.bytes_between),
        ("use {} to {} bytes", texts.bytes_between),
        ("a prompt has {} to {} bytes", texts.bytes_between),
        ("use {} to {} characters", texts.characters_between),
        ("use at most {} characters", texts.characters),
        ("leave it out to have it guessed", texts.guessed),
        ("at most {} bytes", texts.bytes),
        ("leave out control characters", texts.control_characters),
        ("say what this source is", texts.label),
        ("name at least one source", texts.no_source),
        ("there is no artifact {}, or", texts.no_artifact),
        ("for evaluation", texts.evaluation),
        ("bind this input", texts.unbound),
        ("you have not uploaded these bytes", texts.not_uploaded),
        ("stands twice", texts.twice),
    ];
    translated(&problem.message, &known)
        .unwrap_or_else(|| fill(super::texts().new_run.problem, &[("message", &problem.message)]))
}

/// The same with the field's name in front, for where the field itself is not to be seen.
pub fn problem_of_field(of: &Problem) -> String {
    let words = problem(of);
    field_name(&of.field).map_or(words.clone(), |name| format!("{name}: {words}"))
}

/// As the forms call it.
fn field_name(field: &str) -> Option<&'static str> {
    let (new_run, texts) = (&texts().new_run, texts());
    let name = field.rsplit('.').find(|part| part.parse::<usize>().is_err())?;
    Some(match name {
        "vocabulary_size" => new_run.vocabulary_size,
        "context_length" => new_run.context_length,
        "layers" => new_run.layers,
        "hidden_size" => new_run.hidden_size,
        "heads" => new_run.heads,
        "key_value_heads" => new_run.key_value_heads,
        "feed_forward_size" => new_run.feed_forward_size,
        "steps" => new_run.steps,
        "warmup_steps" => new_run.warmup_steps,
        "rows" => new_run.rows,
        "learning_rate" => new_run.learning_rate,
        "every_steps" => new_run.every_steps,
        "text_field" => new_run.text_field,
        "licence" | "licence_note" => new_run.licence,
        "label" => texts.upload.label,
        "files" => texts.upload.files,
        "name" => texts.models.name,
        "description" => texts.models.description,
        _ => return None,
    })
}

/// Why the server does not do it, and what to do.
pub fn refusal(body: &ErrorBody) -> String {
    let (texts, more) = (&texts().failure, &texts().refusals);
    let message = body.message.as_str();
    match body.code {
        ErrorCode::NotSignedIn => texts.not_signed_in.to_owned(),
        ErrorCode::Forbidden => texts.forbidden.to_owned(),
        ErrorCode::NotFound => texts.not_found.to_owned(),
        ErrorCode::TooManyRequests => texts.too_many_requests.to_owned(),
        ErrorCode::Internal => texts.internal.to_owned(),
        ErrorCode::Unavailable => texts.unavailable.to_owned(),
        ErrorCode::Invalid => more.invalid.to_owned(),
        ErrorCode::UpgradeRequired => more.upgrade.to_owned(),
        ErrorCode::TooLarge => match holes(message, "a file may have {} bytes").as_deref() {
            Some([limit]) => fill(more.file_too_large, &[("0", &size(limit))]),
            _ => more.too_large.to_owned(),
        },
        ErrorCode::QuotaExceeded => {
            let queued = [("{} of your jobs are in the queue and {} may be", more.queue_full)];
            translated(message, &queued).unwrap_or_else(|| texts.quota_exceeded.to_owned())
        }
        ErrorCode::Conflict => {
            let known = [
                ("the job is being cancelled", more.still_cancelling),
                ("the job has succeeded", more.has_succeeded),
                ("a job that it depends on has failed", more.parent_failed),
                ("the job has ended already", more.has_ended),
                ("can be published", more.not_publishable),
                ("this artifact has no rows", more.no_rows),
                ("the dataset is not as", more.broken_dataset),
            ];
            translated(message, &known).unwrap_or_else(|| fill(more.conflict, &[("message", message)]))
        }
        // Nothing that a person can do differently: the sentence is for whoever they ask.
        ErrorCode::BadRequest | ErrorCode::LeaseLost | ErrorCode::EventGap => {
            fill(texts.refused, &[("message", message)])
        }
    }
}

/// By the first pattern that the sentence holds; `{0}` and `{1}` stand for what was in its holes.
fn translated(message: &str, known: &[(&str, &str)]) -> Option<String> {
    known.iter().find_map(|(pattern, words)| {
        let found: Vec<String> = holes(message, pattern)?.into_iter().map(number).collect();
        let names = ["0", "1"];
        let values: Vec<(&str, &str)> = names.into_iter().zip(found.iter().map(String::as_str)).collect();
        Some(fill(words, &values))
    })
}

/// What stands in the holes `{}` of the pattern, where the sentence holds the rest of it. A hole at
/// either end is a single word.
fn holes<'a>(message: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let first = parts.next()?;
    let parts: Vec<&str> = parts.collect();
    let mut rest = message;
    if !first.is_empty() {
        rest = rest.split_once(first)?.1;
    }
    let mut found = Vec::new();
    for part in parts {
        let (hole, after) = if part.is_empty() {
            let end = rest.find([' ', ';', ',']).unwrap_or(rest.len());
            rest.split_at(end)
        } else {
            rest.split_once(part)?
        };
        found.push(hole.rsplit(' ').next().unwrap_or(hole));
        rest = after;
    }
    Some(found)
}

/// 1048576 → `1,048,576`; what is no whole number stays as it was written.
fn number(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(number) => format::count(number as f64),
        Err(_) => text.to_owned(),
    }
}

fn size(bytes: &str) -> String {
    bytes.parse().map_or_else(|_| bytes.to_owned(), format::bytes)
}

#[cfg(test)]
mod tests {
    use shared::spec::presets::Preset;
    use shared::spec::{ArchitectureSpec, JobSpec, PretrainSpec};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn words(message: &str) -> String {
        problem(&Problem { field: String::new(), message: message.to_owned() })
    }

    fn is_korean(words: &str) -> bool {
        words.chars().any(|letter| ('가'..='힣').contains(&letter))
            && !words
                .split_whitespace()
                .any(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
    }

    fn change_llama(spec: &mut PretrainSpec, change: impl Fn(&mut shared::spec::LlamaSpec)) {
        let ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!("the presets are Llamas") };
        change(llama);
    }

    #[wasm_bindgen_test]
    fn every_number_of_the_form_that_cannot_work_is_told_in_the_pages_language() {
        let wrong: [fn(&mut PretrainSpec); 10] = [
            |spec| spec.steps = 0,
            |spec| spec.batch.rows = 0,
            |spec| spec.optimizer.learning_rate = 7.0,
            |spec| spec.schedule.warmup_steps = spec.steps + 1,
            |spec| spec.validation.every_steps = 0,
            |spec| change_llama(spec, |llama| llama.layers = 0),
            |spec| change_llama(spec, |llama| llama.heads = 7),
            |spec| change_llama(spec, |llama| llama.key_value_heads = 3),
            |spec| change_llama(spec, |llama| llama.context_length = 1),
            |spec| change_llama(spec, |llama| (llama.hidden_size, llama.layers) = (65_536, 512)),
        ];
        for change in wrong {
            let mut spec = Preset::Tiny.pretrain();
            change(&mut spec);
            let problems = JobSpec::Pretrain(spec).validate().unwrap_err();
            for found in problems.0 {
                assert!(is_korean(&problem(&found)), "{}: {}", found.message, problem(&found));
                assert!(field_name(&found.field).is_some(), "{}", found.field);
            }
        }
    }

    #[wasm_bindgen_test]
    fn bounds_are_taken_over_as_people_read_them() {
        let range = words("0 is not allowed: choose a value from 2 to 1048576");
        assert!(range.contains('2') && range.contains("1,048,576"), "{range}");
        let small = words("3 is not allowed: choose a value from 0.000000000001 to 0.1");
        assert!(small.contains("0.000000000001") && small.contains("0.1"), "{small}");
        let licence = words("at most 100 bytes on one line");
        assert!(licence.contains("100") && is_korean(&licence), "{licence}");
        assert!(words("something new").contains("something new"));
    }

    #[wasm_bindgen_test]
    fn refusals_say_what_to_do() {
        let refused = |code, message: &str| {
            refusal(&ErrorBody { code, message: message.to_owned(), problems: Vec::new() })
        };
        let queue = refused(
            ErrorCode::QuotaExceeded,
            "98 of your jobs are in the queue and 100 may be; wait or cancel some",
        );
        assert!(queue.contains("98") && queue.contains("100") && is_korean(&queue), "{queue}");
        let large = refused(ErrorCode::TooLarge, "a file may have 2000000000 bytes; split it");
        assert!(large.contains("2.00 GB"), "{large}");
        let parent = "a job that it depends on has failed or was cancelled: resume that one";
        assert!(is_korean(&refused(ErrorCode::Conflict, parent)));
        assert!(refused(ErrorCode::Conflict, "because").contains("because"));
    }
}
