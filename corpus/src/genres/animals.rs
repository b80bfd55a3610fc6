//! Tales of animals in the forest (동화).

use super::{Plot, kept, told};
use crate::Genre::Animal;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::ANIMAL_ELDERS;
use crate::lexicon::nouns::{BELONGINGS, FOODS, FRUITS, INSTRUMENTS, OUTDOORS, WILD_NOOKS};
use crate::scene::Scene;

pub(super) const PLOTS: &[Plot] = &[
    told("animals/lost-keepsake", Animal, lost_keepsake),
    told("animals/shared-food", Animal, shared_food),
    told("animals/race", Animal, race),
    told("animals/false-blame", Animal, false_blame),
    told("animals/borrowed-thing", Animal, borrowed_thing),
    told("animals/new-neighbour", Animal, new_neighbour),
    kept("animals/concert", Animal, concert),
];

fn forest(s: &mut Scene) {
    s.animal("hero");
    s.animal("friend");
    s.pick("place", OUTDOORS);
    s.tale_elder("elder", ANIMAL_ELDERS);
}

fn opening(s: &mut Scene) {
    s.write_one(&[
        "[옛날에|어느 마을|깊은 산속|작은 마을] {place} [근처에|가까이에|옆에] {hero.k} {hero:이} <살다/.>. ",
        "{place} [근처에는|가까이에는|옆에는] {hero:이라는} {hero.k} 한 마리가 <살다/.>. ",
        "{hero:은} {place} [근처에|가까이에|옆에] <살다/는> [작은|마음씨 고운|호기심 많은|씩씩한|수줍은|장난을 좋아하는] {hero.k:.}. ",
    ]);
    s.write_one(&[
        "{hero:은} $habit {hero.k:.}. [단짝|친구] {friend.k} {friend:도} 그런 {hero:을} [무척|아주|참] <좋아하다/.>. ",
        "{hero:은} [날마다|언제나|해가 뜨면] [단짝인|사이좋은|이웃에 사는] {friend.k} {friend:과} [함께|같이] <놀다/.>. ",
        "{hero:의} [단짝은|가장 친한 친구는|하나뿐인 단짝은] {friend.k} {friend:.}. ",
    ]);
}

fn lost_keepsake(s: &mut Scene) {
    s.coloured("item");
    forest(s);
    s.pick("item", BELONGINGS);
    s.pick("color", COLOURS);
    s.pick("nook", WILD_NOOKS);
    opening(s);
    s.paragraph(
        "{hero:에게는} {elder:이} <만들다/어> 준 {color} {item:이} <있다/.>. \
         [{hero:은} 그 {item:을} [무엇보다|누구보다|세상에서 가장] <아끼다/.>.|그 {item:은} {hero:에게} [둘도 없는|하나뿐인|가장 소중한] {=보물|자랑거리:.}.]",
    );
    s.paragraph(
        "($oneday,&{place:에서}) {hero:은} {friend:과} [한참|신나게|정신없이] <놀다/다가> [문득|갑자기] {item:이} [없어진|사라진] 것을 <알다/.>. \
         @hero,friend “{friend:아}, [큰일 났어|어떡하지|이를 어째]! 내 {color} {item:이} <없다/~>!”$shouted:hero $sad:hero",
    );
    s.paragraph(
        "@friend,hero “<울다/지> 마, {hero:아}. [내가|나도] [끝까지|해가 질 때까지|지금부터] {item:을} 같이 <찾다/어> <주다/~게>. {item:을} [마지막으로|맨 나중에] 어디에서 <보다/~었?>?”$asked:friend \
         @hero,friend “[{place:에} <오다/었을> 때까지는|아까 [너랑|나 혼자|{elder:과}] [나무 그늘에서|샘터에서|언덕 밑에서] <쉬다/을> 때까지는] 분명히 <있다/었는데>….”$replied:hero",
    );
    s.paragraph(
        "{hero:과} {friend:은} $slowly {nook:을} <살펴보다/.>. \
         [그늘진 곳에서|어두컴컴한 곳에서|한쪽 구석에서] {color} [것이|무언가가] [반짝|살짝|어렴풋이] <보이다/.>. [다름 아닌|바로] {hero:의} {item:.}.",
    );
    s.one_of(&[
        "$joy:hero @hero,friend “{friend:아}, [정말|참] <고맙다/어>. 네가 없었으면 {item:을} 못 찾았을 거야.”$said:hero \
         그 뒤로 {hero:은} {color} {item:을} [꼭|늘|언제나] [주머니 깊숙이|품속에|가방 안에] <넣다/고> <다니다/.>.",
        "$relief:hero {hero:은} [그길로|곧장|숨 돌릴 틈도 없이] {elder:에게} <달려가다|찾아가다/어서> {friend:이} {item:을} <찾다/어> 준 이야기를 <하다/.>. \
         @elder,hero “{friend:이} [참|정말] 좋은 {=친구:~네}. {friend:의} 마음을 잊지 말고 {nook}처럼 어두운 곳에 갈 때는 {item:을} 잘 <챙기다/~라>.”$said:elder",
        "$thanks:hero {hero:은} [다음 날|며칠 뒤] {friend:에게} [똑같은|꼭 닮은] {color} {item:을} 하나 <만들다/어> <주다|선물하다/.>. \
         [둘은|두 친구는] {item:을} 볼 때마다 {nook:을} <떠올리다/으며> <웃다/.>.",
    ]);
}

fn shared_food(s: &mut Scene) {
    s.coloured("gift");
    forest(s);
    let foods = if s.chance(60) { FRUITS } else { FOODS };
    s.pick("food", foods);
    s.pick("nook", WILD_NOOKS);
    s.pick("color", COLOURS);
    s.pick("gift", BELONGINGS);
    let half = 2 + s.below(4);
    s.numeral("all", 2 * half);
    s.numeral("half", half);
    opening(s);
    s.paragraph(
        "그해 {place:은} [겨울이|봄이|가을이] [유난히|몹시|어느 해보다] [춥고 <길다/어서>|<가물다/어서>|<메마르다/어서>] [숲에|마을에|동물들에게] [먹을 것이|{food:이}|양식이] <모자라다/.>. \
         그래도 {hero:은} $hard <돌아다니다/어> {food} {all} 개를 <모으다/고> {nook:에} [몰래|잘|꼭꼭] <감추다/어> <두다/.>.",
    );
    s.paragraph(
        "$oneday, {friend:이} {hero:을} <찾아오다/.>. {friend:은} [얼굴이 핼쑥했고|기운이 하나도 없었고|다리를 휘청거렸고|귀를 축 늘어뜨렸고] [배에서|뱃속에서] [꼬르륵|쪼르륵] 소리가 <나다/.>. \
         @friend,hero “{hero:아}, [사흘이나|이틀째|나흘 동안|어제부터] [아무것도|풀 한 포기|물밖에|국물 한 모금] 못 <먹다/~었>. [혹시|미안하지만] {food} 하나만 [나눠|] 줄 수 <있다/~?>?”$asked:friend",
    );
    s.one_of(&[
        "{hero:은} [잠시|한동안|선뜻 대답하지 못하고] <망설이다/.>. {food:을} 주고 나면 [자기가|제가] 굶을지도 [모르기|알 수 없기] {=때문:.}. \
         [하지만|그런데] {friend:의} [떨리는 두 손을|힘없는 눈을|야윈 얼굴을] 보자 [차마|도저히] 모른 척할 수 <없다/.>.",
        "처음에 {hero:은} [얼른 손을 내저으며|작은 목소리로|눈을 피하며|{nook:을} 등지고] @hero,friend “미안해, {friend:아}. 내 {food:은} <없다/~>.” 하고 [그만|짐짓|저도 모르게] <거짓말하다/.>. \
         그러나 [돌아서는|멀어지는] {friend:의} 뒷모습을 보자 [마음이|가슴이] [콕콕|몹시] <아프다/.>. $shame:hero",
    ]);
    s.paragraph(
        "@hero,friend “{friend:아}, [잠깐만|기다려]! {nook:에} {food} {all} 개가 <있다/~>. [우리|둘이서] {food:을} {half} 개씩 [나누자|나눠 먹자|갈라 먹자].”$said:hero \
         [둘은|두 친구는] [나란히 앉아|사이좋게] {food:을} <나누다/어> <먹다/.>. $thanks:friend",
    );
    s.one_of(&[
        "[이듬해|다음 해] [봄|여름], {friend:은} {color} {gift:을} <들다/고> {hero:을} <찾아오다/.>. \
         @friend,hero “{hero:아}, 그때 나눠 준 {food} {half} 개를 잊은 적이 <없다/~>. 이 {color} {gift:은} [내|작은|고마운 마음의] {=선물:~}.”$said:friend $joy:hero",
        "이 이야기를 들은 {elder:은} {hero:의} [머리를|등을] <쓰다듬다/.>. @elder,hero “{food} {half} 개를 <나누다/으니까> 겨울이 반으로 <줄다/~었네>.”$said:elder \
         {hero:은} {friend:과} 함께 남은 겨울을 [따뜻하게|무사히|외롭지 않게] <보내다/.>.",
    ]);
}

fn race(s: &mut Scene) {
    s.coloured("prize");
    forest(s);
    s.pick("goal", OUTDOORS);
    s.pick("prize", BELONGINGS);
    s.pick("color", COLOURS);
    s.animal("third");
    opening(s);
    s.paragraph("$oneday, {elder:이} [숲속|마을] 동물들을 {place:에} <모으다/고> 이야기를 <꺼내다/.>.");
    s.paragraph(
        "@elder,hero “{place:에서} {goal:까지} 누가 [가장|제일] 먼저 <가다/는지> <보다/~자>. 이기면 이 {color} {prize:을} <주다/~게>.”$said:elder \
         @friend,hero “{hero:아}, [너는|너처럼] <느리다/어서> {goal:에는} [해가 져야|내일이나|나보다 한참 뒤에야] <도착하다/~겠>.” {friend:이} [코웃음을 치며|으스대며|어깨를 으쓱하며] <말하다/.>. $resolve:hero",
    );
    s.paragraph(
        "[달리기가|경주가] <시작되다/자마자> {friend:은} [쏜살같이|바람처럼|저만치] <앞서가다/.>. \
         [그런데|하지만] {hero:은} {goal} [근처에서|가까이에서] {third.k} {third:이} [가시덤불에 걸려|다리를 다쳐|웅덩이에 빠져] [울고|끙끙거리고|쩔쩔매고] <있다/는> 것을 <보다/.>. \
         @third,hero “{hero:아}, [제발|경주보다|잠깐만] {place:에서} [온|살던] {third:을} 좀 <도와주다/~라>!”$shouted:third",
    );
    s.paragraph(
        "{hero:은} [경주에서 질까 봐|{prize:이} 아까워서] [조금|잠깐] <망설이다/었지만> 곧 <멈추다/어서> {third:을} <돕다|일으키다/어> <주다/.>. \
         [그러는 사이에|그동안] {friend:은} [벌써|이미] {goal:에} <도착하다/.>.",
    );
    s.one_of(&[
        "[그런데|뜻밖에도] {elder:은} {color} {prize:을} {hero:에게} <건네다/.>. @elder,hero “{third:을} <돕다/은> 네가 오늘의 진짜 {=일등:~}.”$said:elder \
         {friend:은} [부끄러워하며|고개를 숙이며] {hero:의} 손을 <잡다/.>. @friend,hero “{hero:아}, [경주 전에|{place:에서}|아까] 느리다고 <놀리다/어서> <미안하다/~>.”$said:friend",
        "{friend:은} 상으로 받은 {color} {prize:을} [한참|가만히] <바라보다/다가> {hero:에게} <내밀다/.>. \
         @friend,hero “{third:을} <돕다/느라고> <늦다/~었지>? 이 {prize:은} 네가 <받다/어야> 해.”$said:friend $surprise:hero $joy:third",
    ]);
}

fn false_blame(s: &mut Scene) {
    forest(s);
    s.animal("third");
    s.pick("food", FOODS);
    s.pick("nook", WILD_NOOKS);
    let count = 3 + s.below(6);
    s.numeral("count", count);
    opening(s);
    s.paragraph(
        "$oneday, {hero:은} [손님을 맞으려고|잔치를 하려고|{elder:의} 생일을 축하하려고] {food} {count} 개를 <만들다/.>. \
         [다 된|맛있게 된|고소한] {food:을} {nook:에} <놓다/고> [물을 길으러|꽃을 꺾으러|그릇을 빌리러] {place:에} <다녀오다/.>. \
         그런데 돌아와 보니 [{count} 개나 되던|{nook:에} 둔] {food:이} 하나도 <없다/.>!",
    );
    s.paragraph(
        "$surprise:hero [마침|그때] {friend:이} 입을 [우물우물하며|오물거리며|닦으며] <지나가다/.>. \
         @hero,friend “{friend:아}, 네가 내 {food:을} 다 <먹다/~었지>?” {hero:이} [따지듯|화가 나서|큰 소리로] <묻다/.>. \
         @friend,hero “[아니야|무슨 소리야], 나는 {nook:에는} <가다/지> <않다/~었>!” {friend:은} [억울해서|서러워서] [그만|엉엉] <울다/.>.",
    );
    s.paragraph(
        "[이 말을 들은|두 친구의 다툼을 지켜보던] {elder:이} [그 자리에|그 둘레에|땅바닥에] [찍힌|남은] [작은|동그란|조그만] 발자국을 <가리키다/.>. \
         @elder,hero “[잘|자세히|똑똑히] <보다/~라>, {hero:아}. [이|동그란|작은] 발자국은 {friend.k} {friend:의} [것과|발자국과] [크기가|모양이|걸음이] <다르다/~네>. {food:을} [가져간|먹은] 건 [누구|어느 동물]일까?”$asked:elder \
         [발자국을|그 발자국을] <따라가다/어> <보다/으니> {third.k} {third:의} 집이 <나오다/.>. \
         {third:은} [배가 너무 고파서|동생들이 굶고 있어서] {food:을} 가져갔다고 <털어놓다/.>.",
    );
    s.paragraph(
        "{hero:은} {third:에게} 남은 {food:을} <주다/고> $hurry {friend:에게} <달려가다|뛰어가다/.>. \
         @hero,friend “{friend:아}, [알아보지도|물어보지도|확인하지도] 않고 [{food} 때문에|발자국도 안 보고|화부터 내고] 너를 <의심하다/어서> [정말|진심으로|몹시] <미안하다/~>.”$said:hero",
    );
    s.one_of(&[
        "{friend:은} [한참 만에|잠시 뒤] 고개를 <끄덕이다/고> {hero:을} [꼭|말없이] <안아 주다/.>.",
        "@friend,hero “[괜찮아|다 지난 일이야], {hero:아}. 다음에는 [{food:이}|무엇이] 없어지면 [소리치기|화내기|의심하기] 전에 [나한테|{elder:에게}] <물어보다/~라>.”$replied:friend ",
    ]);
    s.one_of(&[
        "[그날 저녁|그날 밤] 넷은 {place:에} <모이다/어> 새로 만든 {food:을} <나누다/어> <먹다/.>.",
        "그 뒤로 {hero:은} [무슨 일이 생겨도|화가 날 때마다] {nook:의} 발자국을 <떠올리다/.>.",
    ]);
}

fn borrowed_thing(s: &mut Scene) {
    s.coloured("item");
    forest(s);
    s.pick("item", BELONGINGS);
    s.pick("color", COLOURS);
    s.pick("nook", WILD_NOOKS);
    opening(s);
    s.paragraph(
        "$oneday, {hero:은} {friend:에게} {color} {item:을} <빌리다/.>. \
         @friend,hero “[{elder:이} <선물하다/은>|생일에 받은] 거니까 [잘|조심해서] <쓰다/고> [내일|모레] <돌려주다/~라>.”$said:friend \
         @hero,friend “[걱정하지 마|물론이지|그럼], {friend:아}. {color} {item:을} 꼭 <돌려주다/~게>.” {hero:은} [손가락을 걸고|가슴에 손을 얹고] <약속하다/.>.",
    );
    s.paragraph(
        "그런데 {place:에서} <놀다/다가> 그만 {item:을} [망가뜨리고 <말다/.>|물에 빠뜨리고 <말다/.>|<떨어뜨리다/어> 흠집을 <내다/.>]. \
         {hero:은} [겁이 나서|혼날까 봐|어쩔 줄 몰라] {item:을} {nook:에} <숨기다/.>. $worry:hero",
    );
    s.paragraph(
        "$later, {friend:이} <찾아오다/어서> <묻다/.>. @friend,hero “{hero:아}, 내 {item:은} 어디에 <있다/~?>?” \
         @hero,friend “어… [{item:은}|그건] [집에|서랍에|{elder} 댁에|책상 위에] 두고 <오다/~었>.” {hero:은} [눈을 피하며|말을 더듬으며|얼굴을 붉히며] <대답하다/.>. $shame:hero",
    );
    s.paragraph(
        "[그날 밤|해가 지자] {hero:은} {elder:을} <찾아가다/어서> 모든 것을 <털어놓다/.>. \
         @elder,hero “[거짓말은|숨긴 일은] {nook:에} <감추다/은> {item}보다 더 <무겁다/~지>. {friend:에게} [네 입으로|먼저|솔직하게] <말하다/는> 게 <좋다/~겠>.”$said:elder $resolve:hero",
    );
    s.one_of(&[
        "[이튿날 아침|해가 뜨자마자] {hero:은} {friend:에게} [망가진|흠집 난] {item:을} <내밀다/.>. @hero,friend “{item} 일은 내가 <잘못하다/~었>. {nook:에} <숨기다/고> [거짓말까지|모르는 척까지] <하다/~었>. <미안하다/~>, {friend:아}.” \
         {friend:은} 처음에는 [화를 냈지만|말이 없었지만] 곧 {hero:의} 손을 <잡다/.>. @friend,hero “{item} 이야기를 [솔직하게|숨김없이|먼저] <말하다/어> <주다/어서> <고맙다/~>. [이 {item:은}|{item:은}] [내일|지금|저녁에] 같이 <고치다/~자>.”$said:friend",
        "{hero:은} [밤새|새벽까지] {item:을} $hard <고치다/.>. [그리고|날이 밝자] {friend:을} <찾아가다/어서> [모든 일을|처음부터 끝까지] [사실대로|숨김없이] <이야기하다/.>. \
         @friend,hero “<고치다/은> {item:이} 전보다 더 <멋있다/~네>. 다음에는 {nook:에} [감추지|숨기지|넣지] 말고 바로 <말하다/어> <주다/~라>.”$said:friend $relief:hero",
    ]);
}

fn new_neighbour(s: &mut Scene) {
    s.coloured("item");
    forest(s);
    s.pick("food", FOODS);
    s.pick("color", COLOURS);
    s.animal("new");
    s.pick("item", &["우산", "목도리", "손전등", "모자", "외투", "장갑"]);
    opening(s);
    s.paragraph("$oneday, {place} [건너편에|맞은편에|바로 옆에] {new.k} {new:이} 이사를 <오다/.>.");
    s.paragraph(
        "[목소리가 굵고|말수가 적고|늘 혼자 다니고] [눈빛이 날카로워서|표정이 무뚝뚝해서] [아무도|다들] {new:에게} 먼저 말을 <걸다/지> <않다/.>. \
         @friend,hero “{hero:아}, 저 {new.k} 좀 <보다/~라>. {item:을} 든 [눈빛이|표정이|걸음걸이가|모습이] [어쩐지|왠지|볼수록] <무섭다/~지>?” {friend:이} <속삭이다/.>. $worry:hero",
    );
    s.paragraph(
        "$later, {hero:은} {elder:에게} {food:을} <가져다주다/으러> <나가다/다가> {place:에서} [소나기를|큰비를|거센 바람을] <만나다/.>. [길은|발밑은|{place:은}] <미끄럽다/고> [앞은|사방은|하늘은] [캄캄하게|점점|몹시] <어둡다/.>. $fear:hero \
         그때 [{place} 쪽에서|저만치서|뒤에서] 누군가 {color} {item:을} <들다/고> [천천히|성큼성큼|가만히] <다가오다/.>. {new:.}. @new,hero “[어서|이리|이쪽으로] <오다/~라>. [{color} {item:을}|{item:을}] [같이 쓰고|함께 쓰고] {elder:의} 집까지 <데려다주다/~게>.”$said:new",
    );
    s.paragraph(
        "{hero:은} {new:과} 나란히 <걷다/으면서> [많은|이런저런] 이야기를 <나누다/.>. {new:은} [처음 온 곳이라|말주변이 없어서] [먼저 인사하기가|친구를 사귀기가] <어렵다/었다고> <말하다/.>. \
         {hero:은} 겉모습만 보고 {new:을} <피하다/은> 것이 [잘못임을 <깨닫다/.>|<부끄럽다/.>].",
    );
    s.one_of(&[
        "[다음 날|이튿날] {hero:은} {friend:과} 함께 {new:의} 집에 <가다/.>. @hero,new “{new:아}, 어제는 <고맙다/~었>. {food:을} 좀 <가져오다/~었>. [{friend:이랑}|식기 전에|지금] {place:에서} 같이 <먹다/~자>.”$said:hero $joy:new",
        "{hero:이} 어제 일을 이야기하자 {friend:도} [고개를|머리를] <끄덕이다/.>. 그날부터 {place:에는} {hero:과} {friend:과} {new:의} 웃음소리가 [끊이지|그치지] <않다/.>.",
    ]);
}

fn concert(s: &mut Scene) {
    forest(s);
    s.animal("third");
    s.pick("music", INSTRUMENTS);
    s.pick("nook", WILD_NOOKS);
    s.pick("food", FOODS);
    opening(s);
    s.paragraph(
        "[내일은|사흘 뒤는|이번 보름날은] {elder:의} {=생일:.}. {hero:과} {friend:은} {place:에서} 음악회를 <열다/기로> <하다/.>. \
         {hero:은} {music:을} <연주하다/고> {friend:은} 노래를 <부르다/기로> <하다/.>. [둘은|두 친구는] 날마다 $hard <연습하다/.>.",
    );
    s.paragraph(
        "그런데 [음악회 전날|음악회가 열리는 날 아침] {hero:의} {music:이} [감쪽같이|온데간데없이] <사라지다/.>. \
         @hero,friend “{friend:아}, {music:이} <없다/~>! {music} 없이는 [이제|내일] 음악회를 못 <하다/~거>.”$shouted:hero $sad:hero \
         [둘은|두 친구는] {place:을} $everywhere <살피다/.>. 그러다가 {nook:에서} {music:을} <안다/고> <자다/는> {third.k} {third:을} <발견하다/.>.",
    );
    s.paragraph(
        "@third,hero “<미안하다/~>, {hero:아}. {music} 소리가 [너무|정말] <곱다/어서> [한 번만|딱 한 번] <연주하다/어> 보고 <싶다/~었>.”$replied:third \
         {hero:은} [화를 내려다가|소리를 지르려다가] {third:의} [눈물을|떨리는 손을] 보고 마음을 <바꾸다/.>. \
         @hero,third “그럼 {third:도} 우리와 같이 <연주하다/~자>. {music:은} 내가 <가르치다/어> <주다/~게>.”$said:hero $joy:third",
    );
    s.one_of(&[
        "[드디어|마침내] 음악회 날, {hero:과} {third:은} 번갈아 {music:을} <연주하다/고> {friend:은} [맑은|고운|신나는] 목소리로 노래를 <부르다/.>. {elder:은} [눈물이 날 만큼|손바닥이 아프도록] <기뻐하다/.>. 모두 {food:을} <나누다/어> 먹으며 [밤늦도록|별이 질 때까지] 춤을 <추다/.>.",
        "{elder:의} 생일날, {place:에} [아름다운|흥겨운] {music} 소리가 <울려 퍼지다/.>. @elder,third “{third:이} {music:을} [이렇게|아주] 잘 <연주하다/을> 줄은 <모르다/~었네>.”$said:elder {hero:은} {third:을} <용서하다/기를> [참|정말] <잘하다/었다고> <생각하다/.>.",
    ]);
}
