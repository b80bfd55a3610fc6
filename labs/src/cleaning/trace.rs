//! Documents on their way through the rules, as *curate* takes them: rule by rule, in their order.

use corpus::cleaning::{Seen, Step, hangul_share, step};
use shared::spec::CurateRule;

use super::difference::{Part, difference};

/// A line of slashes between two documents of the field.
const SEPARATOR: &str = "////";

/// What became of all documents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub documents: Vec<DocumentTrace>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DocumentTrace {
    /// As it came.
    pub source: String,
    /// As it is after the last rule that saw it.
    pub text: String,
    /// One for each rule that saw it.
    pub steps: Vec<StepTrace>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepTrace {
    /// A rewrite found nothing to do, or a judge let it pass.
    Passed,
    Changed(Vec<Part>),
    Dropped(Reason),
}

/// Why a document was dropped.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    Length {
        characters: u64,
        minimum: u64,
        maximum: u64,
    },
    /// No share without letters.
    HangulShare {
        share: Option<f64>,
        minimum: f64,
    },
    /// The place of the document that is the same.
    Duplicate {
        of: usize,
    },
}

impl Outcome {
    pub fn kept(&self) -> usize {
        self.documents.iter().filter(|document| document.is_kept()).count()
    }

    pub fn bytes_before(&self) -> usize {
        self.documents.iter().map(|document| document.source.len()).sum()
    }

    pub fn bytes_after(&self) -> usize {
        self.documents.iter().filter(|document| document.is_kept()).map(|document| document.text.len()).sum()
    }
}

impl DocumentTrace {
    pub fn is_kept(&self) -> bool {
        !matches!(self.steps.last(), Some(StepTrace::Dropped(_)))
    }
}

/// The documents in a field's text.
pub fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![Vec::new()];
    for line in text.split('\n') {
        let is_separator = line.trim().len() >= SEPARATOR.len() && line.trim().chars().all(|c| c == '/');
        match documents.last_mut() {
            Some(last) if !is_separator => last.push(line),
            _ => documents.push(Vec::new()),
        }
    }
    documents.into_iter().map(|lines| lines.join("\n")).collect()
}

/// Every document through every rule.
pub fn clean(documents: Vec<String>, rules: &[CurateRule]) -> Outcome {
    let mut traces: Vec<DocumentTrace> = documents
        .into_iter()
        .map(|source| DocumentTrace { text: source.clone(), source, steps: Vec::new() })
        .collect();
    for rule in rules {
        let step = step(rule);
        let mut seen = Seen::default();
        let mut texts: Vec<(String, usize)> = Vec::new();
        for (place, trace) in traces.iter_mut().enumerate().filter(|(_, trace)| trace.is_kept()) {
            let made = match &step {
                Step::Rewrite(rewrite) => {
                    let new = rewrite(&trace.text).into_owned();
                    let parts = (new != trace.text).then(|| difference(&trace.text, &new));
                    trace.text = new;
                    parts.map_or(StepTrace::Passed, StepTrace::Changed)
                }
                Step::Judge(keeps) if keeps(&trace.text) => StepTrace::Passed,
                Step::Judge(_) => StepTrace::Dropped(reason(rule, &trace.text)),
                Step::Deduplicate if seen.is_new(&trace.text) => {
                    texts.push((trace.text.clone(), place));
                    StepTrace::Passed
                }
                Step::Deduplicate => {
                    let same = texts.iter().find(|(text, _)| *text == trace.text);
                    StepTrace::Dropped(Reason::Duplicate { of: same.map_or(0, |(_, place)| *place) })
                }
            };
            trace.steps.push(made);
        }
    }
    Outcome { documents: traces }
}

/// Of a judge that has said no.
fn reason(rule: &CurateRule, text: &str) -> Reason {
    match *rule {
        CurateRule::HangulShare { minimum } => {
            Reason::HangulShare { share: hangul_share::share(text), minimum }
        }
        CurateRule::Length { minimum, maximum } => {
            Reason::Length { characters: text.chars().count() as u64, minimum, maximum }
        }
        _ => Reason::Length { characters: text.chars().count() as u64, minimum: 0, maximum: u64::MAX },
    }
}

#[cfg(test)]
mod tests {
    use shared::spec::{CurateRule, CurateSpec};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::difference::Part;
    use super::{Reason, StepTrace, clean, documents};

    #[wasm_bindgen_test]
    fn a_line_of_slashes_begins_a_new_document() {
        assert_eq!(documents("하나\n둘\n////\n셋 // 넷\n//////\n"), ["하나\n둘", "셋 // 넷", ""]);
    }

    #[wasm_bindgen_test]
    fn a_document_is_followed_to_the_rule_that_drops_it() {
        let texts = documents(
            "<p>할머니는  밥을 먹었다.</p>\n////\nThis is an English sentence.\n////\n짧다\n////\n할머니는 밥을 먹었다.",
        );
        let outcome = clean(texts, &CurateSpec::standard().rules);
        assert_eq!(outcome.kept(), 1);
        let [kept, english, short, same] = &outcome.documents[..] else { panic!("four documents") };
        assert_eq!(kept.text, "할머니는 밥을 먹었다.");
        assert_eq!(kept.steps.len(), 8);
        let StepTrace::Changed(parts) = &kept.steps[2] else { panic!("HTML went") };
        assert_eq!(parts[0], Part::Removed("<p>".to_owned()));
        let dropped = |reason| Some(StepTrace::Dropped(reason));
        assert_eq!(
            english.steps.last().cloned(),
            dropped(Reason::HangulShare { share: Some(0.0), minimum: 0.5 })
        );
        assert_eq!(
            short.steps.last().cloned(),
            dropped(Reason::Length { characters: 2, minimum: 10, maximum: 200_000 })
        );
        assert_eq!(same.steps.last().cloned(), dropped(Reason::Duplicate { of: 0 }));
    }

    #[wasm_bindgen_test]
    fn the_order_of_the_rules_decides() {
        let short = CurateRule::Length { minimum: 0, maximum: 5 };
        let kept = |rules: &[CurateRule]| clean(vec!["<b>가나다라</b>".to_owned()], rules).kept();
        assert_eq!(kept(&[CurateRule::RemoveHtml, short.clone()]), 1);
        assert_eq!(kept(&[short, CurateRule::RemoveHtml]), 0);
    }
}
