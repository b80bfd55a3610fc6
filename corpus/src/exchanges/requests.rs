//! Small requests about stories, words and politeness.

use super::{Turns, render};
use crate::Genre;
use crate::grammar::levels::{Mood, finish};
use crate::grammar::{Ending, FinalSound, Level, attach, final_sound, honorifics};
use crate::lexicon;
use crate::lexicon::adjectives::{ADJECTIVES, COLOURS};
use crate::lexicon::names::FAMILY;
use crate::lexicon::nouns::{self, OUTDOORS, TOWN};
use crate::lexicon::verbs::VERBS;
use crate::scene::Scene;
use crate::stories;

/// (word, opposite, what each is said of)
const OPPOSITES: &[(&str, &str, &str, &str)] = &[
    ("크다", "작다", "코끼리는", "개미는"),
    ("많다", "적다", "여름에는 비가", "겨울에는 비가"),
    ("높다", "낮다", "산은", "언덕은"),
    ("넓다", "좁다", "운동장은", "골목길은"),
    ("밝다", "어둡다", "낮은", "밤은"),
    ("멀다", "가깝다", "바다는 집에서", "학교는 집에서"),
    ("빠르다", "느리다", "토끼는", "거북은"),
    ("무겁다", "가볍다", "바위는", "깃털은"),
    ("어렵다", "쉽다", "새 놀이는", "늘 하던 놀이는"),
    ("춥다", "덥다", "겨울은", "여름은"),
    ("뜨겁다", "차갑다", "끓는 물은", "얼음은"),
    ("좋다", "싫다", "맑은 날은", "천둥 치는 날은"),
    ("기쁘다", "슬프다", "친구를 만나면", "친구와 헤어지면"),
    ("부지런하다", "게으르다", "개미는", "늦잠꾸러기는"),
    ("하얗다", "까맣다", "눈은", "밤하늘은"),
];

/// (plain complement, plain verb, honorific complement)
const HONOURED: &[(&str, &str, &str)] = &[
    ("밥을", "먹다", "진지를"),
    ("방에서", "자다", "방에서"),
    ("집에", "있다", "댁에"),
    ("책을", "읽다", "책을"),
    ("조용히", "말하다", "조용히"),
    ("차를", "마시다", "차를"),
    ("시장에", "가다", "시장에"),
    ("음악을", "듣다", "음악을"),
    ("이웃을", "돕다", "이웃을"),
    ("편지를", "쓰다", "편지를"),
    ("노래를", "부르다", "노래를"),
    ("공원을", "걷다", "공원을"),
    ("꽃을", "심다", "꽃을"),
    ("고구마를", "굽다", "고구마를"),
    ("연을", "만들다", "연을"),
    ("약을", "짓다", "약을"),
];

pub(super) fn write(s: &mut Scene, reply: Level) -> (Genre, &'static str, Turns) {
    let (kind, turn) = match s.below(8) {
        0 | 1 => ("request/story", story(s, reply)),
        2 => ("request/continue", continuation(s, reply)),
        3 => ("request/sentence", sentence(s, reply)),
        4 => ("request/honorific", honorific(s, reply)),
        5 => ("request/opposite", opposite(s, reply)),
        6 => ("request/past", past(s, reply)),
        _ => ("request/particle", particle(s, reply)),
    };
    (Genre::Request, kind, vec![turn])
}

/// What the user says to end a request, at the user's level.
fn please(s: &mut Scene) -> &'static str {
    match s.asking {
        Level::Polite => "주세요",
        Level::Formal => "주십시오",
        _ => "줘",
    }
}

fn story(s: &mut Scene, reply: Level) -> (String, String) {
    s.narration = reply;
    stories::write(s);
    let text = s.take();
    let please = please(s);
    s.text("please", please);
    let ask = s.line(
        "[{hero:이} 나오는|{hero:이} 주인공인|{hero:이라는} 이름이 나오는] [짧은|재미있는|따뜻한|] 이야기[ 하나|를|를 하나] [들려|해|지어] {please}.",
    );
    (ask, text)
}

fn continuation(s: &mut Scene, reply: Level) -> (String, String) {
    s.narration = reply;
    stories::write(s);
    let text = s.take();
    let please = please(s);
    s.text("please", please);
    let ask = s.line("{hero:과} {friend:의} [이어지는|다음|뒤] 이야기를 [써|지어] {please}.");
    match text.split_once('\n') {
        Some((beginning, rest)) => (format!("{beginning}\n{ask}"), rest.to_owned()),
        None => (ask, text),
    }
}

fn sentence(s: &mut Scene, reply: Level) -> (String, String) {
    let with_objects = VERBS.iter().filter(|verb| !verb.objects.is_empty()).count();
    let chosen = s.below(with_objects);
    let Some(verb) = VERBS.iter().filter(|verb| !verb.objects.is_empty()).nth(chosen) else {
        return story(s, reply);
    };
    let class = s.choose(verb.objects);
    s.pick("noun", nouns::of(class));
    s.child("who");
    s.child("friend");
    s.pick("town", TOWN);
    s.pick("day", &["어제", "오늘", "지난 주말에", "아침에", "저녁에", "방학에"]);
    s.text("verb", verb.dictionary_form);
    let please = please(s);
    s.text("please", please);
    let ask = s.line(
        "‘{noun}’, ‘{verb}’ [두 낱말로|두 낱말을 넣어서] [문장을|짧은 글을] [하나|] [만들어|지어] {please}.",
    );
    let template = format!(
        "({{who:은}}&{{day}}&{{town:에서}}) [{{friend:과}} [함께|같이]|] {{noun:을}} <{}/.>.",
        verb.dictionary_form
    );
    (ask, render(s, reply, &template))
}

fn honorific(s: &mut Scene, reply: Level) -> (String, String) {
    let (plain, verb, honored) = s.choose(HONOURED);
    let elder = s.fresh(FAMILY);
    let Some(word) = lexicon::word(verb) else { return story(s, reply) };
    let predicate = word.predicate();
    let past = s.chance(50);
    let subject = attach(elder, crate::grammar::Particle::Subject);
    let said = if past { predicate.past().with(Ending::Plain) } else { predicate.with(Ending::Plain) };
    let raised = honorifics::honorific(verb, &predicate);
    let raised = if past { raised.past() } else { raised };
    let answer = format!("{elder}께서 {honored} {}.", finish(&raised, reply, Mood::Statement));
    let please = please(s);
    s.text("please", please);
    s.text("sentence", format!("‘{subject} {plain} {said}.’"));
    let ask = s.line("{sentence} [이 문장을|이 말을] [높임말로|높임 표현으로] [바꿔|고쳐] {please}.");
    (ask, answer)
}

fn opposite(s: &mut Scene, reply: Level) -> (String, String) {
    let (left, right, left_subject, right_subject) = s.choose(OPPOSITES);
    let swap = s.chance(50);
    let (word, other) = if swap { (right, left) } else { (left, right) };
    let (subject, other_subject) =
        if swap { (right_subject, left_subject) } else { (left_subject, right_subject) };
    s.text("word", format!("‘{word}’"));
    s.text("other", format!("‘{other}’"));
    let please = please(s);
    s.text("please", please);
    let ask = s.line("{word:의} 반대말[은 {=무엇:?}?|을 알려 {please}.|이 {=뭐:?}?]");
    let template = format!(
        "{{word:의}} 반대말은 {{other:.지}}. [예를 들면, |]{subject} <{word}/고> {other_subject} <{other}/.지>."
    );
    (ask, render(s, reply, &template))
}

fn past(s: &mut Scene, reply: Level) -> (String, String) {
    let all = VERBS.len() + ADJECTIVES.len();
    let chosen = s.below(all);
    let word = VERBS.iter().chain(ADJECTIVES).nth(chosen).unwrap_or(&VERBS[0]);
    let please = please(s);
    s.text("please", please);
    s.text("word", format!("‘{}’", word.dictionary_form));
    s.pick("color", COLOURS);
    s.pick("place", OUTDOORS);
    let ask = s.line("[낱말|] {word:을} [지난 일로|과거형으로] [바꿔|말해] {please}.");
    let form = finish(&word.predicate().past(), Level::Polite, Mood::Statement);
    s.text("form", format!("‘{form}’"));
    (ask, render(s, reply, "{word:을} 지난 일로 <말하다/으면> {form:.지}."))
}

fn particle(s: &mut Scene, reply: Level) -> (String, String) {
    let all = nouns::all().count();
    let chosen = s.below(all);
    let noun = nouns::all().nth(chosen).map_or("책", |noun| noun.word);
    let particles = crate::grammar::Particle::ALL;
    let particle = particles[s.below(5)];
    let (closed, open) = particle.forms();
    s.text("noun", format!("‘{noun}’"));
    s.text("closed", format!("‘{closed}’"));
    s.text("open", format!("‘{open}’"));
    s.text("right", format!("‘{}’", attach(noun, particle)));
    let ask = s.line("{noun} 뒤에는 {closed:과} {open} 가운데 무엇이 <오다/?>?");
    let why = match final_sound(noun) {
        FinalSound::Vowel => "{noun:은} 받침이 <없다/으니까>",
        FinalSound::Rieul if particle == crate::grammar::Particle::By => {
            "{noun:은} ㄹ 받침으로 <끝나다/으니까>"
        }
        _ => "{noun:은} 받침으로 <끝나다/으니까>",
    };
    let answer = render(s, reply, &format!("{why} {{right:이라고}} <쓰다/.지>."));
    (ask, answer)
}
