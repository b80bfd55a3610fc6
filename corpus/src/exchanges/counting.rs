//! Everyday arithmetic with native numerals and counters.

use super::{Turns, render};
use crate::Genre;
use crate::grammar::Level;
use crate::lexicon::nouns::{self, BELONGINGS, CLOTHES, DISHES, FOODS, FRUITS, READINGS};
use crate::scene::Scene;

pub(super) fn write(s: &mut Scene, reply: Level) -> (Genre, &'static str, Turns) {
    s.plain = true;
    s.child("a");
    s.child("b");
    let list = s.choose(&[FRUITS, FOODS, DISHES, BELONGINGS, READINGS, CLOTHES]);
    let thing = s.pick("thing", list);
    s.text("c", nouns::counter(thing));
    let (n, m) = (2 + s.below(18), 1 + s.below(9));
    s.numeral("n", n);
    s.numeral("m", m);
    s.numeral("sum", n + m);
    s.numeral("difference", n.abs_diff(m));
    let (kind, first) = match s.below(5) {
        0 => (
            "counting/sum",
            (
                "{a:은} {thing:을} {n} {c}, {b:은} {m} {c} <가지고 있다/.지>. [모두|둘이 합쳐서|합하면 모두] 몇 {c:?}?",
                "{n} {c:에} {m} {c:을} <더하다/으면> 모두 {sum} {c:.지}.",
            ),
        ),
        1 => (
            "counting/got",
            (
                "{a:은} {thing:이} {n} {c} <있다/었는데> {b:에게} {m} {c:을} 더 <받다/.>. 이제 {a:이} 가진 {thing:은} 몇 {c:?}?",
                "{a:은} {thing:이} {n} {c} <있다/었고> {m} {c:을} 더 <받다/었으니까> 이제 {sum} {c:.지}.",
            ),
        ),
        2 => {
            s.numeral("n", n + m);
            s.numeral("difference", n);
            (
                "counting/left",
                (
                    "{thing} {n} {c} 가운데 {a:이} {b:에게} {m} {c:을} <주다/.>. {a:에게} 남은 것은 몇 {c:?}?",
                    "{n} {c:에서} {m} {c:을} <빼다/으면> {difference} {c:이} <남다/.지>.",
                ),
            )
        }
        3 => {
            let each = 2 + s.below(5);
            s.numeral("n", 2 * each);
            s.numeral("each", each);
            (
                "counting/share",
                (
                    "{thing} {n} {c:을} {a:과} {b:이} 똑같이 <나누다/으면> {a:은} 몇 {c:을} <가지다/?>?",
                    "{n} {c:을} 둘이 똑같이 <나누다/으면> 한 사람이 {each} {c}씩 <가지다/.지>.",
                ),
            )
        }
        _ if n == m => (
            "counting/more",
            (
                "{a:은} {thing:을} {n} {c}, {b:은} {m} {c} <모으다/.>. {a:과} {b} 가운데 누가 더 많이 <모으다/?었>?",
                "두 사람 모두 {n} {c:을} <모으다/었으니까> 누가 더 많다고 할 수 <없다/.지>.",
            ),
        ),
        _ => {
            let more = if n > m { "a" } else { "b" };
            let name = s.word(more);
            s.text("more", name);
            (
                "counting/more",
                (
                    "{a:은} {thing:을} {n} {c}, {b:은} {m} {c} <모으다/.>. {a:과} {b} 가운데 누가 몇 {c} 더 많이 <모으다/?었>?",
                    "{more:이} {difference} {c} 더 많이 <모으다/.>.",
                ),
            )
        }
    };
    let mut turns = vec![(render(s, reply, first.0), render(s, reply, first.1))];
    if kind == "counting/sum" && s.chance(50) {
        let eaten = 1 + s.below(n + m - 1);
        s.numeral("eaten", eaten);
        s.numeral("rest", n + m - eaten);
        turns.push((
            render(
                s,
                reply,
                "그중에서 {eaten} {c:을} [친구에게 주면|동생에게 주면|{b:이} 잃어버리면] 몇 {c:이} <남다/?>?",
            ),
            render(s, reply, "{sum} {c:에서} {eaten} {c:을} <빼다/으면> {rest} {c:이} <남다/.지>."),
        ));
    }
    (Genre::Counting, kind, turns)
}
