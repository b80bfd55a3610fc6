//! What every reader of the corpus may rely on.
//!
//! The golden documents are rewritten with `UPDATE_GOLDEN=1 cargo test -p corpus --test documents`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use corpus::grammar::{
    Class, Ending, FinalSound, Level, Mood, Particle, final_sound, honorifics, levels::finish,
};
use corpus::lexicon::{names, nouns, predicates};
use corpus::stories::{self, Plot};
use corpus::{Content, Document, Genre, HELD_OUT_EVERY, Role, Split, document};

const COUNT: u64 = 20_000;

static DOCUMENTS: LazyLock<Vec<Document>> =
    LazyLock::new(|| (0..COUNT).map(|index| document(1, index)).collect());

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[test]
fn the_first_documents_are_the_golden_ones() {
    let mut written = String::new();
    for index in 0..4 {
        let document = document(1, index);
        written +=
            &format!("{} {:?} {}\n{}\n\n", document.id, document.split, document.plot, document.plain_text());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/first_documents.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        written, golden,
        "the generator writes other text; if that is meant, set UPDATE_GOLDEN=1 and look at the difference"
    );
}

#[test]
fn a_document_depends_on_its_seed_and_index_alone() {
    let backwards: Vec<_> = (0..50).rev().map(|index| document(9, index)).collect();
    for (document, forwards) in backwards.into_iter().rev().zip(corpus::documents(9)) {
        assert_eq!(document, forwards);
    }
    assert_ne!(document(9, 0).content, document(10, 0).content);
}

#[test]
fn nobody_of_a_held_out_document_is_in_a_training_one() {
    let sorts = [&names::CHILDREN, &names::ANIMAL_NAMES, &names::OLD_NAMES];
    let of = |split| -> HashSet<&str> {
        sorts.iter().flat_map(|names| names.of(split)).map(String::as_str).collect()
    };
    let (held_out, training) = (of(Split::HeldOut), of(Split::Training));
    assert!(held_out.is_disjoint(&training));
    for name in training.iter().chain(&held_out) {
        assert!(nouns::all().all(|noun| noun.word != *name), "{name} is a noun too");
        assert!(!names::ANIMALS.contains(name));
    }
    let mut met: HashSet<&str> = HashSet::new();
    for document in DOCUMENTS.iter() {
        let forbidden = if document.split == Split::Training { &held_out } else { &training };
        let text = document.plain_text();
        for word in words(&text) {
            // Particles that only somebody's name takes: 은성이에게, 주하에게, 은성이는.
            for particle in ["이에게", "에게", "이는", "이가", "이를", "이와"] {
                let Some(name) = word.strip_suffix(particle) else { continue };
                // 선이가 (선 이가) and the like: a name that is a whole word with 이.
                if training.contains(format!("{name}이").as_str())
                    || held_out.contains(format!("{name}이").as_str())
                {
                    continue;
                }
                assert!(!forbidden.contains(name), "{}: {word} in {text}", document.id);
                met.extend(training.get(name).or(held_out.get(name)).copied());
            }
        }
    }
    assert!(met.len() > 1_000, "only {} names", met.len());
}

#[test]
fn held_out_stories_have_plots_that_no_training_story_has() {
    let plots: HashMap<String, Plot> = stories::plots().map(|plot| (plot.name(), plot)).collect();
    assert_eq!(plots.len(), stories::plots().count(), "two plots have one name");
    let kept = plots.values().filter(|plot| plot.held_out()).count();
    assert!(plots.len() >= 200 && kept >= 40, "{} plots, {kept} held out", plots.len());
    let mut told = HashSet::new();
    for document in DOCUMENTS.iter().filter(|document| matches!(document.content, Content::Text(_))) {
        assert_eq!(plots[&document.plot].held_out(), document.split == Split::HeldOut, "{}", document.id);
        told.insert(document.plot.as_str());
    }
    let more: Vec<Document> =
        (0..2_000).map(|number| document(1, number * HELD_OUT_EVERY + HELD_OUT_EVERY - 1)).collect();
    told.extend(more.iter().map(|document| document.plot.as_str()));
    for name in plots.keys() {
        assert!(told.contains(name.as_str()), "nobody tells {name}");
    }
    // What a held-out plot is made of is known from training: every trouble, every way out.
    for plot in plots.values().filter(|plot| plot.held_out()) {
        let name = plot.name();
        let parts: Vec<&str> = name.split('/').collect();
        let met = |part: usize| {
            plots
                .values()
                .any(|other| !other.held_out() && other.name().split('/').nth(part) == Some(parts[part]))
        };
        assert!(met(1) && met(2), "{name}");
    }
}

#[test]
fn particles_agree_with_the_nouns_before_them() {
    let known: HashSet<&str> = nouns::all()
        .map(|noun| noun.word)
        .chain(names::CHILDREN.all().chain(names::ANIMAL_NAMES.all()))
        .chain(names::ANIMALS.iter().copied())
        .filter(|word| !word.contains(' '))
        .collect();
    // (after a consonant, after a vowel); 이나/나 and 아/야 are ambiguous with other words and are left out
    let pairs = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"), ("이랑", "랑")];
    let mut seen = 0;
    for document in &DOCUMENTS[..500] {
        // The exchange about particles quotes wrong ones on purpose.
        if document.plot == "request/particle" {
            continue;
        }
        for word in words(&document.plain_text()) {
            for (closed, open) in pairs {
                for (form, is_closed) in [(closed, true), (open, false)] {
                    let Some(noun) = word.strip_suffix(form).filter(|noun| known.contains(noun)) else {
                        continue;
                    };
                    let sound = final_sound(noun);
                    let expected =
                        !matches!((closed, sound), ("으로", FinalSound::Rieul) | (_, FinalSound::Vowel));
                    // 민준 + 이 + 가: the name itself ends in 이 here, so 이 is no particle.
                    let name_suffix = form == "이" && names::CHILDREN.all().any(|name| name == noun);
                    assert!(name_suffix || is_closed == expected, "{word} in {}", document.id);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5_000, "only {seen} pairs of noun and particle");
}

#[test]
fn about_one_document_in_five_is_a_chat() {
    let chats = DOCUMENTS.iter().filter(|document| matches!(document.content, Content::Chat(_))).count();
    let share = 100.0 * chats as f64 / COUNT as f64;
    assert!((18.0..22.0).contains(&share), "{share} %");
    for genre in Genre::ALL {
        for split in [Split::Training, Split::HeldOut] {
            assert!(
                DOCUMENTS.iter().any(|document| document.genre == genre && document.split == split),
                "no {genre:?} in {split:?}"
            );
        }
    }
    for document in DOCUMENTS.iter() {
        let Content::Chat(messages) = &document.content else { continue };
        let spoken = messages.iter().filter(|message| message.role != Role::System);
        for (turn, message) in spoken.enumerate() {
            assert_eq!(message.role, if turn % 2 == 0 { Role::User } else { Role::Assistant });
            assert!(!message.content.is_empty());
        }
        assert_eq!(messages.last().unwrap().role, Role::Assistant);
    }
}

#[test]
fn the_assistant_keeps_one_polite_level() {
    for document in DOCUMENTS.iter().filter(|document| document.genre == Genre::Reading) {
        let Content::Chat(messages) = &document.content else { continue };
        let answers: Vec<_> = messages.iter().filter(|message| message.role == Role::Assistant).collect();
        let formal = answers.iter().filter(|answer| answer.content.ends_with("니다.")).count();
        assert!(formal == 0 || formal == answers.len(), "{}", document.plain_text());
        assert!(
            formal > 0 || answers.iter().all(|answer| answer.content.ends_with("요.")),
            "{}",
            document.plain_text()
        );
    }
}

#[test]
fn sentences_are_seldom_repeated_word_for_word() {
    let mut seen = HashSet::new();
    let (mut sentences, mut repeated) = (0u32, 0u32);
    for document in DOCUMENTS.iter() {
        for sentence in document.plain_text().split_inclusive(['.', '?', '!', '\n']) {
            let sentence = sentence.trim_matches([' ', '\n', '“', '”']).to_owned();
            if sentence.chars().count() > 2 {
                sentences += 1;
                repeated += u32::from(!seen.insert(sentence));
            }
        }
    }
    let share = 100.0 * f64::from(repeated) / f64::from(sentences);
    assert!(share < 3.0, "{share:.1} % of {sentences} sentences repeat an earlier one");
    let texts: HashSet<String> = DOCUMENTS
        .iter()
        .filter(|d| matches!(d.content, Content::Text(_)))
        .map(Document::plain_text)
        .collect();
    let stories = DOCUMENTS.iter().filter(|d| matches!(d.content, Content::Text(_))).count();
    assert_eq!(texts.len(), stories, "two stories are the same");
}

#[test]
fn stories_have_the_length_of_stories_and_text_is_clean() {
    for document in DOCUMENTS.iter() {
        let text = document.plain_text();
        if matches!(document.content, Content::Text(_)) {
            assert!((500..=2_500).contains(&text.len()), "{} has {} bytes", document.id, text.len());
            assert!(text.lines().count() >= 3, "{} is one block", document.id);
        }
        for wrong in [
            "  ", " .", " ,", " ?", " !", " \n", "\n\n", "..", "⟦", "⟧", "{", "}", "[", "]", "<", ">", "|",
            "$", "@", "/",
        ] {
            assert!(!text.contains(wrong), "{wrong:?} in {}: {text}", document.id);
        }
        let mut open = false;
        for character in text.chars() {
            match character {
                '“' | '”' => {
                    assert_eq!(open, character == '”', "quotation marks in {}: {text}", document.id);
                    open = !open;
                }
                // Precomposed syllables, plain punctuation and the one letter ㄹ are NFC as they stand.
                '가'..='힣' | ' '..='~' | '\n' | '‘' | '’' | '…' | 'ㄹ' => {}
                other => panic!("{other:?} in {}", document.id),
            }
        }
        assert!(!open, "an open quotation in {}", document.id);
    }
}

#[test]
fn every_word_of_the_lexicon_is_used() {
    // Each pair of neighbouring words once: far less to search than the text, and phrases of two words stay whole.
    let mut pairs = HashSet::new();
    for document in DOCUMENTS.iter() {
        for line in document.plain_text().lines() {
            let words: Vec<&str> = words(line).collect();
            pairs.extend(words.iter().map(|word| (*word).to_owned()));
            pairs.extend(
                words
                    .windows(2)
                    .filter(|pair| {
                        pair[1].starts_with([
                            '있', '주', '줬', '줘', '보', '가', '오', '내', '퍼', '다', '왔', '갔', '봤',
                            '봐', '냈', '줄', '준',
                        ])
                    })
                    .map(|pair| pair.join(" ")),
            );
        }
    }
    let text: String = pairs.into_iter().map(|pair| pair + "\n").collect();
    let nouns = nouns::all().map(|noun| noun.word);
    let people = [names::ANIMALS, names::ANIMAL_ELDERS, names::FAMILY, names::NEIGHBOURS]
        .into_iter()
        .flatten()
        .copied();
    let mut unused = Vec::new();
    for word in nouns.chain(people) {
        let last = word.split(' ').next_back().unwrap();
        if !text.contains(last) {
            unused.push(word);
        }
    }
    let mut forms = HashMap::new();
    for word in predicates() {
        assert!(
            forms.insert(word.dictionary_form, word.kind).is_none(),
            "{} is there twice",
            word.dictionary_form
        );
        let plain = word.predicate();
        let honored = honorifics::honorific(word.dictionary_form, &plain);
        let stems = [plain.clone(), plain.past(), honored.past(), honored];
        let used = stems.iter().any(|stem| {
            Ending::all().any(|ending| text.contains(&stem.with(ending)))
                || [Mood::Statement, Mood::Command]
                    .iter()
                    .any(|mood| text.contains(&finish(stem, Level::Polite, *mood)))
        });
        if !used {
            unused.push(word.dictionary_form);
        }
    }
    assert!(unused.is_empty(), "nobody uses {unused:?}");
    let lemmas = nouns::all().map(|noun| noun.word).collect::<HashSet<_>>().len() + forms.len();
    assert!(lemmas >= 300, "{lemmas} lemmas");
}

#[test]
fn words_that_look_irregular_are_so_unless_listed() {
    let regular = [
        "입다",
        "웃다",
        "털어놓다",
        "놓다",
        "넣다",
        "얻다",
        "받다",
        "잡다",
        "따르다",
        "들르다",
        "뵙다",
        "닿다",
        "돋다",
        "벗다",
        "올려놓다",
        "좋다",
        "좁다",
        "집다",
        "닫다",
        "찧다",
        "내놓다",
        "내려놓다",
    ];
    for word in predicates() {
        let stem = word.dictionary_form.trim_end_matches('다');
        let last = corpus::hangul::last_syllable(stem).unwrap();
        let looks_irregular = stem.ends_with('르') || [7, 17, 19, 27].contains(&last.coda);
        let is_regular = word.class == Class::Regular;
        assert_eq!(
            looks_irregular && is_regular,
            regular.contains(&word.dictionary_form),
            "{}",
            word.dictionary_form
        );
        assert_eq!(stem.ends_with('하'), word.class == Class::Yeo, "{}", word.dictionary_form);
    }
}

#[test]
fn verbs_name_their_objects_by_class_and_every_class_has_words() {
    for word in predicates() {
        for class in word.objects {
            assert!(!nouns::of(*class).is_empty(), "{} takes nothing", word.dictionary_form);
        }
    }
    assert!(predicates().count() >= 120);
    assert_eq!(Particle::ALL.len(), 9);
}
