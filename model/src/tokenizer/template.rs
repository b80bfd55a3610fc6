//! Chat templates: the Jinja text in `tokenizer_config.json` that writes an exchange as one string.
//!
//! A template may come from a stranger's file, so it runs in an interpreter without files or
//! network, with a size limit, with fuel, and with a bound on what it may write.

use minijinja::{Environment, ErrorKind, context};
use serde::{Deserialize, Deserializer};
use shared::documents::Message;

use crate::{Error, Result};

const TEMPLATE_LIMIT_BYTES: usize = 64 << 10;
const OUTPUT_LIMIT_BYTES: usize = 64 << 20;
/// Interpreter steps: about ten per message of our own template.
const FUEL: u64 = 1_000_000;

/// The fields of `tokenizer_config.json` that a template sees.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct TemplateConfiguration {
    #[serde(default, deserialize_with = "chat_template")]
    pub chat_template: Option<String>,
    #[serde(default, deserialize_with = "token")]
    pub bos_token: Option<String>,
    #[serde(default, deserialize_with = "token")]
    pub eos_token: Option<String>,
    #[serde(default, deserialize_with = "token")]
    pub pad_token: Option<String>,
    /// Ends one message; also in files that came from GGUF.
    #[serde(default, deserialize_with = "token")]
    pub eot_token: Option<String>,
    /// Whether texts begin with `bos_token`.
    #[serde(default)]
    pub add_bos_token: Option<bool>,
}

/// A token by its text, or as `transformers` saves one with its settings.
fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Token {
        Text(String),
        Settings { content: String },
    }
    Ok(Option::<Token>::deserialize(from)?.map(|token| match token {
        Token::Text(text) | Token::Settings { content: text } => text,
    }))
}

/// One template, or several of which one is the default.
fn chat_template<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
        template: String,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Template {
        One(String),
        Several(Vec<Named>),
    }
    Ok(Option::<Template>::deserialize(from)?.and_then(|template| match template {
        Template::One(text) => Some(text),
        Template::Several(named) => {
            named.into_iter().find(|named| named.name == "default").map(|named| named.template)
        }
    }))
}

impl TemplateConfiguration {
    /// # Errors
    /// [`Error::Configuration`] when the bytes are no `tokenizer_config.json`.
    pub fn from_bytes(tokenizer_config_json: &[u8]) -> Result<Self> {
        serde_json::from_slice(tokenizer_config_json).map_err(|error| configuration(error.to_string()))
    }

    /// The exchange as the string that a tokenizer with special tokens would read.
    ///
    /// # Errors
    /// [`Error::Configuration`] when there is no template, or it is wrong, too large or runs too long.
    pub fn render(&self, messages: &[Message], add_generation_prompt: bool) -> Result<String> {
        let template = self
            .chat_template
            .as_deref()
            .ok_or_else(|| configuration("it holds no chat_template".to_owned()))?;
        if template.len() > TEMPLATE_LIMIT_BYTES {
            return Err(configuration(format!(
                "its chat_template has {} bytes; at most {TEMPLATE_LIMIT_BYTES} are read",
                template.len()
            )));
        }
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        let values = context! {
            messages,
            add_generation_prompt,
            bos_token => self.bos_token.as_deref().unwrap_or_default(),
            eos_token => self.eos_token.as_deref().unwrap_or_default(),
        };
        let mut written = Bounded(Vec::new());
        environment
            .template_from_str(template)
            .and_then(|template| template.render_captured_to(values, &mut written).map(drop))
            .map_err(|error| configuration(format!("its chat_template fails: {error}")))?;
        String::from_utf8(written.0).map_err(|error| configuration(error.to_string()))
    }
}

/// Refuses to grow without end.
struct Bounded(Vec<u8>);

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_LIMIT_BYTES {
            return Err(std::io::Error::other("it writes too much"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn configuration(problem: String) -> Error {
    Error::Configuration { file: "tokenizer_config.json", problem }
}

#[cfg(test)]
mod tests {
    use shared::documents::ChatRole;

    use super::*;

    fn render(template: &str) -> Result<String> {
        let configuration =
            TemplateConfiguration { chat_template: Some(template.to_owned()), ..Default::default() };
        configuration.render(&[Message { role: ChatRole::User, content: "안녕".to_owned() }], true)
    }

    #[test]
    fn a_template_sees_the_messages_by_their_names() {
        let template = "{% for m in messages %}[{{ m.role }}]{{ m['content'] }}{% endfor %}";
        assert_eq!(render(template).unwrap(), "[user]안녕");
    }

    #[test]
    fn a_configuration_is_read_in_every_form_that_transformers_writes() {
        let read = |json: &str| TemplateConfiguration::from_bytes(json.as_bytes()).unwrap();
        let plain = read(r#"{"eos_token": "</s>", "chat_template": "{{ x }}", "pad_token": null}"#);
        let named = read(
            r#"{"eos_token": {"content": "</s>", "lstrip": false, "__type": "AddedToken"}, "chat_template":
            [{"name": "rag", "template": "a"}, {"name": "default", "template": "{{ x }}"}]}"#,
        );
        for configuration in [plain, named] {
            assert_eq!(configuration.eos_token.as_deref(), Some("</s>"));
            assert_eq!(configuration.chat_template.as_deref(), Some("{{ x }}"));
            assert_eq!(configuration.pad_token, None);
        }
        assert!(TemplateConfiguration::from_bytes(br#"{"eos_token": 3}"#).is_err());
    }

    #[test]
    fn a_template_that_never_ends_is_stopped() {
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
        let error = render(endless).unwrap_err().to_string();
        assert!(error.contains("tokenizer_config.json"), "{error}");
    }

    #[test]
    fn a_template_that_complains_or_is_broken_is_an_error_with_its_words() {
        let error = render("{{ raise_exception('no system message') }}").unwrap_err().to_string();
        assert!(error.contains("no system message"), "{error}");
        assert!(render("{% for").is_err());
        assert!(render(&"x".repeat(TEMPLATE_LIMIT_BYTES + 1)).is_err());
    }
}
