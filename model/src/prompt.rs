//! What a model reads before its own words: the token ids of a text to continue or of an exchange to
//! answer, no longer than there is room for.

use shared::documents::{ChatRole, Message};
use shared::spec::SpecialToken;

use crate::tokenizer::Tokenizer;
use crate::tokenizer::template::TemplateConfiguration;
use crate::{Error, Result};

/// A prompt in ids, and what ends its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub ids: Vec<u32>,
    /// Tokens after which nothing of the answer follows.
    pub stop_tokens: Vec<u32>,
    /// Left out at the beginning, for lack of room.
    pub dropped_tokens: usize,
    /// Messages among what was left out.
    pub dropped_messages: usize,
}

/// A document that begins with `text`. Of a text that is longer than `room` tokens the end remains.
///
/// # Errors
/// As [`Tokenizer::encode`] and [`Tokenizer::special_id`].
pub fn continuing(tokenizer: &Tokenizer, text: &str, room: usize) -> Result<Prompt> {
    let end_of_text = tokenizer.special_id(SpecialToken::EndOfText)?;
    let mut ids = vec![end_of_text];
    ids.extend(tokenizer.encode(text)?);
    let dropped_tokens = ids.len().saturating_sub(room);
    ids.drain(..dropped_tokens);
    Ok(Prompt { ids, stop_tokens: vec![end_of_text], dropped_tokens, dropped_messages: 0 })
}

/// An exchange that the assistant is to answer. What a system message says stays; of the rest the
/// oldest messages go until `room` tokens hold it and it begins with the user.
///
/// # Errors
/// [`Error::Input`] when the last message is not the user's or has no room even by itself; as
/// [`Tokenizer::encode_messages`].
pub fn answering(tokenizer: &Tokenizer, messages: &[Message], room: usize) -> Result<Prompt> {
    let Some(ChatRole::User) = messages.last().map(|message| message.role) else {
        return Err(Error::Input("an exchange to answer ends with a message of the user".to_owned()));
    };
    let end_of_text = tokenizer.special_id(SpecialToken::EndOfText)?;
    let stop_tokens = vec![end_of_text, tokenizer.special_id(SpecialToken::EndOfTurn)?];
    let (system, talk) = match messages {
        [first, rest @ ..] if first.role == ChatRole::System => (&messages[..1], rest),
        all => (&all[..0], all),
    };
    let system_ids = tokenizer.encode_messages(system, false)?;
    let starts = (0..talk.len()).filter(|&start| talk[start].role == ChatRole::User);
    let mut whole_length = None;
    let mut shortest_length = 0;
    for start in starts {
        let mut ids = vec![end_of_text];
        ids.extend(&system_ids);
        ids.extend(tokenizer.encode_messages(&talk[start..], true)?);
        let whole_length = *whole_length.get_or_insert(ids.len());
        if ids.len() <= room {
            let dropped_tokens = whole_length - ids.len();
            return Ok(Prompt { ids, stop_tokens, dropped_tokens, dropped_messages: start });
        }
        shortest_length = ids.len();
    }
    Err(Error::Input(format!(
        "the last message makes a prompt of {shortest_length} tokens and this model has room for {room}: say it \
         shorter"
    )))
}

/// A text for a model whose tokenizer is not of ours: it begins as its configuration says.
///
/// # Errors
/// As [`Tokenizer::encode`].
pub fn continuing_as_configured(
    tokenizer: &Tokenizer,
    configuration: &TemplateConfiguration,
    text: &str,
    room: usize,
) -> Result<Prompt> {
    let named = configuration.bos_token.as_deref();
    let mut ids: Vec<u32> = match configuration.add_bos_token {
        Some(true) => named.and_then(|name| tokenizer.special_id_by_name(name)).into_iter().collect(),
        Some(false) => Vec::new(),
        None => tokenizer.beginning(),
    };
    ids.extend(tokenizer.encode(text)?);
    let dropped_tokens = ids.len().saturating_sub(room);
    ids.drain(..dropped_tokens);
    Ok(Prompt {
        ids,
        stop_tokens: stop_tokens(tokenizer, configuration),
        dropped_tokens,
        dropped_messages: 0,
    })
}

/// An exchange in the words of the model's own chat template.
///
/// # Errors
/// [`Error::Input`] when it does not fit into `room` or a message writes out a special token, which in a
/// template's text would be one; as [`TemplateConfiguration::render`].
pub fn answering_by_template(
    tokenizer: &Tokenizer,
    configuration: &TemplateConfiguration,
    messages: &[Message],
    room: usize,
) -> Result<Prompt> {
    let written = messages.iter().find_map(|message| tokenizer.names_special_token(&message.content));
    if let Some(token) = written {
        return Err(Error::Input(format!(
            "the message contains {token}, which is a mark of the model's own: write it differently"
        )));
    }
    let ids = tokenizer.encode_with_special_tokens(&configuration.render(messages, true)?)?;
    if ids.len() > room {
        return Err(Error::Input(format!(
            "the exchange makes a prompt of {} tokens and this model has room for {room}: say it shorter",
            ids.len()
        )));
    }
    let stop_tokens = stop_tokens(tokenizer, configuration);
    Ok(Prompt { ids, stop_tokens, dropped_tokens: 0, dropped_messages: 0 })
}

fn stop_tokens(tokenizer: &Tokenizer, configuration: &TemplateConfiguration) -> Vec<u32> {
    let names = [&configuration.eos_token, &configuration.eot_token];
    names.into_iter().flatten().filter_map(|name| tokenizer.special_id_by_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::tests::tokenizer;

    fn said(role: ChatRole, content: &str) -> Message {
        Message { role, content: content.to_owned() }
    }

    #[test]
    fn a_text_is_read_from_the_beginning_of_a_document_and_a_long_one_from_where_there_is_room() {
        let tokenizer = tokenizer();
        let end_of_text = tokenizer.special_id(SpecialToken::EndOfText).unwrap();
        let text = "할머니가 밥을 먹었다. 할머니가 밥을 먹었다.";
        let whole = continuing(&tokenizer, text, 100).unwrap();
        assert_eq!(whole.ids[0], end_of_text);
        assert_eq!(tokenizer.decode(&whole.ids[1..]), text);
        assert_eq!(whole.dropped_tokens, 0);
        let cut = continuing(&tokenizer, text, 5).unwrap();
        assert_eq!(cut.ids, whole.ids[whole.ids.len() - 5..]);
        assert_eq!(cut.dropped_tokens, whole.ids.len() - 5);
        assert_eq!(continuing(&tokenizer, "", 5).unwrap().ids, [end_of_text]);
    }

    #[test]
    fn an_exchange_loses_its_oldest_messages_first_and_keeps_what_the_system_says() {
        let tokenizer = tokenizer();
        let system = said(ChatRole::System, "짧게 대답한다.");
        let exchange = [
            system.clone(),
            said(ChatRole::User, "어디 가세요?"),
            said(ChatRole::Assistant, "학교에 갔습니다."),
            said(ChatRole::User, "노래를 불렀어요?"),
        ];
        let whole = answering(&tokenizer, &exchange, 1000).unwrap();
        assert_eq!(whole.dropped_messages, 0);
        assert_eq!(&whole.ids[1..], tokenizer.encode_messages(&exchange, true).unwrap());
        let shorter = answering(&tokenizer, &exchange, whole.ids.len() - 1).unwrap();
        assert_eq!(shorter.dropped_messages, 2, "the answer to a question goes with it");
        let left = [system, exchange[3].clone()];
        assert_eq!(&shorter.ids[1..], tokenizer.encode_messages(&left, true).unwrap());
        assert_eq!(shorter.dropped_tokens, whole.ids.len() - shorter.ids.len());
        let error = answering(&tokenizer, &exchange, 4).unwrap_err().to_string();
        assert!(error.contains("room for 4"), "{error}");
    }

    #[test]
    fn there_is_nothing_to_answer_without_a_question() {
        let tokenizer = tokenizer();
        for exchange in [vec![], vec![said(ChatRole::Assistant, "네")], vec![said(ChatRole::System, "네")]]
        {
            assert!(answering(&tokenizer, &exchange, 100).is_err());
        }
    }
}
