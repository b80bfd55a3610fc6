//! Particles whose form depends on the final sound of the word before them.

use crate::hangul::{Syllable, coda};

/// What a word ends in, as far as particles care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalSound {
    Vowel,
    /// ㄹ: a consonant for every particle except (으)로.
    Rieul,
    Consonant,
}

/// A particle with two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Particle {
    /// 은/는
    Topic,
    /// 이/가
    Subject,
    /// 을/를
    Object,
    /// 과/와
    And,
    /// 으로/로, with the exception after ㄹ
    By,
    /// 이나/나
    Or,
    /// 이랑/랑
    With,
    /// 아/야
    Vocative,
    /// 이든지/든지
    Whichever,
}

impl Particle {
    pub const ALL: [Self; 9] = [
        Self::Topic,
        Self::Subject,
        Self::Object,
        Self::And,
        Self::By,
        Self::Or,
        Self::With,
        Self::Vocative,
        Self::Whichever,
    ];

    /// (after a consonant, after a vowel)
    pub const fn forms(self) -> (&'static str, &'static str) {
        match self {
            Self::Topic => ("은", "는"),
            Self::Subject => ("이", "가"),
            Self::Object => ("을", "를"),
            Self::And => ("과", "와"),
            Self::By => ("으로", "로"),
            Self::Or => ("이나", "나"),
            Self::With => ("이랑", "랑"),
            Self::Vocative => ("아", "야"),
            Self::Whichever => ("이든지", "든지"),
        }
    }

    /// The particle named by the form that it takes after a consonant (`"은"`, `"으로"`).
    pub fn named(form: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|particle| particle.forms().0 == form)
    }

    pub fn form_after(self, sound: FinalSound) -> &'static str {
        let (closed, open) = self.forms();
        match (self, sound) {
            (_, FinalSound::Vowel) | (Self::By, FinalSound::Rieul) => open,
            _ => closed,
        }
    }
}

/// The word with its particle: `attach("물", Particle::By)` is `물로`. Knows 내가, 네가, 제가, 누가.
pub fn attach(word: &str, particle: Particle) -> String {
    if particle == Particle::Subject {
        match word {
            "나" => return "내가".into(),
            "너" => return "네가".into(),
            "저" => return "제가".into(),
            "누구" => return "누가".into(),
            _ => {}
        }
    }
    let mut out = String::with_capacity(word.len() + 6);
    out.push_str(word);
    out.push_str(particle.form_after(final_sound(word)));
    out
}

/// How `word` ends when read aloud. Closing quotes and brackets are skipped. Numbers are read in Sino-Korean
/// (`10` is 십). Latin capitals are read letter by letter (`TV` is 티브이); other Latin words go by a rule of
/// thumb for loanwords (`app` 앱, `internet` 인터넷, `test` 테스트). A word without letters counts as open.
pub fn final_sound(word: &str) -> FinalSound {
    let word = word.trim_end_matches(|character: char| !character.is_alphanumeric());
    let Some(last) = word.chars().next_back() else { return FinalSound::Vowel };
    if let Some(syllable) = Syllable::of(last) {
        return match syllable.coda {
            coda::NONE => FinalSound::Vowel,
            coda::RIEUL => FinalSound::Rieul,
            _ => FinalSound::Consonant,
        };
    }
    if last.is_ascii_digit() {
        return number_sound(word, last);
    }
    if last.is_ascii_alphabetic() {
        return latin_sound(word, last);
    }
    FinalSound::Vowel
}

fn number_sound(word: &str, last: char) -> FinalSound {
    match last {
        '0' => {
            let zeros = word.chars().rev().filter(|c| *c != ',').take_while(|c| *c == '0').count();
            // 조 is the one power of ten within reach that ends in a vowel (영, 십, 백, 천, 만, 억 do not).
            if (12..16).contains(&zeros) { FinalSound::Vowel } else { FinalSound::Consonant }
        }
        '1' | '7' | '8' => FinalSound::Rieul,
        '3' | '6' => FinalSound::Consonant,
        _ => FinalSound::Vowel,
    }
}

fn latin_sound(word: &str, last: char) -> FinalSound {
    let before = word.chars().rev().nth(1).unwrap_or(' ').to_ascii_lowercase();
    let after_vowel = matches!(before, 'a' | 'e' | 'i' | 'o' | 'u');
    match last {
        'L' | 'l' => FinalSound::Rieul,
        'M' | 'N' | 'm' | 'n' => FinalSound::Consonant,
        'g' if before == 'n' => FinalSound::Consonant,
        'b' | 'c' | 'k' | 'p' | 't' if after_vowel || before == last || (last, before) == ('k', 'c') => {
            FinalSound::Consonant
        }
        _ => FinalSound::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// word, then its forms with 은/는, 이/가, 을/를, 과/와, 으로/로, 이나/나, 이랑/랑, 아/야
    const TABLE: &[(&str, [&str; 8])] = &[
        ("사과", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("책", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("물", ["은", "이", "을", "과", "로", "이나", "이랑", "아"]),
        ("닭", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("여덟", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("민준", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("수아", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("한별", ["은", "이", "을", "과", "로", "이나", "이랑", "아"]),
        ("‘별’", ["은", "이", "을", "과", "로", "이나", "이랑", "아"]),
        ("10", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("7", ["은", "이", "을", "과", "로", "이나", "이랑", "아"]),
        ("2026", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("5", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("1,000", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("TV", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("URL", ["은", "이", "을", "과", "로", "이나", "이랑", "아"]),
        ("app", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("internet", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
        ("test", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("blog", ["는", "가", "를", "와", "로", "나", "랑", "야"]),
        ("training", ["은", "이", "을", "과", "으로", "이나", "이랑", "아"]),
    ];

    #[test]
    fn particles_follow_the_final_sound() {
        for (word, forms) in TABLE {
            for (particle, form) in Particle::ALL.into_iter().zip(forms) {
                assert_eq!(attach(word, particle), format!("{word}{form}"), "{word} with {particle:?}");
            }
        }
    }

    #[test]
    fn pronouns_have_their_own_subject_forms() {
        for (word, expected) in
            [("나", "내가"), ("너", "네가"), ("저", "제가"), ("누구", "누가"), ("우리", "우리가")]
        {
            assert_eq!(attach(word, Particle::Subject), expected);
        }
    }
}
