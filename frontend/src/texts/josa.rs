//! Words put into a sentence, with the particle that follows their last sound.

/// Replaces `{name}` by its value and `{name:이/가}` by its value with the particle that fits it:
/// the first after a final consonant, the second after a vowel. `으로/로` counts ㄹ as a vowel.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((placeholder, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let (name, particles) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        match values.iter().find(|(other, _)| *other == name) {
            Some((_, value)) => {
                filled.push_str(value);
                filled.push_str(particle(value, particles));
            }
            None => {
                filled.push('{');
                filled.push_str(placeholder);
                filled.push('}');
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn particle<'a>(word: &str, particles: &'a str) -> &'a str {
    let Some((after_consonant, after_vowel)) = particles.split_once('/') else { return particles };
    match final_consonant(word) {
        Final::None => after_vowel,
        Final::Rieul if after_consonant == "으로" => after_vowel,
        Final::Rieul | Final::Other => after_consonant,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Final {
    None,
    Rieul,
    Other,
}

/// Of the last sound as it is read aloud; brackets and quotes are silent.
fn final_consonant(word: &str) -> Final {
    const FIRST: u32 = '가' as u32;
    const LAST: u32 = '힣' as u32;
    const FINALS: u32 = 28;
    const RIEUL: u32 = 8;
    let Some(last) = word.chars().rev().find(|character| character.is_alphanumeric()) else {
        return Final::None;
    };
    match last {
        '가'..='힣' => match (last as u32).clamp(FIRST, LAST).wrapping_sub(FIRST) % FINALS {
            0 => Final::None,
            RIEUL => Final::Rieul,
            _ => Final::Other,
        },
        // 영 일 이 삼 사 오 육 칠 팔 구; in names of runs these end most words.
        '1' | '7' | '8' => Final::Rieul,
        '0' | '3' | '6' => Final::Other,
        // Names of letters (엘, 알, 엠, 엔), and how English words usually end in Korean.
        'l' | 'L' | 'R' => Final::Rieul,
        'm' | 'M' | 'n' | 'N' | 'b' | 'c' | 'g' | 'k' | 'p' | 't' => Final::Other,
        _ => Final::None,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::fill;

    #[wasm_bindgen_test]
    fn a_particle_follows_the_last_sound_of_its_word() {
        for (value, subject, direction) in [
            ("수진", "수진이", "수진으로"),
            ("민호", "민호가", "민호로"),
            ("서울", "서울이", "서울로"),
            ("작업 3", "작업 3이", "작업 3으로"),
            ("작업 1", "작업 1이", "작업 1로"),
            ("작업 2", "작업 2가", "작업 2로"),
            ("「이야기」", "「이야기」가", "「이야기」로"),
            ("", "가", "로"),
        ] {
            assert_eq!(fill("{name:이/가}", &[("name", value)]), subject);
            assert_eq!(fill("{name:으로/로}", &[("name", value)]), direction);
        }
    }

    #[wasm_bindgen_test]
    fn what_has_no_value_stays_readable() {
        assert_eq!(fill("{a} and {b", &[("c", "x")]), "{a} and {b");
        assert_eq!(fill("{a}{a}", &[("a", "{a}")]), "{a}{a}");
    }
}
