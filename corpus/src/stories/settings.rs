//! The settings of the five genres: who is in a story, where it plays and how it begins.
//!
//! Every setting binds the same slots, so that a plot can be told in each of them:
//!
//! | slot | |
//! |---|---|
//! | `hero`, `friend`, `third` | children, animals (`.k` is their kind) or villagers; equals |
//! | `elder` | a grown-up, honoured where the genre does so |
//! | `place`, `goal` | two places that one can go to and be at |
//! | `nook` | where small things get lost: 바위틈, 책상 밑 |
//! | `thing` (of the colour `color`), `gift` | things one owns, two different ones |
//! | `food`, `dish`, `fruit`, `drink` | what one eats and drinks; `food` and `fruit` are counted in 개 |
//! | `made` | something made by hand; `plant`: something that grows |
//! | `game`, `music`, `skill` | what one plays, plays on, and practises |
//! | `n`, `m` | numbers from 2 to 9 before a counter, different |

use crate::Genre;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::{ANIMAL_ELDERS, FAMILY, RELATIVES};
use crate::lexicon::nouns::{
    BELONGINGS, DISHES, DRINKS, FOODS, FRUITS, GAMES, HANDMADE, INSTRUMENTS, NOOKS, OLD_GOODS, OUTDOORS,
    PLANTS, SCHOOL, TOWN, TRADES, WILD_NOOKS,
};
use crate::scene::Scene;

/// What one can practise and show.
const SKILLS: &[&str] = &[
    "노래",
    "춤",
    "달리기",
    "줄넘기",
    "그림 그리기",
    "수영",
    "피리 불기",
    "제기차기",
    "이야기하기",
    "연날리기",
    "팽이치기",
    "높이뛰기",
    "나무 오르기",
    "헤엄치기",
    "휘파람 불기",
];

const TALE_ELDERS: &[&str] = &[
    "백발노인",
    "원님",
    "스님",
    "주막 할머니",
    "훈장님",
    "약초 캐는 노인",
    "뱃사공 노인",
    "방앗간 할아버지",
];

#[derive(Debug)]
pub(super) struct Setting {
    pub genre: Genre,
    people: fn(&mut Scene),
    places: &'static [&'static str],
    nooks: &'static [&'static str],
    things: &'static [&'static str],
    openings: &'static [&'static str],
}

pub(super) const SETTINGS: &[&Setting] = &[&ANIMALS, &DAILY, &ADVENTURE, &FOLK_TALE, &SEASON];

/// Binds every slot.
pub(super) fn cast(s: &mut Scene, setting: &Setting) {
    (setting.people)(s);
    s.pick("place", setting.places);
    s.pick("goal", setting.places);
    s.pick("nook", setting.nooks);
    s.pick("color", COLOURS);
    s.pick("thing", setting.things);
    s.coloured("thing");
    s.pick("gift", setting.things);
    s.pick("food", FOODS);
    s.pick("dish", DISHES);
    s.pick("fruit", FRUITS);
    s.pick("drink", DRINKS);
    s.pick("made", HANDMADE);
    s.pick("plant", PLANTS);
    s.pick("game", GAMES);
    s.pick("music", INSTRUMENTS);
    s.pick("skill", SKILLS);
    let n = 2 + s.below(8);
    s.numeral("n", n);
    let m = 2 + (n - 2 + 1 + s.below(7)) % 8;
    s.numeral("m", m);
}

/// Writes how it begins; the first paragraph of the trouble goes on from there.
pub(super) fn open(s: &mut Scene, setting: &Setting) {
    s.write_one(setting.openings);
    if s.chance(70) {
        s.write_one(TRAITS);
    }
}

/// Said of the hero before anything happens.
const TRAITS: &[&str] = &[
    "{hero:은} {fruit:을} [아주|무척|누구보다] <좋아하다/고> {skill:도} [제법|꽤|참] <잘하다/.>. ",
    "{hero:은} [틈만 나면|날마다|심심하면] {friend:과} {game:을} <하다/.>. ",
    "{hero:의} [꿈은|소원은|바람은] {skill:을} [누구보다|마을에서 제일|{friend}만큼] <잘하다/는> {=것:.}. ",
    "{hero:은} {elder:에게} <배우다/은> {skill:을} [날마다|아침마다|저녁마다] {place:에서} <연습하다/.>. ",
    "{friend:은} {hero:의} [하나뿐인|가장 친한|오랜|둘도 없는] {=단짝:이고}, 둘은 [날마다|자주|늘] {place:에서} <만나다/.>. ",
    "{hero:은} {food} {n} 개를 [혼자서도|앉은자리에서|눈 깜짝할 사이에] <먹다/는> [먹보|먹성 좋은 {hero.k}|대식가]였지만 [마음씨는|인심은|정은] [참|아주|더없이] <좋다/.>. ",
    "{hero:이} [가장|제일|무엇보다] [아끼는|좋아하는] 것은 {color} {thing:이고}, [가장|제일] 좋아하는 곳은 {place:.}. ",
    "{hero:에게는} {elder:이} <만들다|주다/^은> {color} {thing:이} <있다/.>. ",
    "{hero:은} $habit {hero.k:.}. ",
    "{hero:은} {elder:을} <뵙다/으면> 언제나 [허리를 숙여|두 손을 모으고|큰 소리로] <인사하다/는> [예의 바른|싹싹한|밝은] {hero.k:.}. ",
    "{hero:은} [아침마다|저녁마다|틈틈이] 집 앞을 <청소하다/고> {goal} 쪽 하늘을 <올려다보다/.>. ",
    "{hero:은} 나무를 <깎다/어> [새와 꽃을|작은 배를|팽이를] <만들다/는> 솜씨가 {friend:도} 부러워할 만큼 <멋있다/.>. ",
    "{hero:은} [어려운|까다로운|긴] 수수께끼도 {n} 개쯤은 [거뜬히|단번에|금방] <맞히다/.>. ",
];

const ANIMALS: Setting = Setting {
    genre: Genre::Animal,
    people: |s| {
        for slot in ["hero", "friend", "third"] {
            s.animal(slot);
        }
        s.tale_elder("elder", ANIMAL_ELDERS);
    },
    places: OUTDOORS,
    nooks: WILD_NOOKS,
    things: BELONGINGS,
    openings: &[
        "[옛날에|어느 마을|깊은 산속|작은 마을] {place} [근처에|가까이에|옆에] {hero.k} {hero:이} <살다/.>. ",
        "{place} [근처에는|가까이에는|옆에는] {hero:이라는} {hero.k} 한 마리가 <살다/.>. ",
        "{hero:은} {place} [근처에|가까이에|옆에] <살다/는> [작은|마음씨 고운|호기심 많은|씩씩한|수줍은|장난을 좋아하는] {hero.k:.}. ",
        "{hero.k} {hero:과} {friend.k} {friend:은} [아기 때부터|지난봄부터|오래전부터|이웃이 된 날부터] [사이가 좋은|함께 자란|서로 돕는] {=친구:.}. ",
        "{place:에서} {goal:까지} 가는 길에 [작은|낡은|동그란|아늑한] 집이 한 채 있고, 그 집에 {hero.k} {hero:이} <살다/.>. ",
    ],
};

const DAILY: Setting = Setting {
    genre: Genre::Daily,
    people: |s| {
        children(s);
        s.elder("elder", FAMILY);
        s.pick("subject", SCHOOL);
    },
    places: TOWN,
    nooks: NOOKS,
    things: BELONGINGS,
    openings: &[
        "{hero:은} {friend:과} 같은 [반|동네|학교|아파트] {=친구:.}. ",
        "{hero:은} [올해|지난달에|얼마 전에|지난봄에] {place} [근처로|옆으로|앞으로|뒤편으로] 이사를 <오다/.>. ",
        "{place} [뒷골목에|앞집에|옆집에|건너편에] <살다/는> {hero:은} [웃음이|말이|호기심이|꿈이|겁이] 많은 {=아이:.}. ",
        "$oneday, {hero:은} [평소보다|여느 때보다|{friend}보다] 일찍 눈을 <뜨다/.>. ",
        "{hero:은} [학교에서|교실에서|공부 가운데] [가장|제일|무엇보다] 좋아하는 것이 [바로|다름 아닌] {subject:인} {hero.k:.}. ",
        "{hero:의} 집에서 골목 {n} 개를 지나면 바로 {place:.}. ",
    ],
};

const ADVENTURE: Setting = Setting {
    genre: Genre::Adventure,
    people: |s| {
        children(s);
        s.elder("elder", RELATIVES);
    },
    places: OUTDOORS,
    nooks: WILD_NOOKS,
    things: BELONGINGS,
    openings: &[
        "[방학을 맞아|주말을 맞아|명절을 맞아|학교가 쉬는 날이라] {hero:은} {friend:과} 함께 {elder} 댁에 <가다/.>. ",
        "{hero:과} {friend:은} [이번 여름|올가을|이번 방학|지난겨울]에 {place:에서} {goal:까지} [걸어가|탐험해|다녀와] 보기로 <하다/.>. ",
        "{hero:은} [모험을|탐험을|낯선 길을|처음 가는 곳을] [좋아하는|꿈꾸는|즐기는] {=아이:.}. ",
        "{elder:이} <살다/^는> 마을에는 [아무도 가 보지 않은|{hero:도} 아직 잘 모르는|아이들이 무서워하는|혼자서는 가지 않는] {place:이} <있다/.>. ",
        "{hero:은} [배낭에|가방에|주머니에] {food} {n} 개와 {gift:을} <넣다/고> {friend:을} <기다리다/.>. ",
    ],
};

const FOLK_TALE: Setting = Setting {
    genre: Genre::FolkTale,
    people: |s| {
        for slot in ["hero", "friend", "third"] {
            s.villager(slot);
        }
        s.tale_elder("elder", TALE_ELDERS);
        s.pick("trade", TRADES);
        s.long_ago = true;
    },
    places: OUTDOORS,
    nooks: WILD_NOOKS,
    things: OLD_GOODS,
    openings: &[
        "[옛날 옛적|아주 먼 옛날|호랑이 담배 피우던 시절|옛날 어느 고을], {place} [가까이에|근처에] {hero:이라는} {trade:이} <살다/.>. ",
        "[옛날 옛적에|아주 오랜 옛날|옛날 어느 마을에] {hero:이라는} [마음씨 착한|가난한|부지런한|우직한] {trade:이} {place} [가까이에|근처에] <살다/고> <있다/.>. ",
        "[옛날에|먼 옛날에|옛날 옛적에] {trade} {hero:과} 그 이웃 {friend:이} {place} 아래 마을에서 [사이좋게|의좋게|형제처럼] <지내다/.>. ",
        "[어느 고을에|어느 산골에|바닷가 마을에] {trade:의} 아이 {hero:이} <살다/었는데>, [마음씨가|심성이|행실이] [비단결|봄볕|햇솜] 같았다고 <하다/.지>. ",
    ],
};

const SEASON: Setting = Setting {
    genre: Genre::Season,
    people: |s| {
        children(s);
        s.elder("elder", RELATIVES);
    },
    places: OUTDOORS,
    nooks: WILD_NOOKS,
    things: BELONGINGS,
    openings: &[
        "[봄이|여름이|가을이|겨울이] [되자|오자|깊어지자] {hero:은} [날마다|아침마다|틈만 나면] {place:에} <나가다/.>. ",
        "[벚꽃이 흩날리던|매미가 울던|단풍이 곱던|첫눈이 내린|장마가 끝난|새싹이 돋던] [날|아침|오후], {hero:은} {friend:을} <만나다/으러> {place:에} <가다/.>. ",
        "{elder} 댁 마당에는 {plant:이} [가득|줄지어|곱게] <자라다/고> {hero:은} [아침마다|날마다|방학마다] 그 {plant:에} 물을 <주다/.>. ",
        "[올봄|올여름|올가을|올겨울], {place:에는} [유난히|어느 해보다|일찍부터] [꽃이|나비가|새가|안개가|바람이] <많다/.>. {hero:은} [그런 {place:이}|그곳이] [참|무척|정말] <좋다/.>. ",
        "{hero:은} {elder:에게서} [철새|구름|별자리|나무|바람] 이름을 [하나씩|날마다|차근차근] <배우다/.>. ",
    ],
};

fn children(s: &mut Scene) {
    for slot in ["hero", "friend", "third"] {
        s.child(slot);
    }
}
