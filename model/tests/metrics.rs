//! Scores of texts and of classifiers against sacreBLEU, rouge_score and scikit-learn
//! (`golden/make_metrics_golden.py`).

#![allow(clippy::unwrap_used)]

use model::metrics::bleu::bleu;
use model::metrics::chrf::chrf;
use model::metrics::classification::ConfusionMatrix;
use model::metrics::rouge::{Rouge, rouge_l, rouge_n};
use model::metrics::units::Unit;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    texts: Vec<Texts>,
    matrices: Vec<Matrix>,
}

#[derive(Deserialize)]
struct Texts {
    pairs: Vec<(String, String)>,
    unit: String,
    bleu: GoldenBleu,
    chrf: Option<f64>,
    rouge: Option<GoldenRouge>,
}

#[derive(Deserialize)]
struct GoldenBleu {
    score: f64,
    brevity_penalty: f64,
}

#[derive(Deserialize)]
struct GoldenRouge {
    rouge1: [f64; 3],
    rouge2: [f64; 3],
    #[serde(rename = "rougeL")]
    rouge_l: [f64; 3],
}

#[derive(Deserialize)]
struct Matrix {
    matrix: Vec<Vec<u64>>,
    accuracy: f64,
    #[serde(rename = "macro")]
    macro_f1: f64,
    #[serde(rename = "micro")]
    micro_f1: f64,
    #[serde(rename = "weighted")]
    weighted_f1: f64,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/metrics/scores.json")).unwrap()
}

fn unit(name: &str) -> Unit {
    match name {
        "eojeol" => Unit::Eojeol,
        "character" => Unit::Character,
        _ => Unit::Jamo,
    }
}

fn assert_near(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() < 1e-9 * theirs.abs().max(1.0), "{what}: {ours}, not {theirs}");
}

#[test]
fn texts_score_as_the_reference_implementations_say() {
    for texts in golden().texts {
        let unit = unit(&texts.unit);
        let pairs: Vec<(&str, &str)> = texts
            .pairs
            .iter()
            .map(|(candidate, reference)| (candidate.as_str(), reference.as_str()))
            .collect();
        let what = format!("{:?} by {:?}", pairs, unit);
        let ours = bleu(&pairs, unit);
        assert_near(ours.score, texts.bleu.score, &format!("BLEU of {what}"));
        assert_near(ours.brevity_penalty, texts.bleu.brevity_penalty, &format!("brevity of {what}"));
        if let Some(score) = texts.chrf {
            assert_near(chrf(&pairs, unit), score, &format!("chrF of {what}"));
        }
        let Some(rouge) = texts.rouge else { continue };
        let (candidate, reference) = pairs[0];
        let near = |ours: Rouge, theirs: [f64; 3], name: &str| {
            for (ours, theirs) in [ours.precision, ours.recall, ours.f1].into_iter().zip(theirs) {
                assert_near(ours, theirs, &format!("{name} of {what}"));
            }
        };
        near(rouge_n(candidate, reference, 1, unit), rouge.rouge1, "ROUGE-1");
        near(rouge_n(candidate, reference, 2, unit), rouge.rouge2, "ROUGE-2");
        near(rouge_l(candidate, reference, unit), rouge.rouge_l, "ROUGE-L");
    }
}

#[test]
fn classifiers_score_as_scikit_learn_says() {
    for golden in golden().matrices {
        let averages = ConfusionMatrix::new(golden.matrix.clone()).unwrap().averages();
        let what = format!("{:?}", golden.matrix);
        assert_near(averages.accuracy, golden.accuracy, &what);
        assert_near(averages.macro_f1, golden.macro_f1, &what);
        assert_near(averages.micro_f1, golden.micro_f1, &what);
        assert_near(averages.weighted_f1, golden.weighted_f1, &what);
    }
}

#[test]
fn a_matrix_must_be_square() {
    assert!(ConfusionMatrix::new(vec![]).is_none());
    assert!(ConfusionMatrix::new(vec![vec![1, 2]]).is_none());
}
