//! Prints documents, or what the corpus looks like: `cargo run -p corpus --example corpus_report -- read 10`,
//! `… -- measure 20000`.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use corpus::{Content, Role, document};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number =
        |at: usize, otherwise: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    match arguments.get(1).map(String::as_str) {
        Some("read") => read(number(2, 10), number(3, 1), arguments.get(4).map(String::as_str)),
        Some("measure") => measure(number(2, 20_000), number(3, 1)),
        _ => eprintln!("usage: corpus_report read COUNT [SEED] [PLOT] | measure COUNT [SEED]"),
    }
}

fn read(count: u64, seed: u64, plot: Option<&str>) {
    let wanted = (0..)
        .map(|index| document(seed, index))
        .filter(|document| plot.is_none_or(|plot| document.plot.contains(plot)));
    for document in wanted.take(count as usize) {
        println!("=== {} {} {:?}", document.id, document.plot, document.split);
        match document.content {
            Content::Text(text) => println!("{text}\n"),
            Content::Chat(messages) => {
                for message in messages {
                    let role = match message.role {
                        Role::System => "지시",
                        Role::User => "사용자",
                        Role::Assistant => "도우미",
                    };
                    println!("[{role}] {}", message.content);
                }
                println!();
            }
        }
    }
}

fn measure(count: u64, seed: u64) {
    let start = Instant::now();
    let documents: Vec<_> = (0..count).map(|index| document(seed, index)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let mut bytes: Vec<usize> = documents
        .iter()
        .filter(|d| matches!(d.content, Content::Text(_)))
        .map(|d| d.plain_text().len())
        .collect();
    bytes.sort_unstable();
    let total: usize = documents.iter().map(|d| d.plain_text().len()).sum();
    println!("{count} documents, {total} bytes, {:.1} MB/s on one thread", total as f64 / 1e6 / seconds);
    println!(
        "stories: {} of them, mean {} bytes, least {}, median {}, most {}",
        bytes.len(),
        bytes.iter().sum::<usize>() / bytes.len().max(1),
        bytes[0],
        bytes[bytes.len() / 2],
        bytes[bytes.len() - 1]
    );
    let mut seen = HashSet::new();
    let (mut sentences, mut repeated) = (0u64, 0u64);
    let mut frequent: HashMap<String, u32> = HashMap::new();
    let mut by_plot: HashMap<String, (u64, u64)> = HashMap::new();
    for document in &documents {
        for sentence in corpus_sentences(&document.plain_text()) {
            sentences += 1;
            let entry = by_plot.entry(theme(document)).or_default();
            entry.0 += 1;
            *frequent.entry(sentence.clone()).or_default() += 1;
            if !seen.insert(sentence) {
                repeated += 1;
                entry.1 += 1;
            }
        }
    }
    println!(
        "{sentences} sentences, {:.2} % repeat an earlier one",
        100.0 * repeated as f64 / sentences as f64
    );
    let mut plots: Vec<_> = by_plot.into_iter().collect();
    plots.sort_by_key(|(_, (_, again))| std::cmp::Reverse(*again));
    for (plot, (all, again)) in plots {
        println!("  {plot}: {again} of {all}");
    }
    let mut frequent: Vec<_> = frequent.into_iter().collect();
    frequent.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    for (sentence, times) in frequent.into_iter().take(60) {
        println!("  {times} {sentence}");
    }
}

/// `missing` of `missing/wind/footprints`; exchanges by their kind.
fn theme(document: &corpus::Document) -> String {
    match document.content {
        Content::Text(_) => document.plot.split('/').next().unwrap_or_default().to_owned(),
        Content::Chat(_) => document.plot.clone(),
    }
}

fn corpus_sentences(text: &str) -> Vec<String> {
    text.split_inclusive(['.', '?', '!', '\n'])
        .map(|part| part.trim_matches([' ', '\n', '“', '”']).to_owned())
        .filter(|part| part.chars().count() > 2)
        .collect()
}
