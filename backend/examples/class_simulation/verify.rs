//! Everything that was acknowledged is there, exactly once.

use std::collections::BTreeSet;

use shared::api::jobs::ListJobEvents;
use shared::api::questions::ListQuestions;
use shared::events::JobEvent;
use shared::ids::JobId;

use crate::Class;
use crate::caller::Caller;
use crate::learner::Learned;
use crate::measure::Record;
use crate::worker::{Reported, line};

/// Prints what was looked at; how many things are missing or stand twice.
pub async fn all(
    class: &Class,
    operator: &Caller,
    learned: &[Learned],
    reported: &[Reported],
) -> anyhow::Result<u64> {
    // The class is over: these requests are not its own.
    let record = Record::default();
    let (mut answers, mut events, mut wrong) = (0_u64, 0_u64, 0_u64);
    for learner in learned {
        let weeks: BTreeSet<u32> = learner.answers.keys().map(|(week, _)| *week).collect();
        for week in weeks {
            let request = ListQuestions { cohort_id: class.cohort_id, week };
            let list = learner.caller.call(&record, &request).await?;
            let of_week = learner.answers.iter().filter(|((other, _), _)| *other == week);
            for ((_, question), (count, last)) in of_week {
                answers += u64::from(*count);
                let stored = list.questions.iter().find(|asked| asked.question == *question);
                let latest = stored.and_then(|asked| asked.latest.as_ref());
                let is_right =
                    latest.is_some_and(|latest| latest.attempt == *count && latest.answer_id == *last);
                wrong += u64::from(!is_right);
            }
        }
    }
    for (job, count) in reported {
        events += count;
        let found = lines(operator, &record, *job).await?;
        let expected: Vec<String> = (1..=*count).map(line).collect();
        wrong += u64::from(found != expected);
    }
    println!(
        "{answers} answers and {events} events of {} jobs were acknowledged; {wrong} lists are not as they were",
        reported.len()
    );
    Ok(wrong)
}

async fn lines(operator: &Caller, record: &Record, job_id: JobId) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let request = ListJobEvents { job_id, after, limit: Some(1000) };
        let page = operator.call(record, &request).await?.events;
        let Some(last) = page.last() else { return Ok(lines) };
        after = Some(last.stream_number);
        lines.extend(page.into_iter().filter_map(|event| match event.event {
            JobEvent::Log { message, .. } => Some(message),
            _ => None,
        }));
    }
}
