//! The model card: a README.md with the front matter that model hubs read.
//!
//! Names and descriptions come from people: in YAML they are JSON strings, in Markdown every mark is
//! escaped, so that a name can neither forge a field nor draw a link.

use std::fmt::Write;

use model::gguf::Cutting;
use shared::artifacts::{Purpose, Sha256};
use shared::provenance::{ImportedOrigin, JobOrigin, ModelOrigin, PROVENANCE_FILE, Provenance};
use shared::spec::{ArchitectureSpec, ExportSpec};

use super::TrainingFigures;

pub struct Card<'a> {
    pub spec: &'a ExportSpec,
    pub architecture: &'a ArchitectureSpec,
    pub training: TrainingFigures,
    pub origin: Option<&'a ModelOrigin>,
    /// Where a GGUF file lies beside it.
    pub cutting: Option<Cutting>,
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
            self.lineage(),
            self.limits().to_owned(),
            LOADING.to_owned(),
            self.gguf(),
        ];
        sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn front_matter(&self) -> String {
        let licence = self.spec.licence.trim();
        let licence = if licence.is_empty() { "unknown" } else { licence };
        // What language a model from elsewhere speaks nobody has told us.
        let (language, tags) = match self.imported() {
            None => ("language:\n- ko\n", "- korean\n- from-scratch\n- mitbadak"),
            Some(_) => ("", "- mitbadak"),
        };
        format!(
            "---\n{language}license: {}\nlibrary_name: transformers\npipeline_tag: text-generation\n\
             tags:\n{tags}\nmodel_name: {}\n---\n",
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
            // Of a model from elsewhere its lineage says what is known.
            if self.imported().is_some() {
                return String::new();
            }
            return "## Training\n\nNothing is recorded about the training of these weights.\n".to_owned();
        }
        known.into_iter().for_each(|(name, value)| rows.row(name, value));
        rows.0
    }

    fn imported(&self) -> Option<&ImportedOrigin> {
        match self.origin {
            Some(ModelOrigin::Imported(origin)) => Some(origin),
            Some(ModelOrigin::Trained(_)) | None => None,
        }
    }

    fn lineage(&self) -> String {
        let text = match self.imported() {
            None => "Trained from random weights on text that was curated for it.\n\n",
            Some(_) => "Made elsewhere and imported from files; nothing here has changed what it knows.\n\n",
        };
        let mut rows = Table::new("Lineage", text);
        let rest = match self.origin {
            None => String::new(),
            Some(ModelOrigin::Trained(provenance)) => {
                rows.made_by(&provenance.code_version, provenance.job.as_ref());
                let corpus = &provenance.corpus;
                rows.row(
                    "Corpus",
                    format!("{} documents, {} bytes of text", corpus.documents, corpus.text_bytes),
                );
                rows.row("SHA-256 of the corpus", format!("`{}`", corpus.sha256));
                rows.row("SHA-256 of the tokenizer", format!("`{}`", provenance.tokenizer_sha256));
                sources(provenance)
            }
            Some(ModelOrigin::Imported(origin)) => {
                rows.made_by(&origin.code_version, origin.job.as_ref());
                rows.row("Imported as", cell(&origin.imported.name));
                files_and_terms(origin)
            }
        };
        rows.row("SHA-256 of model.safetensors", format!("`{}`", self.weights_sha256));
        rows.row("SHA-256 of tokenizer.json", format!("`{}`", self.tokenizer_sha256));
        if rest.is_empty() { rows.0 } else { format!("{}\n{rest}", rows.0) }
    }

    fn limits(&self) -> &'static str {
        match self.imported() {
            None => LIMITS,
            Some(_) => LIMITS_OF_IMPORTED,
        }
    }

    fn gguf(&self) -> String {
        match self.cutting {
            None => String::new(),
            Some(Cutting::Named(name)) => {
                format!("## GGUF\n\n`model.gguf` is for llama.cpp, which cuts texts as `{name}`, as here.\n")
            }
            Some(Cutting::Nearest(name)) => format!(
                "## GGUF\n\n`model.gguf` is for llama.cpp. It has no name for how this tokenizer cuts texts; the file \
                 names the nearest, `{name}`,\nand some texts become other tokens there. The whole `tokenizer.json` \
                 stands in the file too.\n"
            ),
        }
    }
}

/// What came, and under which terms.
fn files_and_terms(origin: &ImportedOrigin) -> String {
    let mut text = "### Files as they came\n\n| File | Bytes | SHA-256 |\n|---|---|---|\n".to_owned();
    for file in &origin.files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} | {} | `{}` |", cell(&file.name), file.size_bytes, file.sha256);
    }
    let terms = markdown(&origin.imported.licence_note);
    let terms = if terms.is_empty() { "Nobody has said under which terms it may be used." } else { &terms };
    let _ = writeln!(text, "\n### Terms\n\n{terms}");
    text
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

const LIMITS_OF_IMPORTED: &str = "## Limits

What this model knows, what it was tested for and what it must not be used for, those who made it say: see
where it comes from. It was converted here, not tested.
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

    fn made_by(&mut self, code_version: &str, job: Option<&JobOrigin>) {
        self.row("Code version", cell(code_version));
        if let Some(job) = job {
            let inputs = job.inputs.iter().map(|(name, id)| format!("{} {id}", cell(name)));
            self.row("Made by job", job.job_id);
            self.row("From artifacts", inputs.collect::<Vec<_>>().join(", "));
        }
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
