//! What the rounds of one shape and number of threads say: everyone's figures, ours in the peer's terms, the
//! floor of the products and what a frozen backward pass saves.

use std::fmt::Write;

use super::contestant::{Contestant, Measured, Step};
use super::modes::OurMode;
use super::products::FastestProducts;

/// A contestant's rounds: medians over them, and the least of all their steps.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Figures {
    wall_ms: f64,
    fastest_ms: f64,
    fastest_processor_ms: f64,
    tokens_per_second: f64,
    peak_mebibytes: f64,
}

/// Markdown, as docs/benchmarks.md takes it. A contestant without rounds failed.
pub fn table(
    threads: u32,
    contestants: &[Contestant<'_>],
    rounds: &[Vec<Measured>],
    products: &FastestProducts,
) -> String {
    let mut text = String::from(
        "| | ms a step, rounds | median (fastest step) | least processor ms | tokens/s | peak MiB |\n\
         |---|---|---|---|---|---|\n",
    );
    let all: Vec<_> = contestants.iter().zip(rounds).collect();
    for (contestant, rounds) in &all {
        let name = contestant.name();
        let Some(figures) = figures(rounds) else {
            let _ = writeln!(text, "| {name} | failed | – | – | – | – |");
            continue;
        };
        let each: Vec<_> = rounds.iter().map(|round| format!("{:.1}", round.wall_ms)).collect();
        let _ = writeln!(
            text,
            "| {name} | {} | {:.1} ({:.1}) | {:.1} | {:.0} | {:.0} |",
            each.join(", "),
            figures.wall_ms,
            figures.fastest_ms,
            figures.fastest_processor_ms,
            figures.tokens_per_second,
            figures.peak_mebibytes
        );
    }
    let mut compared = String::new();
    for (ours, our_rounds) in &all {
        for (peer, peer_rounds) in &all {
            let (Contestant::Ours { mode, .. }, Contestant::Peer { mode: peer_mode, .. }) = (ours, peer)
            else {
                continue;
            };
            if mode.compares_with(*peer_mode)
                && let Some(ratios) = ratios(our_rounds, peer_rounds)
            {
                let _ = writeln!(compared, "| {mode} to {peer_mode} | {ratios} |");
            }
        }
    }
    if !compared.is_empty() {
        text.push_str(
            "\n| ours to PyTorch | medians (by round) | fastest steps | least processor time | peak memory |\n\
             |---|---|---|---|---|\n",
        );
        text.push_str(&compared);
    }
    let of_mode = |wanted: OurMode| {
        let found = all.iter().find(|(contestant, rounds)| {
            matches!(contestant, Contestant::Ours { mode, .. } if *mode == wanted) && !rounds.is_empty()
        });
        found.map(|(_, rounds)| rounds.as_slice())
    };
    if let Some(plain) = of_mode(OurMode::PLAIN) {
        text.push('\n');
        text.push_str(
            &floor(plain, threads, products).unwrap_or("The products have not been measured.\n".to_owned()),
        );
        if let Some(frozen) = of_mode(OurMode::FROZEN) {
            text.push_str(&backward(plain, frozen).unwrap_or_default());
        }
    }
    text
}

fn figures(rounds: &[Measured]) -> Option<Figures> {
    let of = |value: fn(&Measured) -> f64| rounds.iter().map(value).collect::<Vec<_>>();
    (!rounds.is_empty()).then(|| Figures {
        wall_ms: median(of(|round| round.wall_ms)),
        fastest_ms: smallest(&of(|round| round.fastest_ms)),
        fastest_processor_ms: smallest(&of(|round| round.fastest_processor_ms)),
        tokens_per_second: median(of(|round| round.tokens_per_second)),
        peak_mebibytes: median(of(|round| round.peak_mebibytes)),
    })
}

fn ratios(ours: &[Measured], peer: &[Measured]) -> Option<String> {
    let (mine, theirs) = (figures(ours)?, figures(peer)?);
    let by_round: Vec<_> =
        ours.iter().zip(peer).map(|(ours, peer)| format!("{:.2}", ours.wall_ms / peer.wall_ms)).collect();
    Some(format!(
        "{:.2} ({}) | {:.2} | {:.2} | {:.2}",
        mine.wall_ms / theirs.wall_ms,
        by_round.join(", "),
        mine.fastest_ms / theirs.fastest_ms,
        mine.fastest_processor_ms / theirs.fastest_processor_ms,
        mine.peak_mebibytes / theirs.peak_mebibytes
    ))
}

/// A step's operations (attention's among them) at the rate of its products on as many threads.
fn floor(plain: &[Measured], threads: u32, products: &FastestProducts) -> Option<String> {
    let step = plain.first()?.step.as_ref()?;
    let gigaflops = products.rate(step.tokens, &step.products)?;
    let figures = figures(plain)?;
    let floor_ms = step.operations / gigaflops / 1e6;
    Some(format!(
        "The floor: {:.1} GFLOP a step at {gigaflops:.1} GFLOP/s, the rate of its products, are {floor_ms:.1} ms; \
         ours f32 takes {:.2} times as long (median), {:.2} (fastest step), {:.2} (least processor time by thread).\n",
        step.operations / 1e9,
        figures.wall_ms / floor_ms,
        figures.fastest_ms / floor_ms,
        figures.fastest_processor_ms / f64::from(threads) / floor_ms
    ))
}

/// Steps without their forward passes: backward and optimizer.
fn backward(plain: &[Measured], frozen: &[Measured]) -> Option<String> {
    let (whole, part) = (without_forward(plain)?, without_forward(frozen)?);
    let each: Vec<_> = ["medians", "fastest steps", "least processor time"]
        .iter()
        .zip(part.iter().zip(whole))
        .map(|(name, (part, whole))| format!("{part:.1} of {whole:.1} ms, {:.2} ({name})", part / whole))
        .collect();
    Some(format!("A frozen step without its forward pass to a whole one: {}.\n", each.join("; ")))
}

/// The median, by the fastest and by the least processor time.
fn without_forward(rounds: &[Measured]) -> Option<[f64; 3]> {
    let steps: Option<Vec<&Step>> = rounds.iter().map(|round| round.step.as_ref()).collect();
    let steps = steps?;
    let figures = figures(rounds)?;
    let differences = rounds.iter().zip(&steps).map(|(round, step)| round.wall_ms - step.forward_ms);
    let least = |value: fn(&Step) -> f64| smallest(&steps.iter().map(|step| value(step)).collect::<Vec<_>>());
    Some([
        median(differences.collect()),
        figures.fastest_ms - least(|step| step.fastest_forward_ms),
        figures.fastest_processor_ms - least(|step| step.fastest_forward_processor_ms),
    ])
}

/// The mean of the two in the middle where there are two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.get(values.len() / 2), values.len() % 2) {
        (Some(middle), 0) => values.get(values.len() / 2 - 1).map_or(*middle, |below| (below + middle) / 2.0),
        (Some(middle), _) => *middle,
        (None, _) => f64::NAN,
    }
}

pub fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::super::contestant::Peer;
    use super::*;

    fn round(wall_ms: f64, peak_mebibytes: f64, forward_ms: f64) -> Measured {
        Measured {
            wall_ms,
            fastest_ms: wall_ms - 10.0,
            fastest_processor_ms: wall_ms,
            peak_mebibytes,
            tokens_per_second: 1e6 / wall_ms,
            step: Some(Step {
                tokens: 8,
                operations: 6e9,
                products: vec![[4, 2]],
                forward_ms,
                fastest_forward_ms: forward_ms - 5.0,
                fastest_forward_processor_ms: forward_ms - 10.0,
                page_faults: 0.0,
            }),
            ..Measured::default()
        }
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0, 4.0]), 3.0);
        assert!(median(Vec::new()).is_nan());
        assert_eq!(smallest(&[9.0, 1.0, 2.0]), 1.0);
    }

    #[test]
    fn the_table_sets_ours_against_the_peers_of_its_precision() {
        let peer = Peer {
            python: PathBuf::new(),
            script: PathBuf::new(),
            version: String::new(),
            import_mebibytes: 0.0,
            limit: Duration::ZERO,
        };
        let ours = |mode: &str| Contestant::Ours { mode: mode.parse().unwrap(), version: "" };
        let theirs = |mode: &str| Contestant::Peer { mode: mode.parse().unwrap(), peer: &peer };
        let contestants = [
            ours("f32"),
            ours("bf16"),
            ours("f32-frozen"),
            theirs("eager"),
            theirs("compile"),
            theirs("eager-bf16"),
        ];
        let rounds = [
            vec![round(100.0, 30.0, 30.0), round(120.0, 30.0, 40.0)],
            vec![round(60.0, 20.0, 20.0)],
            vec![round(60.0, 20.0, 30.0), round(70.0, 20.0, 30.0)],
            vec![round(200.0, 100.0, 0.0), round(160.0, 100.0, 0.0)],
            Vec::new(),
            vec![round(80.0, 40.0, 0.0)],
        ];
        let mut products = FastestProducts::default();
        products.see("ours m8 n4 k2: fwd 120 dx 120 dw 120 GF/s (1 thr)");
        let text = table(2, &contestants, &rounds, &products);
        for line in [
            "| ours f32 | 100.0, 120.0 | 110.0 (90.0) | 100.0 | 9167 | 30 |",
            "| PyTorch compile | failed | – | – | – | – |",
            // 110 to 180, 90 to 150, 100 to 160, 30 to 100.
            "| f32 to eager | 0.61 (0.50, 0.75) | 0.60 | 0.62 | 0.30 |",
            "| bf16 to eager-bf16 | 0.75 (0.75) | 0.71 | 0.75 | 0.50 |",
            // 6 GFLOP at 120 GFLOP/s; 100 ms of processor on two threads.
            "The floor: 6.0 GFLOP a step at 120.0 GFLOP/s, the rate of its products, are 50.0 ms; ours f32 takes \
             2.20 times as long (median), 1.80 (fastest step), 1.00 (least processor time by thread).",
            // 70 and 80 ms whole, 30 and 40 frozen; 90 - 25 and 50 - 25; 100 - 20 and 60 - 20.
            "A frozen step without its forward pass to a whole one: 35.0 of 75.0 ms, 0.47 (medians); 25.0 of \
             65.0 ms, 0.38 (fastest steps); 40.0 of 80.0 ms, 0.50 (least processor time).",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
        }
        assert!(!text.contains("frozen to") && !text.contains("f32 to eager-bf16"), "{text}");
        assert!(!text.contains("to compile"), "a peer that failed has no ratio:\n{text}");
    }

    #[test]
    fn without_a_rate_of_its_products_a_step_has_no_floor() {
        let contestants = [Contestant::Ours { mode: OurMode::PLAIN, version: "" }];
        let text = table(2, &contestants, &[vec![round(100.0, 30.0, 30.0)]], &FastestProducts::default());
        assert!(text.ends_with("The products have not been measured.\n"), "{text}");
        assert!(!text.contains("PyTorch"), "there is nobody to compare with:\n{text}");
    }
}
