//! Accuracy and F1 out of a confusion matrix, as scikit-learn computes them (`zero_division=0`).
//!
//! ```text
//! precision = right / predicted as it     recall = right / really it     F1 = 2 · right / (predicted + really)
//! macro F1: the mean over the classes that occur, each counting the same
//! micro F1: of all classes' counts together; with one label each it is the accuracy
//! weighted F1: the mean by how often each class really occurs
//! ```

/// `counts[really][predicted]`; square.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    counts: Vec<Vec<u64>>,
}

/// Of one class, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassScore {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    /// How often it really occurs.
    pub support: u64,
}

/// From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Averages {
    pub accuracy: f64,
    pub macro_f1: f64,
    pub micro_f1: f64,
    pub weighted_f1: f64,
}

impl ConfusionMatrix {
    /// `None` for one that is not square or empty.
    pub fn new(counts: Vec<Vec<u64>>) -> Option<Self> {
        let is_square = !counts.is_empty() && counts.iter().all(|row| row.len() == counts.len());
        is_square.then_some(Self { counts })
    }

    fn right(&self, class: usize) -> u64 {
        self.counts[class][class]
    }

    fn really(&self, class: usize) -> u64 {
        self.counts[class].iter().sum()
    }

    fn predicted(&self, class: usize) -> u64 {
        self.counts.iter().map(|row| row[class]).sum()
    }

    /// By class.
    pub fn scores(&self) -> Vec<ClassScore> {
        let score = |class| {
            let (right, really, predicted) = (self.right(class), self.really(class), self.predicted(class));
            ClassScore {
                precision: share(right, predicted),
                recall: share(right, really),
                f1: share(2 * right, really + predicted),
                support: really,
            }
        };
        (0..self.counts.len()).map(score).collect()
    }

    pub fn averages(&self) -> Averages {
        let scores = self.scores();
        let total: u64 = scores.iter().map(|score| score.support).sum();
        let right: u64 = (0..self.counts.len()).map(|class| self.right(class)).sum();
        let occurs = |class: &usize| self.really(*class) + self.predicted(*class) > 0;
        let present: Vec<usize> = (0..self.counts.len()).filter(occurs).collect();
        let sum: f64 = present.iter().map(|class| scores[*class].f1).sum();
        let weighted: f64 = scores.iter().map(|score| score.f1 * score.support as f64).sum();
        Averages {
            accuracy: share(right, total),
            macro_f1: if present.is_empty() { 0.0 } else { sum / present.len() as f64 },
            micro_f1: share(right, total),
            weighted_f1: if total == 0 { 0.0 } else { weighted / total as f64 },
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
