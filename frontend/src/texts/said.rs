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
        ("hidden_size {} must split into {} heads evenly", texts.heads_evenly),
        ("hidden_size {} must split into {} heads", texts.heads),
        ("{} heads cannot share {} key-value heads", texts.key_value_heads),
        ("more than 20 billion parameters", texts.too_many_parameters),
        ("a warm-up of {} and a decay of {} steps do not fit into {} steps", texts.warmup_and_decay),
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
        "learning_rate" if field.starts_with("muon") => new_run.muon_rate,
        "learning_rate" => new_run.learning_rate,
        "decay_steps" => new_run.decay_steps,
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
            let known = [
                ("{} of your jobs are in the queue and {} may be", more.queue_full),
                ("you have used {} of {} minutes of worker time", more.worker_time_used),
            ];
            translated(message, &known).unwrap_or_else(|| texts.quota_exceeded.to_owned())
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

/// A line of a job's log, or why a job is where it is, as a worker or the queue tells it: line by line,
/// with whom it is about in front.
pub fn report(message: &str) -> String {
    message.lines().map(report_line).collect::<Vec<_>>().join("\n")
}

fn report_line(line: &str) -> String {
    if let Some((gave_up, last)) = line.split_once("; the last one: ") {
        return format!("{} {}", report_line(gave_up), report_line(last));
    }
    // Its own name stands in the sentence.
    if line.starts_with("pre-flight: ") {
        return reported(line).unwrap_or_else(|| line.to_owned());
    }
    if let Some(words) = diverged(line) {
        return words;
    }
    let about = || {
        let (label, rest) = line.split_once(": ")?;
        Some(format!("{label}: {}", reported(rest)?))
    };
    about().or_else(|| reported(line)).unwrap_or_else(|| line.to_owned())
}

/// A training that left the range of numbers: where, why, and what is left of it.
fn diverged(line: &str) -> Option<String> {
    let texts = &texts().reports;
    let at = [("training diverged at step {}: loss {}, gradient norm {}. ", texts.diverged_at)];
    let at = translated(line, &at)?;
    let causes = [
        ("on the way to the peak of the rate", texts.diverged_in_warmup),
        ("of a norm of {} were not clipped", texts.diverged_unclipped),
        ("a learning rate of {} is too high here", texts.diverged_by_rate),
        ("came all of a sudden, at a learning rate of {}: one batch", texts.diverged_suddenly),
    ];
    let kept = [
        ("The checkpoint of step {}, from before, is kept", texts.diverged_checkpoint),
        ("no checkpoint from before", texts.diverged_no_checkpoint),
    ];
    let cause = translated(line, &causes)?;
    Some([Some(at), Some(cause), translated(line, &kept)].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn reported(line: &str) -> Option<String> {
    let texts = &texts().reports;
    let known = [
        ("{} documents with {} bytes of text; {} of {} rows left out", texts.imported),
        ("nothing of this source could be imported", texts.nothing_of_source),
        ("is read from \"{}\"", texts.text_field),
        ("it breaks off near byte {}:", texts.breaks_off),
        ("{} bytes unpacked to more than {}", texts.zip_bomb),
        ("stopped after {} bytes, the rest of the source's limit", texts.too_large),
        ("this file looks like {}:", texts.looks_like),
        ("neither UTF-8 nor EUC-KR", texts.no_encoding),
        ("{} of {} documents kept (", texts.curated),
        ("the texts are read; learning which pieces to merge", texts.merging),
        ("{} tokens; {} bytes per token, {} tokens per eojeol", texts.tokenizer),
        (
            "{} documents with {} tokens to train on, {} documents with {} tokens held out",
            texts.pretrain_data,
        ),
        ("validation, samples and the model are of averaged weights, decay {}", texts.averaged),
        (
            "pre-flight: passed after {} steps on one batch of {} tokens, its loss went from {} to {}",
            texts.preflight_passed,
        ),
        (
            "pre-flight: failed; a tenth of the learning rate and ten times as much will tell why",
            texts.preflight_why,
        ),
        (
            "pre-flight: failed after {} steps on one batch of {} tokens, its loss went from {} to {} and had to fall below {}. At a tenth of the learning rate it came to {}: the rate is too high",
            texts.preflight_too_high,
        ),
        (
            "pre-flight: failed after {} steps on one batch of {} tokens, its loss went from {} to {} and had to fall below {}. At ten times the learning rate it came to {}: the rate is too low",
            texts.preflight_too_low,
        ),
        (
            "pre-flight: failed after {} steps on one batch of {} tokens, its loss went from {} to {} and had to fall below {}. Another learning rate does no better ({} at a tenth, {} at ten times)",
            texts.preflight_no_better,
        ),
        (
            "the training has come apart: for {} steps up to {} the loss was above {}, worse than guessing, and it had been {}. It may",
            texts.come_apart,
        ),
        ("stopped after step {}, which is saved", texts.stopped),
        ("resumed from step {} of {}", texts.resumed),
        ("{} parameters, ready for Hugging Face's libraries", texts.exported),
        ("{} parameters and a vocabulary of {} tokens", texts.model_imported),
        ("cancelled on request; its worker did not answer", texts.cancelled_unanswered),
        ("cancelled on request", texts.cancelled),
        ("resumed on request", texts.resumed_on_request),
        ("job {}, which it depends on, failed", texts.parent_failed),
        ("job {}, which it depends on, was cancelled", texts.parent_cancelled),
        ("job {}, which it depends on, goes on after all", texts.parent_goes_on),
        ("the worker reported again", texts.reported_again),
        ("the worker of attempt {} did not report in time", texts.silent),
        ("{} attempts failed, which is the limit", texts.gave_up),
        ("the worker gave no reason", texts.no_reason),
        ("the worker leaves", texts.worker_leaves),
        ("the process used {} MiB, more than this job may", texts.too_much_memory),
        ("the attempt ran longer than its limit", texts.too_long),
        ("the inputs could not be fetched", texts.no_inputs),
        ("its outputs could not be stored", texts.no_outputs),
        ("artifact {}, was deleted", texts.input_deleted),
        ("nothing could be imported:", texts.nothing_imported),
        ("the dataset holds no documents", texts.no_documents),
        ("no document is left of {}:", texts.nothing_left),
        ("for evaluation", texts.for_evaluation),
        ("the model has a vocabulary of {} tokens, the tokenizer one of {}:", texts.other_vocabulary),
        ("the corpus leaves no document to train on", texts.nothing_to_train_on),
        ("no document is held out for validation", texts.nothing_held_out),
        ("training diverged at step {}: loss {}, gradient norm {}. Lower", texts.diverged),
    ];
    translated(line, &known)
}

/// By the first pattern that the sentence holds; `{0}`, `{1}` … stand for what was in its holes.
fn translated(message: &str, known: &[(&str, &str)]) -> Option<String> {
    known.iter().find_map(|(pattern, words)| {
        let found: Vec<String> = holes(message, pattern)?.into_iter().map(number).collect();
        let names = ["0", "1", "2", "3", "4"];
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
        let is_at_the_start = found.is_empty() && first.is_empty();
        found.push(if is_at_the_start { hole.rsplit(' ').next().unwrap_or(hole) } else { hole });
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
    fn what_jobs_report_is_told_in_the_pages_language() {
        let data =
            report("4950 documents with 1048576 tokens to train on, 50 documents with 9000 tokens held out");
        assert!(data.contains("1,048,576") && data.contains("9,000") && is_korean(&data), "{data}");
        let field =
            report("reviews.jsonl: the text of a/b.jsonl is read from \"review text\" (also there: id)");
        assert!(field.contains("review text"), "{field}");
        let nothing =
            report("nothing could be imported:\nold notes.txt: this file looks like EUC-KR: run again");
        let mut lines = nothing.lines();
        assert!(is_korean(lines.next().unwrap()), "{nothing}");
        assert!(lines.next().unwrap().starts_with("old notes.txt: EUC-KR"), "{nothing}");
        let diverged = report(
            "training diverged at step 12: loss NaN, gradient norm inf. Lower the learning rate, lengthen",
        );
        assert!(diverged.contains("12") && diverged.contains("NaN") && is_korean(&diverged), "{diverged}");
        let passed = report(
            "pre-flight: passed after 37 steps on one batch of 1024 tokens, its loss went from 6.911 to 0.655",
        );
        assert!(passed.contains("37") && passed.contains("0.655") && is_korean(&passed), "{passed}");
        for advice in [
            "At a tenth of the learning rate it came to 0.402: the rate is too high, lower it",
            "At ten times the learning rate it came to 0.811: the rate is too low for so few steps",
            "Another learning rate does no better (6.203 at a tenth, ∞ at ten times): the model is too small",
        ] {
            let failed = report(&format!(
                "pre-flight: failed after 400 steps on one batch of 1024 tokens, its loss went from 6.911 to \
                 2.155 and had to fall below 0.691. {advice}: do something. Nothing was trained"
            ));
            assert!(failed.contains("2.155") && failed.contains("0.691") && is_korean(&failed), "{failed}");
        }
        let apart = report(
            "the training has come apart: for 20 steps up to 312 the loss was above 7.91, worse than guessing, \
             and it had been 2.31. It may not recover: cancel it, and lower the learning rate",
        );
        assert!(apart.contains("312") && apart.contains("2.31") && is_korean(&apart), "{apart}");
        for cause in [
            "It happened in the first 9 steps, on the way to the peak of the rate: it is too high",
            "Gradients of a norm of 99.1 were not clipped: set optimizer.gradient_clip_norm to 1",
            "The loss climbed before: a learning rate of 4.00e-3 is too high here, take a third of it",
            "It came all of a sudden, at a learning rate of 4.00e-3: one batch was enough",
        ] {
            let explained = report(&format!(
                "training diverged at step 12: loss NaN, gradient norm inf. Lower the learning rate, lengthen \
                 the warm-up or clip gradients harder. Before it, step 11: loss 3.200, gradient norm 9.100. {cause}. The checkpoint of step 10, from before, is kept"
            ));
            let says_where = explained.contains("12스텝") && explained.contains("10스텝");
            assert!(says_where && is_korean(&explained.replace("inf", "")), "{explained}");
        }
        let gave_up = report(
            "3 attempts failed, which is the limit; the last one: the worker of attempt 3 did not report in time",
        );
        assert!(gave_up.contains('3') && is_korean(&gave_up), "{gave_up}");
        assert_eq!(report("something: new"), "something: new");
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
