//! The model card: a README.md with the front matter that model hubs read.
//!
//! Names and descriptions come from people: in YAML they are JSON strings, in Markdown every mark is
//! escaped, so that a name can neither forge a field nor draw a link.

use std::fmt::Write;

use shared::artifacts::{Purpose, Sha256};
use shared::provenance::{PROVENANCE_FILE, Provenance};
use shared::spec::{ArchitectureSpec, ExportSpec};

use super::TrainingFigures;

pub struct Card<'a> {
    pub spec: &'a ExportSpec,
    pub architecture: &'a ArchitectureSpec,
    pub training: TrainingFigures,
    pub provenance: Option<&'a Provenance>,
    pub weights_sha256: Sha256,
    pub tokenizer_sha256: Sha256,
}

impl Card<'_> {
    pub fn render(&self) -> String {
        let sections = [
            self.front_matter(),
            format!("# {}\n", markdown(&self.spec.name)),
            self.description(),
            self.shape(),
            self.figures(),
            self.origin(),
            LIMITS.to_owned(),
            LOADING.to_owned(),
        ];
        sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn front_matter(&self) -> String {
        let licence = self.spec.licence.trim();
        let licence = if licence.is_empty() { "unknown" } else { licence };
        format!(
            "---\nlanguage:\n- ko\nlicense: {}\nlibrary_name: transformers\npipeline_tag: text-generation\n\
             tags:\n- korean\n- from-scratch\n- mitbadak\nmodel_name: {}\n---\n",
            yaml(licence),
            yaml(self.spec.name.trim())
        )
    }

    fn description(&self) -> String {
        let text = self.spec.description.trim();
        if text.is_empty() { String::new() } else { format!("{}\n", markdown(text)) }
    }

    fn shape(&self) -> String {
        let (family, layers, hidden_size, heads) = match self.architecture {
            ArchitectureSpec::Llama(llama) => (
                "Llama-style decoder (RMSNorm, rotary positions, grouped-query attention, SwiGLU)",
                llama.layers,
                llama.hidden_size,
                format!("{} ({} for keys and values)", llama.heads, llama.key_value_heads),
            ),
            ArchitectureSpec::Gpt2(gpt2) => (
                "GPT-2-style decoder (LayerNorm, learned positions, multi-head attention, GELU)",
                gpt2.layers,
                gpt2.hidden_size,
                gpt2.heads.to_string(),
            ),
        };
        let mut rows = Table::new("Shape", "");
        rows.row("Architecture", family);
        rows.row("Parameters", self.architecture.parameter_count());
        rows.row("Vocabulary", format!("{} tokens, byte-level BPE", self.architecture.vocabulary_size()));
        rows.row("Context", format!("{} tokens", self.architecture.context_length()));
        rows.row("Layers", layers);
        rows.row("Hidden size", hidden_size);
        rows.row("Heads", heads);
        rows.0
    }

    fn figures(&self) -> String {
        let training = &self.training;
        let mut rows = Table::new("Training", "");
        let count = |value: Option<u64>| value.map(|value| value.to_string());
        let number = |value: Option<f64>| value.map(|value| format!("{value:.4}"));
        let figures = [
            ("Steps", count(training.step)),
            ("Tokens trained on, repetitions counted", count(training.tokens)),
            ("Training loss at the end (nats per token)", number(training.training_loss)),
            ("Validation loss (nats per token)", number(training.validation_loss)),
            ("Validation bits per byte", number(training.bits_per_byte)),
            ("Seconds", training.seconds.map(|seconds| format!("{seconds:.0}"))),
            ("Seed", count(training.seed)),
        ];
        let known: Vec<_> = figures.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        if known.is_empty() {
            return "## Training\n\nNothing is recorded about the training of these weights.\n".to_owned();
        }
        known.into_iter().for_each(|(name, value)| rows.row(name, value));
        rows.0
    }

    fn origin(&self) -> String {
        let mut rows =
            Table::new("Lineage", "Trained from random weights on text that was curated for it.\n\n");
        if let Some(provenance) = self.provenance {
            rows.row("Code version", cell(&provenance.code_version));
            if let Some(job) = &provenance.job {
                let inputs = job.inputs.iter().map(|(name, id)| format!("{} {id}", cell(name)));
                rows.row("Made by job", job.job_id);
                rows.row("From artifacts", inputs.collect::<Vec<_>>().join(", "));
            }
            let corpus = &provenance.corpus;
            rows.row(
                "Corpus",
                format!("{} documents, {} bytes of text", corpus.documents, corpus.text_bytes),
            );
            rows.row("SHA-256 of the corpus", format!("`{}`", corpus.sha256));
            rows.row("SHA-256 of the tokenizer", format!("`{}`", provenance.tokenizer_sha256));
        }
        rows.row("SHA-256 of model.safetensors", format!("`{}`", self.weights_sha256));
        rows.row("SHA-256 of tokenizer.json", format!("`{}`", self.tokenizer_sha256));
        match self.provenance {
            Some(provenance) => format!("{}\n{}", rows.0, sources(provenance)),
            None => rows.0,
        }
    }
}

/// Whose words the model has learnt, and under which terms.
fn sources(provenance: &Provenance) -> String {
    let mut text = "### Sources of the corpus\n\n".to_owned();
    if provenance.corpus.sources.is_empty() {
        text.push_str("The corpus does not say where it comes from.\n");
    } else {
        text.push_str("| Source | Licence | Purpose | Documents | SHA-256 |\n|---|---|---|---|---|\n");
    }
    for source in &provenance.corpus.sources {
        let purpose = match source.purpose {
            Purpose::Training => "training",
            Purpose::Evaluation => "evaluation",
        };
        let (label, licence) = (cell(&source.label), cell(&source.licence_note));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {label} | {licence} | {purpose} | {} | `{}` |",
            source.documents, source.sha256
        );
    }
    let _ = writeln!(text, "\nEvery setting of the training stands in `{PROVENANCE_FILE}`.");
    text
}

const LIMITS: &str = "## Limits

This is a small model, made to be understood. It continues text in the manner of its corpus: it knows
few facts, invents the rest, follows no instructions unless its corpus held exchanges, and repeats what
its corpus holds of error and prejudice. If the corpus was generated, as the default corpus is, the model
knows only the grammar, words and plots of the generator. It has not been aligned or tested for safety:
do not use it for decisions about people.
";

const LOADING: &str = "## Use

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(\".\")
model = AutoModelForCausalLM.from_pretrained(\".\")
inputs = tokenizer(\"옛날 어느 마을에\", return_tensors=\"pt\", return_token_type_ids=False)
print(tokenizer.decode(model.generate(**inputs, max_new_tokens=80)[0]))
```

Or `mitbadak-worker generate --model .`
";

struct Table(String);

impl Table {
    fn new(title: &str, text: &str) -> Self {
        Self(format!("## {title}\n\n{text}| | |\n|---|---|\n"))
    }

    fn row(&mut self, name: &str, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "| {name} | {value} |");
    }
}

/// A double-quoted YAML scalar; JSON's strings are such.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Text inside a table, where a line end would end the row.
fn cell(text: &str) -> String {
    markdown(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text as it is, whatever it holds: every ASCII punctuation mark may be escaped in CommonMark. Line
/// ends stay, a run of them is one paragraph end.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for line in text.lines().map(str::trim) {
        for character in line.chars().filter(|character| !character.is_control()) {
            match character {
                '<' => escaped.push_str("&lt;"),
                '&' => escaped.push_str("&amp;"),
                '.' | ',' | '\'' | '"' | '?' | '/' | ';' | ':' | '%' => escaped.push(character),
                _ if character.is_ascii_punctuation() => escaped.extend(['\\', character]),
                _ => escaped.push(character),
            }
        }
        escaped.push('\n');
    }
    escaped.trim_end().to_owned()
}
