//! What an answer is worth before attempts and lateness are looked at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Question, QuestionBody};
use crate::ids::ArtifactId;

/// An answer as the learner gave it. Options count from 0, as they stand in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Given {
    Choice { option: u32 },
    Choices { options: Vec<u32> },
    Numeric { value: f64 },
    Short { text: String },
    Artifact { artifact_id: ArtifactId },
}

/// What follows from question and answer alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    Right,
    Wrong,
    /// Somebody reads it.
    ByAPerson,
    /// An artifact is looked at.
    ByACheck,
}

/// # Errors
/// Says what is wrong with an answer that is none to this question.
pub fn judge(question: &Question, given: &Given) -> Result<Judged, String> {
    let right = |is_right| if is_right { Judged::Right } else { Judged::Wrong };
    match (&question.body, given) {
        (QuestionBody::Choice { options }, Given::Choice { option }) => {
            let chosen =
                options.get(*option as usize).ok_or("there is no such option; choose one of them")?;
            Ok(right(chosen.correct))
        }
        (QuestionBody::Choices { options }, Given::Choices { options: chosen }) => {
            if chosen.iter().any(|&option| option as usize >= options.len()) {
                return Err("there is no such option; choose among those that are there".to_owned());
            }
            let is_chosen = |index: usize| chosen.iter().any(|&option| option as usize == index);
            let agrees = |(index, option): (usize, &super::Choice)| option.correct == is_chosen(index);
            Ok(right(options.iter().enumerate().all(agrees)))
        }
        (QuestionBody::Numeric { answer, tolerance, .. }, Given::Numeric { value }) => {
            if !value.is_finite() {
                return Err("write a number".to_owned());
            }
            // A tolerance of nothing means the number as people write it, not its last bit.
            let slack = tolerance.max(answer.abs() * 1e-9);
            Ok(right((value - answer).abs() <= slack))
        }
        (QuestionBody::Short { .. }, Given::Short { text }) => {
            if text.trim().is_empty() {
                Err("write an answer".to_owned())
            } else {
                Ok(Judged::ByAPerson)
            }
        }
        (QuestionBody::Artifact { .. }, Given::Artifact { .. }) => Ok(Judged::ByACheck),
        _ => Err("this question asks for another kind of answer; load the page again".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{Choice, RubricLine};

    fn question(body: QuestionBody) -> Question {
        Question {
            id: "q".into(),
            section: "s".into(),
            points: 2,
            text: String::new(),
            explanation: String::new(),
            body,
        }
    }

    fn options(correct: &[bool]) -> Vec<Choice> {
        correct.iter().map(|&correct| Choice { text: "가".into(), correct, why: "나".into() }).collect()
    }

    #[test]
    fn a_choice_is_right_or_wrong_or_not_there() {
        let question = question(QuestionBody::Choice { options: options(&[false, true]) });
        assert_eq!(judge(&question, &Given::Choice { option: 1 }), Ok(Judged::Right));
        assert_eq!(judge(&question, &Given::Choice { option: 0 }), Ok(Judged::Wrong));
        assert!(judge(&question, &Given::Choice { option: 2 }).is_err());
        assert!(judge(&question, &Given::Numeric { value: 1.0 }).is_err());
    }

    #[test]
    fn all_right_options_are_wanted_and_none_of_the_others() {
        let question = question(QuestionBody::Choices { options: options(&[true, false, true]) });
        for (chosen, expected) in [
            (vec![0, 2], Judged::Right),
            (vec![2, 0, 2], Judged::Right),
            (vec![0], Judged::Wrong),
            (vec![0, 1, 2], Judged::Wrong),
            (vec![], Judged::Wrong),
        ] {
            assert_eq!(
                judge(&question, &Given::Choices { options: chosen.clone() }),
                Ok(expected),
                "{chosen:?}"
            );
        }
        assert!(judge(&question, &Given::Choices { options: vec![3] }).is_err());
    }

    #[test]
    fn a_number_is_right_within_its_tolerance() {
        for (answer, tolerance, value, expected) in [
            (31.5, 0.5, 32.0, Judged::Right),
            (31.5, 0.5, 32.01, Judged::Wrong),
            (154_944.0, 0.0, 154_944.0, Judged::Right),
            (154_944.0, 0.0, 154_945.0, Judged::Wrong),
            (0.3, 0.0, 0.1 + 0.2, Judged::Right),
        ] {
            let question = question(QuestionBody::Numeric { answer, tolerance, unit: None });
            assert_eq!(judge(&question, &Given::Numeric { value }), Ok(expected), "{value} for {answer}");
            assert!(judge(&question, &Given::Numeric { value: f64::NAN }).is_err());
        }
    }

    #[test]
    fn a_short_answer_waits_for_a_person() {
        let rubric = vec![RubricLine { points: 2, text: "이유".into() }];
        let question = question(QuestionBody::Short { model_answer: "답".into(), rubric });
        assert_eq!(judge(&question, &Given::Short { text: "제 생각에는".into() }), Ok(Judged::ByAPerson));
        assert!(judge(&question, &Given::Short { text: " \n".into() }).is_err());
    }
}
