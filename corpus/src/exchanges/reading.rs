//! A short passage, questions about it, and answers that only the passage gives.

use super::{Turns, render};
use crate::Genre;
use crate::grammar::Level;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::{FAMILY, NEIGHBOURS};
use crate::lexicon::nouns::{
    BELONGINGS, DISHES, DRINKS, FOODS, FRUITS, GAMES, HANDMADE, INSTRUMENTS, NOOKS, OUTDOORS, PLANTS,
    READINGS, TOWN, VEHICLES, WILD_NOOKS,
};
use crate::scene::Scene;

struct Passage {
    kind: &'static str,
    cast: fn(&mut Scene),
    text: &'static str,
    /// (question, answer)
    questions: &'static [(&'static str, &'static str)],
}

const DAYS: &[&str] = &["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"];
const HOURS: &[&str] = &["아침", "점심", "저녁", "오전", "오후", "새벽"];

/// (because, what happened as the beginning of a sentence without its last verb)
const REASONS: &[&str] = &[
    "늦잠을 자서",
    "버스를 놓쳐서",
    "길을 잘못 들어서",
    "동생을 돌보느라고",
    "신발 끈이 끊어져서",
    "할머니 심부름을 하느라고",
    "비가 많이 와서",
    "숙제를 찾느라고",
    "다친 새를 도와주느라고",
    "자전거가 고장 나서",
    "배가 아파서",
    "열쇠를 찾느라고",
];

pub(super) fn write(s: &mut Scene, reply: Level) -> (Genre, &'static str, Turns) {
    let passage = &PASSAGES[s.below(PASSAGES.len())];
    s.plain = true;
    (passage.cast)(s);
    let text = s.line(passage.text);
    let wanted = 1 + s.below(3).min(passage.questions.len() - 1);
    let mut order: Vec<usize> = (0..passage.questions.len()).collect();
    for at in (1..order.len()).rev() {
        let other = s.below(at + 1);
        order.swap(at, other);
    }
    let lead = s.choose(&[
        "",
        "",
        "{a:과} {b:이} 나오는 [다음|아래|이] [글을|이야기를] [읽고|잘 읽고|끝까지 읽고] [대답해|답해|물음에 답해] [주세요|주시겠어요].",
        "{a:과} {b:의} [글을|이야기를] [잘|천천히|꼼꼼히|끝까지] [읽어 봐|보고 대답해 줘|읽고 답해 줘].",
        "[이|다음|아래] [글에|이야기에] 나오는 {a:과} {b:에} 대해 [물어볼게|몇 가지 물어볼게|물어봐도 될까].",
    ]);
    let lead = s.line(lead);
    let lead = if lead.is_empty() { lead } else { lead + "\n" };
    let mut turns = Turns::new();
    for (turn, question) in order.into_iter().take(wanted).enumerate() {
        let (ask, answer) = passage.questions[question];
        let asked = render(s, reply, ask);
        let answered = render(s, reply, answer);
        let asked = if turn == 0 { format!("{lead}{text}\n{asked}") } else { asked };
        turns.push((asked, answered));
    }
    (Genre::Reading, passage.kind, turns)
}

fn children(s: &mut Scene) {
    s.child("a");
    s.child("b");
    s.pick("day", DAYS);
    s.pick("hour", HOURS);
    s.pick("town", TOWN);
    s.pick("town2", TOWN);
    s.pick("color", COLOURS);
    let hue = s.word("color");
    let hue = if hue.ends_with(['색', '빛']) { hue } else { hue + "색" };
    s.text("hue", hue);
    s.pick("color2", COLOURS);
    s.pick("item", BELONGINGS);
    s.pick("item2", BELONGINGS);
    s.pick("fruit", FRUITS);
    let foods = if s.chance(50) { FOODS } else { DISHES };
    s.pick("food", foods);
    s.elder("elder", FAMILY);
    s.elder("neighbour", NEIGHBOURS);
    s.pick("place", OUTDOORS);
    s.pick("nook", NOOKS);
    s.pick("reason", REASONS);
    s.pick("vehicle", &["자전거", "버스", "기차", "지하철", "택시"]);
    s.pick("play", &["그네", "시소", "썰매"]);
    s.pick("book", READINGS);
    s.pick("made", HANDMADE);
    s.pick("game", GAMES);
    s.pick("drink", DRINKS);
    s.pick("plant", PLANTS);
    s.pick("music", INSTRUMENTS);
    let _ = VEHICLES;
}

fn animals(s: &mut Scene) {
    s.animal("a");
    s.animal("b");
    s.animal("c");
    s.pick("place", OUTDOORS);
    s.pick("goal", OUTDOORS);
    s.pick("nook", WILD_NOOKS);
    s.pick("fruit", FRUITS);
    s.pick("food", FOODS);
    s.pick("color", COLOURS);
    s.pick("item", BELONGINGS);
    s.pick("day", DAYS);
    let n = 2 + s.below(8);
    s.numeral("n", n);
}

const PASSAGES: &[Passage] = &[
    Passage {
        kind: "reading/shopping",
        cast: children,
        text: "{day} {hour}, {a:은} {town:에} <가다/어서> {color} {item:을} <사다/.>. [같은 날|그날] {b:은} {town2:에} <들르다/어서> {color2} {item2:을} <사다/.>. [둘은|두 아이는] {place:에서} <만나다/어> 서로 <사다/은> 것을 <보여 주다/.>.",
        questions: &[
            ("{a:은} 어디에서 {item:을} <사다/?었>?", "{a:은} {town:에서} {item:을} <사다/.>."),
            ("{b:은} 무엇을 <사다/?었>?", "{b:은} {color2} {item2:을} <사다/.>."),
            ("{color} {item:을} <사다/은> 사람은 {=누구:?}?", "{color} {item:을} <사다/은> 사람은 {a:.지}."),
            ("{a:과} {b:은} 어디에서 <만나다/?었>?", "두 아이는 {place:에서} <만나다/.>."),
            ("{item:은} {=무슨 색:?}?", "{a:이} <사다/은> {item:은} {hue:.지}."),
        ],
    },
    Passage {
        kind: "reading/lost",
        cast: children,
        text: "{a:은} {day:에} {town:에서} {color} {item:을} <잃어버리다/.>. [{elder:이} 선물한|{b:에게} 받은|{town2:에서} 산|무척 아끼던] {item:이어서} {a:은} 마음이 <아프다/.>. [다음 날|며칠 뒤], {b:이} {nook:에서} 그 {item:을} <찾다/어> <주다/.>. {a:은} 고마워서 {b:에게} {food:을} <나눠 주다/.>.",
        questions: &[
            ("누가 {item:을} <찾다/어> <주다/?었>?", "{b:이} {nook:에서} {item:을} <찾다/어> <주다/.>."),
            ("{item:은} 어디에 <있다/?었>?", "{item:은} {nook:에} <있다/.>."),
            ("{a:은} 어디에서 {item:을} <잃어버리다/?었>?", "{a:은} {town:에서} {item:을} <잃어버리다/.>."),
            ("{a:은} 언제 {item:을} <잃어버리다/?었>?", "{a:은} {day:에} {item:을} <잃어버리다/.>."),
            ("{a:은} {b:에게} 무엇을 <나눠 주다/?었>?", "{a:은} {b:에게} {food:을} <나눠 주다/.>."),
        ],
    },
    Passage {
        kind: "reading/late",
        cast: children,
        text: "{day} {hour}, {a:과} {b:은} {place:에서} {game:을} <하다/기로> <하다/.>. {b:은} [제시간에|일찍] <오다/었지만> {a:은} {reason} <늦다/.>. {b:은} {a:을} <기다리다/으면서> {book:을} <읽다/.>. [미안한|늦은] {a:은} {b:에게} {color} {item:을} <빌려주다/.>.",
        questions: &[
            ("{a:은} 왜 <늦다/?었>?", "{a:은} {reason} <늦다/.>."),
            (
                "{b:은} <기다리다/으면서> 무엇을 <하다/?었>?",
                "{b:은} {a:을} <기다리다/으면서> {book:을} <읽다/.>.",
            ),
            (
                "{a:과} {b:은} 어디에서 <만나다/기로> <하다/?었>?",
                "두 아이는 {place:에서} <만나다/기로> <하다/.>.",
            ),
            ("{day:에} <늦다/은> 사람은 {=누구:?}?", "<늦다/은> 사람은 {a:.지}."),
            ("{a:은} 무엇을 <빌려주다/?었>?", "{a:은} {b:에게} {color} {item:을} <빌려주다/.>."),
        ],
    },
    Passage {
        kind: "reading/outing",
        cast: children,
        text: "{day:에} {a:은} {elder:과} 함께 {vehicle:을} <타다/고> {town:에} <가다/.>. {town:에서} {elder:은} {drink:을} <마시다/^고>, {a:은} {food:을} <먹다/.>. [돌아오는 길에|집에 오는 길에] {a:은} {b:을} <만나다/어서> {color} {item:을} <선물하다/.>.",
        questions: &[
            ("{a:은} {town:에} 어떻게 <가다/?었>?", "{a:은} {vehicle:을} <타다/고> {town:에} <가다/.>."),
            ("{a:은} 누구와 함께 {town:에} <가다/?었>?", "{a:은} {elder:과} 함께 {town:에} <가다/.>."),
            ("{elder:은} 무엇을 <마시다/^?었>?", "{elder:은} {drink:을} <마시다/^.>."),
            ("{b:은} 무엇을 <받다/?었>?", "{b:은} {a:에게} {color} {item:을} <받다/.>."),
            ("{a:은} 무엇을 <먹다/?었>?", "{a:은} {town:에서} {food:을} <먹다/.>."),
        ],
    },
    Passage {
        kind: "reading/made",
        cast: children,
        text: "{a:은} {elder:의} 생신에 드릴 {made:을} <만들다/.>. {b:은} {color} 종이를 <빌려주다/고>, {neighbour:은} 상자를 <주다/^.>. {a:은} 다 된 {made:을} {nook:에} <감추다/었다가> {day} {hour:에} {elder:에게} <드리다/.>. {elder:은} {a:의} {made:을} 보고 무척 <기뻐하다/^.>.",
        questions: &[
            ("{a:은} 무엇을 <만들다/?었>?", "{a:은} {made:을} <만들다/.>."),
            ("{made:은} 누구에게 줄 {=선물:?었}?", "{made:은} {elder:에게} 드릴 {=선물:.}."),
            ("{a:에게} 상자를 <주다/은> 사람은 {=누구:?}?", "상자를 <주다/^은> 분은 {neighbour:.지}."),
            ("{a:은} {made:을} 어디에 <감추다/?었>?", "{a:은} {made:을} {nook:에} <감추다/.>."),
            ("{b:은} 무엇을 <빌려주다/?었>?", "{b:은} {color} 종이를 <빌려주다/.>."),
        ],
    },
    Passage {
        kind: "reading/exchange",
        cast: children,
        text: "{a:은} {color} {item:을}, {b:은} {color2} {item2:을} <가지고 있다/.>. [두 아이는|둘은] {place:에서} <놀다/다가> [서로의|] 물건을 <바꾸다/.>. 집에 <돌아오다/은> {a:은} {item2:을} {nook:에} <넣다/어> <두다/.>. {b:은} {item:을} 동생에게 <주다/.>.",
        questions: &[
            (
                "{a:이} 처음에 <가지고 있다/던> 것은 {=무엇:?}?",
                "{a:이} 처음에 <가지고 있다/던> 것은 {color} {item:.지}.",
            ),
            (
                "지금 {item:은} 누구에게 <있다/?>?",
                "{b:이} 동생에게 <주다/었으니까> 지금은 {b}네 동생에게 <있다/.지>.",
            ),
            ("{nook:에} <있다/는> 것은 {=무엇:?}?", "{nook:에} <있다/는> 것은 {color2} {item2:.지}."),
            ("바꾼 뒤에 {item2:은} 누가 <가지다/?었>?", "바꾼 뒤에 {item2:은} {a:이} <가지다/.>."),
        ],
    },
    Passage {
        kind: "reading/forest",
        cast: animals,
        text: "{a.k} {a:은} {fruit} {n} 개를 {nook:에} <감추다/.>. 그런데 {day} 아침, {a:의} {fruit:이} 모두 <사라지다/.>. {a:은} {b.k} {b:을} <의심하다/었지만>, 범인은 {c.k} {c:.}. {c:은} <사과하다/고> {a:에게} {color} {item:을} <주다/.>. {a:과} {b:과} {c:은} {place:에서} {food:을} <나누다/어> <먹다/.>.",
        questions: &[
            ("{fruit:을} <가져가다/은> 것은 {=누구:?}?", "{fruit:을} <가져가다/은> 것은 {c.k} {c:.지}."),
            ("{a:은} 누구를 <의심하다/?었>?", "{a:은} {b.k} {b:을} <의심하다/.>."),
            ("{a:은} {fruit:을} 어디에 <감추다/?었>?", "{a:은} {fruit:을} {nook:에} <감추다/.>."),
            ("{c:은} 사과하면서 무엇을 <주다/?었>?", "{c:은} {a:에게} {color} {item:을} <주다/.>."),
            ("{fruit:은} 모두 몇 {=개:?었}?", "{fruit:은} 모두 {n} {=개:.}."),
            ("{b:은} {=어떤 동물:?}?", "{b:은} {b.k:.지}."),
        ],
    },
    Passage {
        kind: "reading/order",
        cast: animals,
        text: "{day} 아침에 {a.k} {a:은} 먼저 {place:에} <가다/어서> {b.k} {b:을} <만나다/.>. 그다음 둘이 함께 {goal:에} <가다/어서> {fruit:을} {n} 개 <따다/.>. 마지막으로 {c.k} {c:의} 집에 <들르다/어서> {food:을} <먹다/.>. {a:은} {nook:에서} {color} {item:을} <줍다/었는데>, 그것은 {c:의} {=것:.}.",
        questions: &[
            ("{a:이} 맨 먼저 <가다/은> 곳은 {=어디:?}?", "{a:이} 맨 먼저 <가다/은> 곳은 {place:.지}."),
            ("{goal:에서} 무엇을 <하다/?었>?", "{goal:에서} {fruit:을} {n} 개 <따다/.>."),
            ("마지막으로 {a:은} 누구의 집에 <들르다/?었>?", "마지막으로 {c.k} {c:의} 집에 <들르다/.>."),
            ("{item:은} 누구의 {=것:?었}?", "{color} {item:은} {c:의} {=것:.}."),
            ("{a:은} {place:에서} 누구를 <만나다/?었>?", "{a:은} {place:에서} {b.k} {b:을} <만나다/.>."),
        ],
    },
    Passage {
        kind: "reading/garden",
        cast: children,
        text: "{a:은} {place} 옆에 {plant:을} <심다/고>, {b:은} {town} 앞에 {color} 꽃을 <심다/.>. {a:은} 날마다 물을 <주다/었지만> {b:은} {reason} 며칠 동안 물을 주지 <못하다/.>. {day:에} 보니 꽃은 시들고 {plant:은} 쑥쑥 자라 <있다/.>. 이것을 <보다/은> {elder:은} {b:에게} {drink:을} 한 잔 <주다/^으며> <위로하다/^.>.",
        questions: &[
            ("{b:은} 왜 물을 주지 <못하다/?었>?", "{b:은} {reason} 물을 주지 <못하다/.>."),
            ("{plant:을} <심다/은> 사람은 {=누구:?}?", "{plant:을} <심다/은> 사람은 {a:.지}."),
            ("{b:은} 어디에 꽃을 <심다/?었>?", "{b:은} {town} 앞에 {color} 꽃을 <심다/.>."),
            ("{elder:은} {b:에게} 무엇을 <주다/^?었>?", "{elder:은} {b:에게} {drink:을} 한 잔 <주다/^.>."),
        ],
    },
    Passage {
        kind: "reading/concert",
        cast: children,
        text: "{day} {hour}, {town:에서} 발표회가 <열리다/.>. {a:은} {music:을} <연주하다/고> {b:은} {color} 옷을 <입다/고> 춤을 <추다/.>. {elder:은} {b:의} 춤을 <보다/^고> 크게 손뼉을 <치다/^.>. 발표회가 <끝나다/은> 뒤 {a:과} {b:은} {food:과} {fruit:을} <먹다/.>. {b:은} {place:에서} {a:과} {play:도} <타다/.>.",
        questions: &[
            ("{a:은} 무엇을 <연주하다/?었>?", "{a:은} {music:을} <연주하다/.>."),
            (
                "{a:이} {music:을} <연주하다/은> 발표회는 어디에서 <열리다/?었>?",
                "{a:이} {music:을} <연주하다/은> 발표회는 {town:에서} <열리다/.>.",
            ),
            ("누가 춤을 <추다/?었>?", "{b:이} {color} 옷을 <입다/고> 춤을 <추다/.>."),
            (
                "{b:이} 춤을 <추다/은> 발표회는 언제 <열리다/?었>?",
                "{b:이} 춤을 <추다/은> 발표회는 {day} {hour:에} <열리다/.>.",
            ),
            (
                "{a:과} {b:은} 발표회가 <끝나다/은> 뒤에 무엇을 <먹다/?었>?",
                "{a:과} {b:은} {food:과} {fruit:을} <먹다/.>.",
            ),
        ],
    },
];
