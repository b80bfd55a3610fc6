//! Everyday life at home and at school (일상).

use super::{Plot, kept, told};
use crate::Genre::Daily;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::{FAMILY, NEIGHBOURS};
use crate::lexicon::nouns::{
    BELONGINGS, CHORES, DISHES, DRINKS, FOODS, FRUITS, GAMES, HANDMADE, NOOKS, OUTINGS, READINGS, TOWN,
};
use crate::scene::Scene;

/// What one can practise and show.
const SKILLS: &[&str] = &[
    "노래",
    "발표",
    "달리기",
    "줄넘기",
    "그림 그리기",
    "받아쓰기",
    "수영",
    "시 낭송",
    "피리 불기",
    "제기차기",
    "동화 구연",
];

pub(super) const PLOTS: &[Plot] = &[
    told("daily/lost-thing", Daily, lost_thing),
    told("daily/errand", Daily, errand),
    told("daily/broken-thing", Daily, broken_thing),
    told("daily/practice", Daily, practice),
    told("daily/quarrel", Daily, quarrel),
    told("daily/sick-day", Daily, sick_day),
    kept("daily/birthday", Daily, birthday),
];

fn opening(s: &mut Scene) {
    s.write_one(&[
        "{hero:은} {helper:과} 같은 [반|동네|학교] {=친구:.}. ",
        "{hero:은} $habit {=아이:.}. ",
        "$oneday, {hero:은} [평소보다|여느 때보다] 일찍 눈을 <뜨다/.>. ",
        "{hero:은} [올해|지난달에|얼마 전에] {town} [근처로|옆으로] 이사를 <오다/.>. ",
    ]);
}

fn cast(s: &mut Scene) {
    s.child("hero");
    s.child("helper");
    s.elder("elder", FAMILY);
    s.pick("town", TOWN);
}

fn lost_thing(s: &mut Scene) {
    s.coloured("item");
    cast(s);
    s.pick("item", BELONGINGS);
    s.pick("color", COLOURS);
    let outside = s.chance(50);
    if outside {
        s.elder("finder", NEIGHBOURS);
    } else {
        s.pick("nook", NOOKS);
    }
    opening(s);
    s.paragraph(
        "{hero:은} {elder:이} 생일에 <사다/어> <주다/^은> {color} {item:을} [늘|어디에나|날마다] <가지고 다니다/.>. \
         $oneday, {hero:은} {helper:과} {town:에} [다녀온|갔다 온] 뒤에야 {item:이} 없어진 것을 <알다/.>. \
         [가방도|주머니도] [뒤집어|$everywhere 뒤져] <보다/었지만> {color} {item:은} [보이지|나오지] <않다/.>. $worry:hero",
    );
    s.paragraph(
        "@hero,helper “{helper:아}, [혹시|너] 내 {item} 못 <보다/~었?>? {elder:이} [사 주신|생일에 주신] {color} 거 말이야. [어디|{town:에}|길에] 떨어뜨렸나 봐.” {hero:이} [전화로|떨리는 목소리로|다급하게|울먹이며] <묻다/.>. \
         @helper,hero “{town:에} <들어가다/을> 때는 [네 손에|네 가방에|분명히] {color} {item:이} <있다/~었>. [우리|지금|얼른] [{item:을}|가방을|{town:부터}] 같이 <찾다/어> <보다/~자>.”$replied:helper",
    );
    if outside {
        s.paragraph(
            "[둘은|두 아이는] $hurry {town:에} <가다/.>. [문 앞에서|입구에서] {finder:이} [빙그레|반갑게] <웃다/^으면서> {color} {item:을} <흔들다/^.>. \
             @finder,hero “이거 {hero:의} {=것:~지}? [의자 밑에|계단에|바닥에|문 옆에|화단에|책상 위에] {item:이} 떨어져 있더구나.”$said:finder \
             @hero,finder “네, {item} <찾다/어> <주다/^어서> [정말|] <감사하다/~>!” {hero:은} [허리를 숙여|꾸벅] <인사하다/.>.",
        );
    } else {
        s.paragraph(
            "[둘은|두 아이는] {hero:의} 집으로 <돌아오다/어서> 방을 $everywhere <찾다|뒤지다/.>. [한참 뒤|마침내] {helper:이} {nook:에서} {color} {item:을} <꺼내다/.>. \
             @helper,hero “{hero:아}, {nook:에} <있다/~네>! {town:에} 가기 전에 떨어뜨렸나 봐.”$shouted:helper $relief:hero",
        );
    }
    s.one_of(&[
        "집에 <돌아오다/은> {hero:은} {item:에} [이름표를|이름을 적은 스티커를] <붙이다/.>. {elder:은} 그 모습을 <보다/^고> @elder,hero “이제 {item:이} 길을 잃어도 {hero:에게} <돌아오다/~겠>.” 하고 {item:을} 보며 [빙그레|흐뭇하게|크게] <웃다/^.>.",
        "$joy:hero {hero:은} {helper:에게} 고맙다는 편지를 <쓰다/어서> {color} 봉투에 <넣다/.>. 그 편지에는 {item}보다 {helper:이} 더 소중하다고 적혀 <있다/.>.",
        "그날 저녁 {hero:은} {elder:에게} {item:을} <잃어버리다/었다가> <찾다/은> 이야기를 <하다/.>. @elder,hero “{helper:이} [참|정말] 든든한 {=친구:~네}.”$said:elder",
    ]);
}

fn errand(s: &mut Scene) {
    s.coloured("bag");
    cast(s);
    s.pick("town", OUTINGS);
    s.pick("food", FOODS);
    s.pick("fruit", FRUITS);
    let n = 2 + s.below(5);
    s.numeral("n", n);
    s.pick("color", COLOURS);
    s.pick("bag", &["가방", "장바구니", "지갑", "주머니", "배낭"]);
    s.elder("seller", &["과일 가게 아저씨", "가게 아주머니", "시장 할머니", "빵집 아주머니", "떡집 아저씨"]);
    s.paragraph(
        "$oneday, {elder:이} {hero:을} <부르다/^.>. @elder,hero “{hero:아}, [가게에|시장에] 가서 {fruit} {n} 개하고 {food:을} 좀 <사다/어> <오다/~라>.” \
         {hero:이} [처음으로|난생처음|오늘은] 혼자 [하는|가는] {=심부름:.}. @hero,elder “네, {elder:아}. {bag:을} <들다/고> [얼른|조심해서|씩씩하게] [다녀올게요|{fruit:을} 사 올게요].”$replied:hero {hero:은} {color} {bag:을} [메고|들고|꼭 쥐고] 집을 <나서다/.>.",
    );
    s.paragraph(
        "그런데 [길모퉁이에서|{town} 앞에서|횡단보도 앞에서] {helper:을} <만나다/.>. @helper,hero “{hero:아}, 지금 {town:에} <놀다/으러> <가다/는데> 같이 <가다/~까>?”$asked:helper \
         {hero:은} {helper:을} 보며 [잠깐|조금|한참] <망설이다/.>. [{town:에} 가고 싶었지만|놀고 싶은 마음이 컸지만] {elder:과} 한 약속을 <떠올리다/.>. \
         @hero,helper “{helper:아}, [지금은|오늘은|당장은] 못 가. {fruit:과} {food:을} <사다/어> 가야 해. [심부름이|{elder} 심부름이] <끝나다/으면> {town:으로} [곧장|꼭|얼른] <가다/~게>.”$said:hero",
    );
    s.paragraph(
        "[가게에|시장에] <도착하다/은> {hero:은} [깜짝|그만] <놀라다/.>. [무엇을 몇 개 사야 하는지|사야 할 것이] [가물가물했기|헷갈렸기] {=때문:.}. \
         $worry:hero [그때|마침] {seller:이} {color} {bag:을} <보다/고> [다정하게|천천히|웃으며] <묻다/^.>. @seller,hero “{color} {bag:을} [꼭 쥔|든|들고 온] 걸 보니 [혼자|씩씩하게] 심부름을 왔구나. [집에서 무엇을 <만들다/~?>?|무엇을 사러 왔니?|그분이 무엇을 좋아하시니?]” \
         @hero,seller “{seller:아}, {elder:이} {food:을} 제일 좋아하세요. 아, {food:과} {fruit} {n} 개예요!” {hero:은} [손뼉을 치며|눈을 반짝이며] <대답하다/.>.",
    );
    s.one_of(&[
        "{hero:은} {color} {bag:에} {fruit} {n} 개와 {food:을} <넣다/고> 집으로 <돌아오다/.>. @elder,hero “혼자서 {color} {bag:을} 들고 [잘|씩씩하게|용감하게] <다녀오다/~었네>. {hero:이} 다 <크다/~었네>.”$said:elder $proud:hero",
        "집에 오는 길에 {hero:은} {town:에} <들르다/어서> {helper:에게} {fruit} 하나를 <주다/.>. {elder:은} 남은 {fruit:을} <세다/어> <보다/^고> <웃다/^.>. @elder,hero “{fruit} 하나는 {helper:과} <나누다/~었구나>. [잘했다|참 잘했다|기특하네], 우리 {hero}.”$said:elder",
        "돌아온 {hero:은} {elder:과} 함께 {food:을} [맛있게|따뜻하게] <먹다/.>. {fruit:은} {n} 개 가운데 하나를 남겨 {helper:에게} <가져다주다/.>. $proud:hero",
    ]);
}

fn broken_thing(s: &mut Scene) {
    s.coloured("thing");
    cast(s);
    s.pick("color", COLOURS);
    s.pick("thing", &["꽃병", "찻잔", "접시", "화분", "액자", "항아리", "안경", "시계", "거울", "라디오"]);
    s.pick("nook", NOOKS);
    s.pick("game", GAMES);
    s.paragraph(
        "($oneday,&집에서) {hero:은} {helper:과} {game:을} <하다/고> <있다/.>. [방 안에는|마루에는|거실에는] {elder:이} 아끼시는 {color} {thing:이} <있다/.>. \
         @helper,hero “{hero:아}, [조금만|좀 더] 살살 {game:을} <하다/~자>. [{elder:의}|저] {thing:이} <깨지다/~겠>.”$said:helper",
    );
    s.paragraph(
        "[그 말이 끝나기도 전에|바로 그때] {hero:의} [팔꿈치가|발이|손이] {thing:에} <닿다/.>. [와장창|쨍그랑|쿵], {color} {thing:이} [바닥에|] <떨어지다/어> <깨지다/.>. \
         $fear:hero {hero:은} 조각을 <모으다/어서> {nook:에} <감추다/.>. @hero,helper “{helper:아}, [{elder}한테는|아무한테도|누구에게도] {thing} 이야기는 [하지 마|비밀이야|꺼내지 마].”$said:hero",
    );
    s.paragraph(
        "저녁에 <돌아오다/^은> {elder:이} <묻다/^.>. @elder,hero “{hero:아}, {color} {thing:이} 안 보이는구나. [혹시|오늘] {helper:과} 놀면서 {thing:을} <보다/~었?>?” \
         {hero:은} [고양이가|바람이] 그랬다고 말하고 <싶다/.>. [그러나|하지만] {helper:의} 걱정스러운 얼굴이 <떠오르다/.>. $resolve:hero",
    );
    s.paragraph(
        "@hero,elder “{elder:아}, 사실은 [제가|{helper:이랑}] {game:을} <하다/다가> {thing:을} <깨뜨리다/~었>. <무섭다/어서> {nook:에} <숨기다/~었>. [아끼시던|소중한] {thing:을} 깨서 [정말|너무] <죄송하다/~>.” {hero:은} [울먹이며|고개를 숙이고|떨리는 목소리로] <말하다/.>. \
         {elder:은} [한참|잠시] {hero:을} <바라보다/^다가> [어깨를|등을] <두드리다/어> <주다/^.>.",
    );
    s.one_of(&[
        "@elder,hero “{thing:은} 다시 사면 되지만 [정직한 마음은|믿음은] 살 수 <없다/~지>. {hero:은} 어디 <다치다/은> 데는 <없다/~?>?”$asked:elder $relief:hero",
        "[다음 날|그 주 토요일], {hero:은} {elder:과} 함께 {thing} 조각을 <붙이다/.>. 금이 간 {color} {thing:은} [예전보다|전보다] 더 [특별해|소중해] <보이다/.>.",
        "{elder:은} {hero:을} [꼭|말없이] <안아 주다/^.>. {hero:은} 용돈을 <모으다/어서> [똑같은|꼭 닮은] {color} {thing:을} {elder:에게} 사 드리기로 <결심하다/.>. 옆에서 {helper:도} 돕겠다고 <약속하다/.>.",
    ]);
}

fn practice(s: &mut Scene) {
    s.coloured("item");
    cast(s);
    s.pick("skill", SKILLS);
    s.elder("teacher", &["담임 선생님", "체육 선생님", "음악 선생님", "방과 후 선생님", "옆 반 선생님"]);
    s.pick("color", COLOURS);
    s.pick("item", BELONGINGS);
    s.paragraph(
        "{hero:은} {skill:이} [가장|제일|무엇보다] <어렵다/.>. [반 친구들 앞에서|수업 시간에] {skill:을} 할 때마다 [가슴이 두근거리고|손에 땀이 나고] 자꾸 <틀리다/었기> {=때문:.}. \
         [반에서|학교에서] {skill:을} 가장 잘하는 {helper:이} <부럽다/기도> <하다/.>.",
    );
    s.paragraph(
        "$oneday, {teacher:이} <말하다/^.>. @teacher,nobody “[다음 주|열흘 뒤] 금요일에 {town:에서} {skill} 대회가 [열린단다|있단다]. {skill:이} [서툰|좋은|두려운] 사람도 {town:으로} [누구나|모두] [나오렴|오렴|나올 수 있단다].” \
         [아이들이 웅성거렸지만|친구들은 신이 났지만] {hero:은} [책상만|창밖만] <내려다보다|바라보다/.>. $worry:hero",
    );
    s.paragraph(
        "[수업이 끝나고|집에 가는 길에|{town} 앞에서] {helper:이} <다가오다/.>. @helper,hero “{hero:아}, 나도 처음에는 {skill:을} <못하다/~었>. 이 {color} {item:을} 쥐고 있으면 <떨리다/지> <않다/~네>. [너한테|오늘부터 너에게|대회 날까지] {item:을} <빌려주다/~게>.”$said:helper \
         @hero,helper “고마워, {helper:아}. [방과 후에|주말마다|내일부터|{town} 앞에서] 나랑 [같이|함께] {skill:을} <연습하다/~까>?”$asked:hero",
    );
    s.paragraph(
        "둘은 날마다 {town:에서} [함께|만나] $hard {skill:을} <연습하다/.>. [처음에는|며칠 동안은] {hero:이} <틀리다|실수하다/어서> 그만두고 싶을 때도 <있다/었지만>, 손안의 {item:을} [만지며|쥐며] 다시 <일어서다|시작하다/.>.",
    );
    s.one_of(&[
        "마침내 금요일, {hero:은} {color} {item:을} 꼭 쥐고 [앞으로|친구들 앞으로] <나가다/.>. [한 번도 틀리지 않고|조금 떨렸지만 끝까지] {skill:을} <마치다/자> {teacher:이} [크게|힘껏] 손뼉을 <치다/^.>. $proud:hero",
        "대회 날, {hero:은} 그만 {item:을} 집에 두고 <오다/.>. 그런데 {skill:이} 다 끝날 때까지 조금도 <떨리다/지> <않다/.>. @teacher,hero “{hero:이} [그동안|정말] 열심히 했구나.”$said:teacher {hero:은} {helper:에게} {item:을} <돌려주다/으면서> 활짝 <웃다/.>.",
        "대회에서 {hero:은} 상을 받지는 <못하다/.>. 하지만 {helper:은} {color} {item:을} {hero:에게} <선물하다/.>. @helper,hero “이제 {item:은} 네 {=거:~}. {skill:을} 가장 열심히 한 사람은 너니까.”$said:helper",
    ]);
}

fn quarrel(s: &mut Scene) {
    s.coloured("item");
    cast(s);
    s.pick("item", BELONGINGS);
    s.pick("color", COLOURS);
    s.pick("made", HANDMADE);
    s.pick("drink", DRINKS);
    s.paragraph(
        "{hero:과} {helper:은} [어릴 때부터|유치원 때부터|오래전부터] {=단짝|이웃|친구:.}. [둘은|두 아이는] 미술 시간에 함께 {made:을} <만들다/기로> <하다/.>. \
         그런데 {hero:은} [{color} 종이로|{color} 물감으로|{color} 색연필로] [꾸미고|칠하고] <싶다/고> {helper:은} [다른 색이|흰색이] 더 좋다고 <우기다/.>.",
    );
    s.paragraph(
        "@helper,hero “{hero:아}, 너는 왜 [항상|늘] 네 마음대로만 <하다/~?>?” {helper:이} [따지듯|뾰로통하게] <말하다/.>. \
         @hero,helper “내가 {made:을} 더 많이 <만들다/~었>!” {hero:도} [지지 않고|큰 소리로] <외치다/.>. \
         [서로 당기다가|밀고 당기다가] {made:이} 그만 [툭|탁] <떨어지다/어> <부서지다/.>. {hero:과} {helper:은} [말없이|등을 돌리고|인사도 없이|씩씩거리며] 집으로 <돌아가다/.>.",
    );
    s.paragraph(
        "$sad:hero [저녁에|그날 밤] {elder:이} 따뜻한 {drink:을} 한 잔 <건네다/^으면서> <묻다/^.>. @elder,hero “[무슨 일|속상한 일] <있다/~었?>? {helper:과} [다투기라도 한|무슨 말이 오간|사이가 틀어진] 거야?” \
         {hero:은} {helper:과} {made} 때문에 다툰 일을 <이야기하다/.>. @elder,hero “{made:은} 다시 <만들다/으면> 되지만 친구 마음은 먼저 손을 <내밀다/어야> 풀린단다.”$said:elder",
    );
    s.one_of(&[
        "$later, {hero:은} {color} {item:을} <들다/고> {town} 앞에서 {helper:을} <기다리다/.>. @hero,helper “{helper:아}, 어제는 내가 <미안하다/~었>. {made} 대신 이 {item:은} 네가 <가지다/~라>.” \
         {helper:도} 주머니에서 [무언가를|작은 상자를] <꺼내다/.>. [뚜껑을 열어 보니|자세히 보니] 똑같은 {color} {item:.}! $joy:hero {hero:과} {helper:은} {made:을} [처음부터|더 크게|더 멋지게] 다시 <만들다/기로> <하다/.>.",
        "[이튿날 아침|다음 날], {hero:은} {helper:의} 책상에 {color} 쪽지를 <올려놓다/.>. ‘{helper:아}, 어제 {made} 일은 내가 잘못했어.’ [쪽지를|글을] <읽다/은> {helper:은} [씩|수줍게] <웃다/.>. \
         @helper,hero “나도 [어제는|{made} 일은|소리를 질러서] <미안하다/~>. 이번에는 [네가 좋아하는|네가 고른|우리 둘이 고른] 색으로 {made:을} <만들다/~자>.”$said:helper $relief:hero",
    ]);
    s.one_of(&[
        "완성된 {made:은} [교실 뒤에|복도에] 나란히 <놓이다/.>.",
        "[며칠 뒤|일주일 뒤] {town:에는} 둘이 <만들다/은> {color} {made:이} <걸리다|놓이다/.>.",
        "",
    ]);
}

fn sick_day(s: &mut Scene) {
    cast(s);
    s.pick("book", READINGS);
    s.pick("fruit", FRUITS);
    s.pick("chore", CHORES);
    s.pick("game", GAMES);
    s.pick("vehicle", &["자전거", "버스", "기차", "지하철", "택시", "유람선"]);
    s.pick("town", OUTINGS);
    s.pick("color", COLOURS);
    s.paragraph(
        "[이번 주말에|토요일에|방학 첫날에] {hero:은} {elder:과} 함께 {vehicle:을} <타다/고> {town:에} <가다/기로> <약속하다|하다/.>. \
         {hero:은} 며칠 전부터 [달력을 보며|손가락을 꼽으며] 그날을 <기다리다/.>.",
    );
    s.paragraph(
        "그런데 [아침부터|밤새] {elder:이} [기침을|재채기를] <하다/^더니> 자리에 <눕다/^.>. [이마를 짚어 보니|손을 잡아 보니] [불덩이처럼|몹시] <뜨겁다/.>. $worry:hero \
         [{town:에} 못 가게 된 것보다|나들이를 못 가게 된 것보다|{vehicle:을} 못 타게 된 것보다] {elder:이} <아프다/^는> 것이 더 <속상하다/.>.",
    );
    s.paragraph(
        "@hero,elder “{elder:아}, [오늘은|오늘만큼은|{town:에} 가는 대신] 제가 {chore:을} [다|모두|깨끗이] <하다/~게>. {town:은} 다음에 가면 되니까 [푹|편히|마음 놓고] <쉬다/~라>.” {hero:은} {color} 앞치마를 <매다/고> {chore:부터} <시작하다/.>. \
         [마침|그때] {helper:이} {game:을} <하다/자고> <찾아오다/었지만> {hero:은} 고개를 <젓다/.>. \
         @hero,helper “오늘은 {game:을} 못 해, {helper:아}. {elder:이} 편찮으셔서 [내가|대신 내가] {vehicle:도} 못 타고 {chore:을} 해야 해.” 그러자 {helper:도} [소매를 걷고|가방을 내려놓고] {chore:을} <도와주다/.>.",
    );
    s.paragraph(
        "[점심때|오후에] {hero:은} [배와 꿀로|쌀로|호박으로] 죽을 <끓이다/고> {fruit:을} 곱게 <깎다/어> {elder:에게} <드리다/.>. [{helper:은} 옆에서|그리고 머리맡에서] {book:을} [또박또박|작은 소리로] <읽다/어> <드리다/.>. \
         @elder,hero “{hero:이} 깎은 {fruit:이} [참|아주|정말] <맛있다/~네>. {hero:이} {chore:도} [다 하고|해 주고] 죽도 끓여 주니 [벌써|금세] 다 나은 것 같구나.”$said:elder",
    );
    s.one_of(&[
        "[이튿날|사흘 뒤], {elder:은} [거뜬히|씻은 듯이] <낫다/어> 자리에서 <일어나다/^.>. 그리고 {hero:과} {helper:을} <데리다/고> {vehicle:을} <타다/고> {town:에} <가다/^.>. $joy:hero",
        "그날 밤 열이 <내리다/은> {elder:은} {hero:의} 손을 꼭 <잡다/^.>. @elder,hero “{town:에는} 다음 주에 꼭 <가다/~자>. 그때 {helper:도} 부르렴.”$said:elder $proud:hero",
    ]);
}

fn birthday(s: &mut Scene) {
    s.coloured("made");
    cast(s);
    s.child("third");
    s.pick("made", HANDMADE);
    s.pick("food", DISHES);
    s.pick("nook", NOOKS);
    s.pick("color", COLOURS);
    s.paragraph(
        "[모레는|다음 주 수요일은|이번 주 금요일은] {elder:의} {=생신:.}. {hero:은} {elder:에게} 드릴 {color} {made:을} 몰래 <만들다/기로> <하다/.>. \
         [혼자서는 어려워서|더 멋지게 만들고 싶어서] {helper:과} {third:에게도} <부탁하다/.>. 셋은 {town:에서} 만나 $hard {made:을} <만들다/.>.",
    );
    s.paragraph(
        "@hero,helper “{helper:아}, {elder:이} 보시면 안 되니까 {nook:에} <숨기다/~자>.” {hero:이} <속삭이다/.>. 셋은 {made:을} {nook:에} $slowly <넣다/어> <두다/.>. \
         그런데 생신날 아침 {nook:을} <살펴보다/으니> {made:이} <없다/.>! $surprise:hero @third,hero “{hero:아}, 내가 {food:을} <사다/으러> {town:에} <가다/을> 때도 분명히 <있다/~었>.”$said:third",
    );
    s.paragraph(
        "[셋은|세 아이는] 집 안을 $everywhere <뒤지다|살피다/.>. 그때 {elder:이} 방에서 <나오다/^.>. [손에는|품에는] {color} {made:이} 들려 <있다/.>. \
         @elder,hero “어젯밤 {nook:을} 청소하다가 찾았단다. [이렇게 예쁜|이렇게 멋진] {made:은} 누가 [{nook:에}|여기에|몰래] 숨겼을까?”$asked:elder",
    );
    s.one_of(&[
        "@hero,elder “{elder:아}, 생신 축하드려요! {helper:과} {third:도} <돕다/어> <주다/~었>.” {hero:은} [웃음을 터뜨리며|볼을 붉히며] <말하다/.>. {elder:은} 세 아이를 한꺼번에 <안아 주다/^.>. 모두 {food:을} <나누다/어> 먹으며 {made:을} 창가에 <놓다/.>.",
        "깜짝 선물은 <들키다/었지만> 아무도 <섭섭하다/지> <않다/.>. {elder:은} {color} {made:을} 가장 잘 보이는 벽에 <걸다/^.>. {helper:은} 노래를 부르고 {third:은} {food:을} <나누다/어> <주다/.>. $joy:hero",
    ]);
}
