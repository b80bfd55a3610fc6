//! The notation of templates.
//!
//! | written | gives |
//! |---|---|
//! | `[a\|b\|]` | one of the alternatives |
//! | `(a&b)` | all of them, in any order (Korean lets adverbials trade places) |
//! | `{hero:은}` | the slot's word with a particle or a form of 이다; 께서는 for an honoured person |
//! | `{=보물:.}` | a word given on the spot: 보물이었다 |
//! | `{hero.k}`, `{hero*:은}` | the kind of animal; the name, or now and then the kind |
//! | `<걷다\|뛰다/고\|으면서>` | one of the verbs with one of the endings, conjugated |
//! | `<가다/.>` | the end of a narrator's sentence, past; `.지` present, at the document's speech level |
//! | `<가다/~라>` | the end of a spoken sentence at the level that the speaker owes the listener |
//! | `<가다/?었>` | a user's question |
//! | `^` before an ending | -(으)시- if the last subject (in speech: the listener) is honoured |
//! | `@hero,mother ` | from here `hero` speaks to `mother` |
//! | `$joy:hero` | a phrase of `phrases` about `{x}` = hero |
//!
//! Spaces around optional parts close up by themselves. A template that names something unknown leaves `⟦…⟧`,
//! which a test forbids.

use rand::Rng;

use super::{Entity, Scene, phrases};
use crate::grammar::levels::{Level, Mood, finish};
use crate::grammar::{Contraction, Copula, Ending, Particle, Predicate, attach, copula, honorifics};
use crate::hangul::{coda, last_syllable};
use crate::lexicon::{self, names::FAMILY};

/// How a slot is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Name,
    Kind,
    /// the name, or now and then the kind of animal
    Either,
}

/// What the text ends with, as far as modifiers of the next noun are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Piece {
    /// a noun with its particle
    Slot,
    Adnominal,
    #[default]
    Other,
}

const MAX_PARTS: usize = 24;

/// The alternatives between a bracket and its partner.
struct Group<'a> {
    parts: [&'a str; MAX_PARTS],
    count: usize,
    /// byte after the closing bracket
    end: usize,
}

/// Splits `text`, which starts after an opening bracket, at `separator` on its own depth.
fn group(text: &str, separator: u8) -> Group<'_> {
    let mut group = Group { parts: [""; MAX_PARTS], count: 0, end: text.len() };
    let (mut depth, mut from) = (0usize, 0usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'(' | b'<' | b'{' => depth += 1,
            b']' | b')' | b'>' | b'}' if depth > 0 => depth -= 1,
            b']' | b')' | b'>' | b'}' => {
                group.end = at + 1;
                push_part(&mut group, &text[from..at]);
                return group;
            }
            _ if byte == separator && depth == 0 => {
                push_part(&mut group, &text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    group
}

/// -구나 among equals and to the young, -네요 to elders.
fn realise(predicate: &Predicate, level: Level) -> String {
    match level {
        Level::Plain | Level::Casual => predicate.with(Ending::Realisation),
        Level::Polite | Level::Formal => finish(predicate, level, Mood::Exclamation),
    }
}

/// How somebody is called: 민준아, 수아야; grown-ups by the last word of what they are (선생님, 아저씨).
fn vocative(entity: &Entity) -> String {
    if !entity.call.is_empty() {
        return attach(&entity.call, Particle::Vocative);
    }
    match entity.text.rsplit(' ').next() {
        Some(word) if word.ends_with("노인") => "어르신".into(),
        Some(word) => word.into(),
        None => entity.text.clone(),
    }
}

/// 민준이의 with a space after it.
fn attach_possessive(name: &str) -> String {
    format!("{name}의 ")
}

/// Where the sentences of an utterance begin, outside any bracket.
fn sentence_starts(spoken: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let (mut depth, mut previous) = (0usize, b' ');
    for (at, byte) in spoken.bytes().enumerate() {
        match byte {
            b'[' | b'(' | b'<' | b'{' => depth += 1,
            b']' | b')' | b'>' | b'}' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && matches!(previous, b'.' | b'?' | b'!') => starts.push(at + 1),
            _ => {}
        }
        previous = byte;
    }
    starts
}

fn push_part<'a>(group: &mut Group<'a>, part: &'a str) {
    if group.count < MAX_PARTS {
        group.parts[group.count] = part;
        group.count += 1;
    }
}

impl Scene {
    /// Adds a template to the running text.
    pub(crate) fn write(&mut self, template: &str) {
        let mut rest = template;
        while let Some(at) =
            rest.bytes().position(|byte| matches!(byte, b'[' | b'(' | b'{' | b'<' | b'$' | b'@'))
        {
            self.literal(&rest[..at]);
            let mark = rest.as_bytes()[at];
            let inside = &rest[at + 1..];
            let end = match mark {
                b'[' => self.alternative(inside),
                b'(' => self.permutation(inside),
                b'{' => self.slot(inside),
                b'<' => self.predicate(inside),
                b'$' => self.phrase(inside),
                _ => self.speaker(inside),
            };
            rest = &inside[end..];
        }
        self.literal(rest);
    }

    fn alternative(&mut self, inside: &str) -> usize {
        let group = group(inside, b'|');
        let chosen = self.rng.random_range(0..group.count.max(1));
        self.write(group.parts[chosen]);
        group.end
    }

    fn permutation(&mut self, inside: &str) -> usize {
        let mut group = group(inside, b'&');
        for at in (1..group.count).rev() {
            group.parts.swap(at, self.rng.random_range(0..=at));
        }
        for at in 0..group.count {
            if at > 0 {
                self.literal(" ");
            }
            self.write(group.parts[at].trim());
        }
        group.end
    }

    fn slot(&mut self, inside: &str) -> usize {
        let group = group(inside, b':');
        let (name, key) = (group.parts[0], if group.count > 1 { group.parts[1] } else { "" });
        let (slot, reference) = match name.strip_suffix(".k") {
            Some(slot) => (slot, Reference::Kind),
            None => match name.strip_suffix('*') {
                Some(slot) => (slot, Reference::Either),
                None => (name, Reference::Name),
            },
        };
        if let Some(words) = name.strip_prefix('=') {
            let word = self.one_part(words).to_owned();
            self.bind("=", Entity { text: word, ..Entity::default() });
            return self.word_with(inside, "=", key, Reference::Name);
        }
        self.word_with(inside, slot, key, reference)
    }

    /// Writes the slot's word with what `key` asks for; gives the length of the whole notation.
    fn word_with(&mut self, inside: &str, slot: &str, key: &str, reference: Reference) -> usize {
        let end = inside.find('}').map_or(inside.len(), |at| at + 1);
        let by_kind = reference == Reference::Either && self.chance(25);
        let Some(entity) = self.entity(slot).cloned() else {
            self.unknown(slot);
            return end;
        };
        let honored = entity.honored;
        let named_animal = !entity.call.is_empty() && entity.kind != entity.text && entity.kind != "아이";
        let text = if reference == Reference::Kind || by_kind && named_animal {
            entity.kind.to_owned()
        } else {
            entity.text.clone()
        };
        if !key.is_empty()
            && !self.plain
            && self.decorated != slot
            && !self.is_modified()
            && reference == Reference::Name
        {
            let color = if slot == self.coloured && self.chance(50) {
                self.entity("color").map(|color| color.text.clone())
            } else {
                None
            };
            let epithet_percent = if self.in_quote { 25 } else { 50 };
            let modifier = match color {
                Some(color) => Some(color),
                None if !entity.epithet.is_empty() && self.chance(epithet_percent) => {
                    Some(entity.epithet.to_owned())
                }
                None => None,
            };
            if let Some(modifier) = modifier {
                self.literal(&(modifier + " "));
                self.decorated.clear();
                self.decorated.push_str(slot);
            }
        } else if self.decorated == slot {
            self.decorated.clear();
        }
        if self.fresh_sentence() && !key.is_empty() && key != "아" {
            let child = self.entity("hero").filter(|hero| hero.kind == "아이").map(|hero| hero.text.clone());
            match child {
                Some(child) if FAMILY.contains(&text.as_str()) && self.chance(40) => {
                    self.literal(&attach_possessive(&child));
                }
                _ if named_animal && text == entity.text && self.chance(18) => {
                    self.literal(entity.kind);
                    self.literal(" ");
                }
                _ => {}
            }
        }
        if matches!(key, "은" | "이") {
            self.subject_honored = honored;
        }
        let word = match key {
            "" => text,
            "아" => vocative(&entity),
            "." => copula::is(&text, true, self.narration, Mood::Statement),
            ".지" => copula::is(&text, false, self.narration, Mood::Statement),
            "~" => copula::is(&text, false, self.speech, Mood::Statement),
            "~?" => copula::is(&text, false, self.speech, Mood::Question),
            "~었" => copula::is(&text, true, self.speech, Mood::Statement),
            "~네" => copula::is(&text, false, self.speech, Mood::Exclamation),
            "~지" => copula::is(&text, false, self.speech, Mood::Confirmation),
            "?" => copula::is(&text, false, self.asking, Mood::Question),
            "?었" => copula::is(&text, true, self.asking, Mood::Question),
            _ => match honorifics::particle(key)
                .filter(|particle| honored || entity.elder && *particle == "께")
            {
                Some(particle) => text + particle,
                None => match (Particle::named(key), Copula::named(key)) {
                    (Some(particle), _) => attach(&text, particle),
                    (None, Some(form)) => form.after(&text),
                    (None, None) => text + key,
                },
            },
        };
        self.literal(&word);
        // A bare slot (a colour, a number) modifies what follows; so does 의.
        self.last_piece =
            if matches!(key, "" | "의" | "인" | "이라는") { Piece::Adnominal } else { Piece::Slot };
        end
    }

    fn predicate(&mut self, inside: &str) -> usize {
        let group = group(inside, b'/');
        let form = self.one_part(group.parts[0]);
        let key = self.one_part(group.parts[1]);
        match lexicon::word(form) {
            Some(word) => {
                let inflected = self.inflect(word, key);
                match inflected {
                    Some(text) => {
                        self.literal(&text);
                        if matches!(key.trim_start_matches('^'), "는" | "은" | "을" | "던" | "었던" | "었을")
                        {
                            self.last_piece = Piece::Adnominal;
                        }
                    }
                    None => self.unknown(key),
                }
            }
            None => self.unknown(form),
        }
        group.end
    }

    fn one_part<'t>(&mut self, text: &'t str) -> &'t str {
        let count = text.bytes().filter(|byte| *byte == b'|').count() + 1;
        let chosen = if count == 1 { 0 } else { self.rng.random_range(0..count) };
        text.split('|').nth(chosen).unwrap_or(text)
    }

    /// A word of the lexicon with the ending named by `key` (see the module's table).
    pub(crate) fn inflect(&mut self, word: &lexicon::Word, key: &str) -> Option<String> {
        let spoken = self.in_quote || self.narration == Level::Polite;
        let contraction = if spoken { Contraction::Full } else { Contraction::Open };
        let mut predicate = word.predicate().with_contraction(contraction);
        let mut key = key;
        if let Some(rest) = key.strip_prefix('^') {
            key = rest;
            if if self.in_quote { self.speech_honors } else { self.subject_honored } {
                predicate = honorifics::honorific(word.dictionary_form, &predicate);
            }
        }
        let (level, key) = match key.chars().next() {
            Some('.') => (Some(self.narration), &key[1..]),
            Some('~') => (Some(self.speech), &key[1..]),
            Some('?') => return Some(self.question(&predicate, self.asking, &key[1..])),
            _ => (None, key),
        };
        let Some(level) = level else {
            if let Some(ending) = Ending::named(key) {
                return Some(predicate.with(ending));
            }
            return key
                .strip_prefix('었')
                .and_then(Ending::named)
                .map(|ending| predicate.past().with(ending));
        };
        let narrated = !self.in_quote;
        let mood = match key {
            "" if narrated => return Some(finish(&predicate.past(), level, Mood::Statement)),
            "" => Mood::Statement,
            "지" if narrated => Mood::Statement,
            "었" => return Some(finish(&predicate.past(), level, Mood::Statement)),
            "?" => return Some(self.question(&predicate, level, "")),
            "었?" => return Some(self.question(&predicate, level, "었")),
            "라" => Mood::Command,
            "자" => Mood::Proposal,
            "게" => Mood::Promise,
            "거" => Mood::Prediction,
            "네" => Mood::Exclamation,
            "었네" => return Some(finish(&predicate.past(), level, Mood::Exclamation)),
            "구나" => return Some(realise(&predicate, level)),
            "었구나" => return Some(realise(&predicate.past(), level)),
            "지" => Mood::Confirmation,
            "었지" => return Some(finish(&predicate.past(), level, Mood::Confirmation)),
            "까" => Mood::Deliberation,
            "겠" => return Some(finish(&predicate.conjecture(), level, Mood::Statement)),
            _ => return None,
        };
        Some(finish(&predicate, level, mood))
    }

    /// -어?/-니?, -어요?/-나요?, -습니까?
    fn question(&mut self, predicate: &Predicate, level: Level, tense: &str) -> String {
        let predicate = if tense == "었" { predicate.past() } else { predicate.clone() };
        match (level, self.chance(40)) {
            (Level::Casual, true) => predicate.with(Ending::CasualQuestion),
            (Level::Polite, true) => predicate.with(Ending::GentleQuestion),
            _ => finish(&predicate, level, Mood::Question),
        }
    }

    fn phrase(&mut self, inside: &str) -> usize {
        let length_of_name = |text: &str| {
            text.bytes().position(|byte| byte != b'_' && !byte.is_ascii_alphanumeric()).unwrap_or(text.len())
        };
        let end = length_of_name(inside);
        let (name, rest) = inside.split_at(end);
        let name = if name == "oneday" && self.long_ago { "oldday" } else { name };
        let mut consumed = end;
        let outer = self.x.clone();
        if let Some(argument) = rest.strip_prefix(':') {
            let length = length_of_name(argument);
            consumed += 1 + length;
            self.x = self.entity(&argument[..length]).cloned();
        }
        match phrases::phrase(name) {
            // Who speaks, and what they feel, may go without saying.
            Some(_) if phrases::is_attribution(name) && self.chance(30) => {}
            Some(_) if phrases::is_feeling(name) && self.chance(72) => {}
            Some(alternatives) => {
                let chosen = self.choose(alternatives);
                self.write(chosen);
            }
            None => self.unknown(name),
        }
        self.x = outer;
        consumed
    }

    /// `@speaker,listener `: sets the speech level. Most utterances that call nobody by name get a
    /// vocative before one of their sentences.
    fn speaker(&mut self, inside: &str) -> usize {
        let end = inside.find(' ').unwrap_or(inside.len());
        let (speaker, listener) = inside[..end].split_once(',').unwrap_or((&inside[..end], ""));
        let young = !self.entity(speaker).is_some_and(|entity| entity.elder);
        let to_elder = self.entity(listener).is_some_and(|entity| entity.elder);
        // Elders among themselves are polite too; only -(으)시- depends on who is younger.
        self.speech = if to_elder { Level::Polite } else { Level::Casual };
        self.speech_honors = to_elder && (young || speaker != listener);
        let end = (end + 1).min(inside.len());
        let Some(utterance) = inside[end..].strip_prefix('“') else { return end };
        let length = utterance.find('”').unwrap_or(utterance.len());
        let spoken = &utterance[..length];
        if spoken.contains(":아}") || spoken.contains(&format!("{{{listener}:")) || !self.chance(75) {
            return end;
        }
        let Some(call) = self.entity(listener).map(vocative) else { return end };
        let starts = sentence_starts(spoken);
        let at = starts[self.below(starts.len())];
        self.literal("“");
        self.write(&spoken[..at]);
        self.literal(&call);
        self.literal(", ");
        end + '“'.len_utf8() + at
    }

    /// Whether a quotation ends here with a consonant: “…거든.”이라고, but “…있어.”라고.
    fn quotation_ends_closed(&self) -> bool {
        let Some(quotation) = self.out.strip_suffix('”') else { return false };
        last_syllable(quotation.trim_end_matches(['.', '!', '?', '…']))
            .is_some_and(|syllable| syllable.coda != coda::NONE)
    }

    /// Whether a sentence of the narrator begins here.
    fn fresh_sentence(&self) -> bool {
        !self.in_quote
            && self.out.ends_with([' ', '\n'])
            && self.out.trim_end_matches(' ').ends_with(['.', '!', '?', '”', '\n'])
    }

    /// Whether the next noun has a modifier already (작은, 마신, 볼, 네), or stands inside a word.
    fn is_modified(&self) -> bool {
        if self.out.is_empty() || self.out.ends_with(['\n', '“', '‘']) {
            return false;
        }
        if !self.out.ends_with(' ') {
            return true;
        }
        match self.last_piece {
            Piece::Slot => false,
            Piece::Adnominal => true,
            Piece::Other => {
                let last = self.out.trim_end_matches(' ').rsplit([' ', '\n', '“', '‘']).next().unwrap_or("");
                let coda = last_syllable(last).map_or(coda::NONE, |syllable| syllable.coda);
                matches!(coda, coda::NIEUN | coda::RIEUL)
                    || ["네", "내", "제", "새", "그", "이", "저", "의", "웬", "첫"]
                        .iter()
                        .any(|word| last.ends_with(word))
            }
        }
    }

    fn unknown(&mut self, name: &str) {
        self.literal(&format!("⟦{name}⟧"));
    }

    /// Adds text, closing up spaces and following quotation marks.
    fn literal(&mut self, text: &str) {
        let mut text = text;
        if text.starts_with(' ') {
            let fresh = self.out.is_empty() || self.out.ends_with([' ', '\n', '“', '‘']);
            text = text.trim_start_matches(' ');
            if !fresh {
                self.out.push(' ');
            }
        }
        if text.starts_with(['.', ',', '?', '!', '”', '’']) && self.out.ends_with(' ') {
            self.out.pop();
        }
        if text.contains(['“', '”']) {
            for character in text.chars() {
                match character {
                    '“' => self.in_quote = true,
                    '”' => self.in_quote = false,
                    _ => {}
                }
            }
        }
        if text.starts_with("라고 ") && self.quotation_ends_closed() {
            self.out.push('이');
        }
        if !text.trim().is_empty() {
            self.last_piece = Piece::Other;
        }
        self.out.push_str(text);
    }
}
