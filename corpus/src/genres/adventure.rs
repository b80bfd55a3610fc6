//! Small mysteries and adventures (모험).

use super::{Plot, kept, told};
use crate::Genre::Adventure;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::{FAMILY, NEIGHBOURS, RELATIVES};
use crate::lexicon::nouns::{BELONGINGS, FOODS, NOOKS, OUTDOORS, TOWN, WILD_NOOKS};
use crate::scene::Scene;

pub(super) const PLOTS: &[Plot] = &[
    told("adventure/map", Adventure, map),
    told("adventure/strange-sound", Adventure, strange_sound),
    told("adventure/lost-way", Adventure, lost_way),
    told("adventure/locked-box", Adventure, locked_box),
    told("adventure/missing-pet", Adventure, missing_pet),
    kept("adventure/message", Adventure, message),
];

fn cast(s: &mut Scene) {
    s.child("hero");
    s.child("helper");
    s.elder("elder", FAMILY);
    s.pick("place", OUTDOORS);
    s.pick("color", COLOURS);
}

fn map(s: &mut Scene) {
    s.coloured("treasure");
    cast(s);
    s.pick("nook", NOOKS);
    s.pick("cave", WILD_NOOKS);
    s.pick("treasure", BELONGINGS);
    s.pick("tool", &["손전등", "나침반", "밧줄", "쌍안경", "돋보기", "작은 삽"]);
    let steps = 5 + s.below(40);
    s.numeral("steps", steps);
    s.paragraph(
        "($oneday,&{elder:의} 방에서) {hero:은} {nook:을} <청소하다|정리하다/다가> 낡은 지도를 한 장 <발견하다/.>. [지도에는|누렇게 바랜 종이에는] {place:이} 그려져 있고 한쪽에 {color} 동그라미가 <있다/.>. \
         동그라미 옆에는 ‘{place} 입구에서 {steps} 걸음’이라고 적혀 <있다/.>. $surprise:hero",
    );
    s.paragraph(
        "{hero:은} $hurry {helper:에게} 전화를 <걸다/.>. @hero,helper “{helper:아}, 나 {nook:에서} [보물|낡은|신기한] 지도를 <찾다/~었>! [내일|모레|이번 주말에] {place:에} [둘이서|나랑|몰래] 보물을 <찾다/으러> <가다/~자>.” \
         @helper,hero “[{hero:아}, 정말이니|{nook:에} 그런 게 있었어|{place:이} 그려진 보물 지도야]? 그럼 {place:에} 갈 때 {tool:은} 내가 <가져가다/~게>.”$replied:helper $joy:hero",
    );
    s.paragraph(
        "[이튿날|다음 날] 두 아이는 {tool:을} <들다/고> {place:에} <도착하다/.>. [그러나|하지만] [안개가 자욱해서|덤불이 우거져서|갈림길이 많아서] 어디서부터 {steps} 걸음을 세어야 할지 <모르다/.>. \
         @helper,hero “{hero:아}, [지도를 뒤집어|지도를 다시|뒷면을] <보다/~라>. [{place} 옆에|{color} 동그라미 아래에|{place} 구석에] [작은|흐릿한|빛바랜|조그만] 화살표가 <있다/~네>!” {helper:이} {tool:을} <비추다|대다/으며> <말하다/.>.",
    );
    s.paragraph(
        "[둘은|두 아이는] {place:에서} 화살표를 <따르다/어> [소리 내어|손가락을 꼽으며|큰 소리로] 걸음을 <세다/.>. {steps} 걸음을 세고 멈춘 곳은 [바로|다름 아닌] {cave:.}. $fear:hero \
         그곳을 $slowly <살피다/으니> [녹슨|낡은|작은] 상자가 있고, 그 속에는 {color} {treasure:이} <들어 있다/.>.",
    );
    s.one_of(&[
        "집에 <돌아오다/어서> {treasure:을} <보여 주다/자> {elder:은} [눈시울을 붉히며|한참 말이 없다가] <말하다/^.>. @elder,hero “내가 {hero}만 할 때 {place:에} 묻어 둔 {treasure:~네}! [지도를|그 지도를] {nook:에} 두고 잊어버려서 [여태|지금까지] 못 찾고 있었단다.” $proud:hero",
        "[{treasure:의}|상자] 밑에는 [{color}|낡은|작은] 쪽지도 <있다/.>. ‘이 {treasure:을} 찾은 사람은 용감한 친구다.’ [글씨를 보니|자세히 보니] {elder:이} 어릴 때 쓴 {=글:.}. {hero:과} {helper:은} {color} {treasure:을} <들다/고> {elder:에게} $hurry <달려가다|뛰어가다/.>.",
        "두 아이는 {treasure:을} 번갈아 <만지다/어> <보다/고> 다시 상자에 <넣다/.>. @hero,helper “우리도 [쪽지를|편지를] <쓰다/어서> {treasure:과} 같이 {place:에} 묻자.”$said:hero {place:에는} 두 아이만 아는 비밀이 하나 <생기다/.>.",
    ]);
}

fn strange_sound(s: &mut Scene) {
    s.coloured("item");
    cast(s);
    s.elder("elder", RELATIVES);
    s.pick("nook", NOOKS);
    s.pick("item", &["손전등", "빗자루", "우산", "베개", "방망이", "효자손", "국자", "부채"]);
    let small = s.choose(&["고양이", "강아지", "다람쥐", "고슴도치", "너구리", "생쥐", "족제비"]);
    s.animal_of("pet", small);
    s.pick("food", FOODS);
    s.write_one(&["[방학을 맞아|주말을 맞아|명절을 맞아] ", "[비가 오던|바람이 세게 불던|달이 밝던] 밤, "]);
    s.paragraph(
        "{hero:과} {helper:은} {place} [가까이에|근처에] <있다/는> {elder} 댁에서 하룻밤을 <자다/기로> <하다/.>. [불을 끄고|이불을 덮고] 막 잠이 들려는데 {nook:에서} [사각사각|달그락달그락|부스럭부스럭|또각또각] 소리가 <나다/.>.",
    );
    s.paragraph(
        "@hero,helper “{helper:아}, [저|방금 그|이상한] 소리 <듣다/~었?>? {nook:에} [뭐가|누가|무언가] [있나|숨었나|들어왔나] 봐.”$said:hero @helper,hero “[혹시|설마] {place:에서} [도깨비가|유령이|곰이] 온 건 아니겠지?”$replied:helper \
         $fear:hero {hero:은} {color} {item:을} <들다/고> 앞장서고 {helper:은} {hero:의} 옷자락을 꼭 <잡다/.>.",
    );
    s.paragraph(
        "{nook:이} 가까워질수록 소리는 [점점|더욱] <커지다/.>. {hero:은} $slowly {item:을} <내밀다/어> 어둠 속을 <더듬다/.>. \
         [그러자|그때] {nook:에서} [무언가|털북숭이 하나가|작은 그림자가] [후다닥|폴짝|휙] <튀어나오다/.>! [둘은|두 아이는] [비명을|소리를] <지르다/었지만>, 자세히 <보다/으니> 그것은 [비에 젖은|작은|길을 잃은|겁먹은] {pet.k} 한 {=마리:.}.",
    );
    s.paragraph(
        "[이상한 소리를|{hero:의} 비명을|{helper:의} 목소리를] <듣다/고> <나오다/^은> {elder:이} [웃으며|불을 켜며|눈을 비비며] <말하다/^.>. @elder,hero “{pet.k:이} {place:에서} [길을 잃었나|여기까지 왔나|비를 피해 왔나] 보다. [배가 고파서|냄새를 맡고] {nook:에서} {food:을} 찾고 있었구나.” \
         {helper:이} {food:을} 조금 떼어 주자 {pet.k:은} [맛있게|허겁지겁] <먹다/.>. $relief:hero",
    );
    s.one_of(&[
        "{hero:은} 그 {pet.k:에게} {pet:이라는} 이름을 <짓다/어> <주다/.>. [다음 날 아침|날이 밝자] 두 아이는 {pet:을} {place:에} <데려다주다/.>. {pet:은} [몇 번이나|한참] 뒤를 돌아보다가 숲으로 <사라지다/.>.",
        "아침이 <되다/자> 두 아이는 {pet.k:의} 목에 <매다/은> {color} 끈을 <발견하다/.>. 거기에는 {pet:이라는} 이름과 주소가 적혀 <있다/.>. 둘은 {pet:을} <안다/고> 주인을 <찾아가다/.>. $proud:hero",
    ]);
}

fn lost_way(s: &mut Scene) {
    s.coloured("item");
    cast(s);
    s.pick("goal", OUTDOORS);
    s.pick("item", &["호루라기", "리본", "방울", "손전등", "나침반", "돋보기", "풍선"]);
    s.pick("food", FOODS);
    s.pick("mark", &["소나무", "바위", "돌탑", "느티나무", "장승", "표지판", "물레방아", "전나무"]);
    s.paragraph(
        "($oneday,&방학 숙제를 하려고) {hero:과} {helper:은} {goal:을} <찾다/어> 길을 <나서다/.>. 가방에는 {food:과} {color} {item:이} <들어 있다/.>. \
         집을 나설 때 {elder:이} <말하다/^.>. @elder,hero “{hero:아}, {place:을} 지나면 [커다란|오래된] {mark:이} 나온단다. {goal:은} {mark} [앞에서|옆에서|밑에서] [꼭|반드시|잊지 말고] 오른쪽이란다.”",
    );
    s.paragraph(
        "[노래를 부르며|이야기를 나누며|나비를 쫓으며] {place:을} 지나 {mark} 앞에 <이르다/자> {helper:이} 왼쪽 길을 <가리키다/.>. \
         @helper,hero “{hero:아}, 이쪽 길이 더 [넓고|가깝고|환하고] [좋아|편해] <보이다/~네>.” {hero:은} {elder:의} 말이 떠올랐지만 {helper:을} <따라가다/.>.",
    );
    s.paragraph(
        "[얼마 못 가서|한참을 가자|{goal:은} 보이지 않고] [{helper:이}|둘이] [고른|들어선|걷던] 길이 뚝 <끊기다/.>. [해는 기울고|안개가 내리고|바람이 거세지고] {goal} 가는 길은 [점점|자꾸만|더욱] <어둡다/어><지다/.>. \
         @helper,hero “[내가 고집을 부려서|나 때문에|{mark}에서 우겨서] {goal} 가는 길을 <잃다/~었>. [정말|너무] <미안하다/~>, {hero:아}.” {helper:이} <울먹이다/.>. @hero,helper “[괜찮아|걱정 마|울지 마], {helper:아}. [일단|우선] {food:을} <나누다/어> 먹고 [힘을|기운을] <내다/어서> [길을 찾자|{goal:을} 찾자|{mark}까지 돌아가자].”$said:hero",
    );
    s.paragraph(
        "{food:을} 먹던 {hero:은} [문득|갑자기] {color} {item:을} <떠올리다/.>. {item:을} 높이 <들다/고> [있는 힘껏|몇 번이고|쉬지 않고] <흔들다/.>. [얼마나 지났을까|조금 뒤], [멀리서|{place} 쪽에서|안개 너머에서] {hero:을} <부르다/는> {elder:의} 목소리가 <들리다/.>. \
         @elder,hero “{hero:아}! {color} {item:이} [멀리서도|{place}에서도|안개 속에서도] 보여서 [알았어|찾았단다|너희인 줄 알았어]. [거기|그 자리에] {helper:이랑} 가만히 <있다/~라>. 내가 [금방|곧] {item:을} [보고|따라] [갈게|찾아갈게].”",
    );
    s.one_of(&[
        "$relief:hero [집으로 돌아가는|{elder:을} 따라 돌아오는] 길, {mark} 앞에서 {hero:이} [문득|잠깐|갑자기] 걸음을 <멈추다/.>. @hero,helper “다음에는 [{elder} 말씀대로|꼭] 오른쪽으로 <가다/어서> {goal:을} <보다/~자>.”$said:hero {helper:도} 고개를 <끄덕이다/.>.",
        "{elder:은} {hero:과} {helper:을} [한꺼번에|꼭|말없이] <안아 주다/^.>. @hero,elder “{mark}에서 왼쪽으로 가 버렸어요. {elder} 말씀을 안 <듣다/어서> [정말|] <죄송하다/~>.”$said:hero [다음 주|며칠 뒤], 셋은 함께 오른쪽 길로 {goal:에} <다녀오다/.>.",
    ]);
}

fn locked_box(s: &mut Scene) {
    cast(s);
    s.pick("nook", NOOKS);
    s.pick("nook2", NOOKS);
    s.pick("treasure", BELONGINGS);
    s.elder("neighbour", NEIGHBOURS);
    s.pick("town", TOWN);
    s.pick("word", &["바람", "달빛", "이슬", "메아리", "그림자", "눈사람", "거울", "촛불"]);
    let riddle = match s.word("word").as_str() {
        "바람" => "모습은 없지만 나뭇잎을 춤추게 하는 것",
        "달빛" => "밤에만 창문으로 들어오는 하얀 손님",
        "이슬" => "아침이면 풀잎에 앉았다가 해가 뜨면 떠나는 것",
        "메아리" => "산에 대고 부르면 똑같이 대답하는 것",
        "그림자" => "낮에는 따라다니고 캄캄하면 숨는 친구",
        "눈사람" => "추우면 웃고 따뜻하면 우는 사람",
        "거울" => "내가 웃으면 따라 웃는 것",
        _ => "울면서 키가 작아지는 것",
    };
    s.text("riddle", riddle);
    s.paragraph(
        "$oneday, {hero:은} {nook:에서} [먼지가 앉은|자물쇠가 달린|자그마한] {color} 상자를 <찾다|발견하다/.>. {elder:이} [오래전에|젊은 시절에] {nook2:에서} <쓰다/^던> {=상자:.}. [뚜껑에는|상자 밑에는] [작은|또박또박한|{elder:의}] 글씨로 수수께끼가 [하나|] 적혀 <있다/.>.",
    );
    s.paragraph(
        "‘{riddle}. [그것의|답의] 이름을 {elder:에게} [말하면|외치면|속삭이면] [{color} 상자의|이 상자의] 열쇠를 [주리라|얻으리라].’ {hero:은} [몇 번이고|소리 내어|천천히] <읽다/었지만> 답을 알 수 <없다/.>. $worry:hero \
         @hero,helper “{helper:아}, {riddle:이} 도대체 뭘까?”$asked:hero @helper,hero “{town:에} 가서 {neighbour:에게} <여쭈다/어> <보다/~자>.”$replied:helper",
    );
    s.paragraph(
        "{town:에서} <만나다/은> {neighbour:은} 빙그레 웃기만 <하다/^.>. @neighbour,hero “{color} 상자의 답은 {town}보다 [멀리 있지 않아|더 가까이 있단다|먼 곳에는 없어]. {hero:과} {helper:이} [가만히|조용히|함께] [생각해 보렴|귀 기울여 보렴].” \
         [돌아오는 길에|집으로 걷던 중에] {helper:이} [갑자기|불쑥] 손뼉을 <치다/.>. @helper,hero “[알았다|바로 그거야|생각났어], {hero:아}! [{riddle}|수수께끼의 답|상자의 답]…, [그건|답은] {word:~}!”",
    );
    s.paragraph(
        "두 아이는 $hurry {elder:에게} <달려가다|뛰어가다/어서> {word:이라고} <외치다/.>. {elder:은} {nook2:에서} [작은|반짝이는] 열쇠를 <꺼내다/^.>. [딸깍|찰칵], 상자가 <열리다/고> {color} 천에 싸인 {treasure:이} <나오다/.>. $surprise:helper",
    );
    s.one_of(&[
        "@elder,hero “이 {treasure:은} 나도 {hero}만 할 때 [{word} 수수께끼를|이 수수께끼를] 풀고 받은 {=것:~}. 이제 {hero:과} {helper:이} {treasure:을} <지키다/~라>.”$said:elder {hero:과} {helper:은} 새 수수께끼를 <짓다/어서> 상자에 <넣다/.>.",
        "{hero:은} {treasure:을} {helper:에게} <내밀다/.>. @hero,helper “{word:이라고} <맞히다/은> 건 너니까 네가 <가지다/~라>.” @helper,hero “아니야, {nook:에서} 상자를 <찾다/은> 건 {=너:~}. {treasure:은} 우리 둘이 [하루씩|일주일씩|번갈아] <가지다/~자>.”$replied:helper",
    ]);
}

fn missing_pet(s: &mut Scene) {
    cast(s);
    let kind = s.choose(&["강아지", "고양이", "토끼", "앵무새", "병아리", "거북"]);
    s.animal_of("pet", kind);
    s.text("kind", kind);
    s.pick("cave", WILD_NOOKS);
    s.pick("food", FOODS);
    s.elder("neighbour", NEIGHBOURS);
    s.pick("town", TOWN);
    s.pick("sign", &["발자국", "털 뭉치", "깨진 화분", "흘린 먹이", "흙 자국", "꺾인 풀잎"]);
    s.paragraph(
        "{hero:이} <기르다/는> {kind} {pet:이} <사라지다/.>. {pet:은} 목에 {color} 방울을 단, {food:을} 무척 좋아하는 {kind:.}.",
    );
    s.paragraph(
        "@hero,helper “{helper:아}, {pet:이} [아침부터|어제저녁부터] <보이다/지> <않다/~>.” {hero:은} [울먹이며|애타는 목소리로] <말하다/.>. $worry:hero \
         @helper,hero “[우리가 탐정처럼|울지 말고|침착하게] {pet:의} [단서를|흔적을|자취를] <찾다/~자>. [마당에|문 앞에] {sign:이} <있다/~네>.”$replied:helper",
    );
    s.paragraph(
        "[둘은|두 아이는] {sign:을} <따르다/어> {town} 앞까지 <가다/.>. {neighbour:이} [빗자루를|비를] <들다/고> [마당을|앞길을|문 앞을] <쓸다/고> <있다/^.>. \
         @hero,neighbour “[혹시|저,] {color} 방울을 단 {kind:을} <보다/^~었?>?” @neighbour,hero “방울 소리라면 아까 {place} 쪽에서 <들리다/~었>.”$replied:neighbour",
    );
    s.paragraph(
        "{place:에} <도착하다/은> {hero:과} {helper:은} 숨을 죽이고 [귀를|바람 소리에 귀를] <기울이다/.>. [딸랑|딸랑딸랑|짤랑], {cave:에서} {pet:의} {color} 방울 소리가 [또렷이|희미하게|작게] <나다/.>. {hero:은} {food:을} 조금 떼어 그 앞에 <놓다/.>. \
         [잠시 뒤|조금 뒤], {pet:이} [꼬물꼬물|살며시] 고개를 <내밀다/.>. [{cave} 안에는|{pet:의} 곁에는|{pet:의} 품에는] [다친|떨고 있는|날개가 꺾인] [아기 새|아기 참새|새끼 까치|아기 다람쥐] 한 마리가 <있다/.>.",
    );
    s.one_of(&[
        "@hero,helper “{pet:이} [어린 동물을|이 녀석을|다친 동물을] <지키다/느라고> 집에 못 <오다/~었네>!”$shouted:hero {hero:과} {helper:은} 그 작은 동물을 병원에 <데려가다/.>. {pet:은} 칭찬을 듣는 것처럼 {color} 방울을 [딸랑딸랑|크게] <울리다/.>.",
        "{hero:은} {pet:을} 꼭 <안다/고>, {helper:은} 아기 새를 다친 동물을 [두 손에|손수건에] <감싸다/.>. {neighbour:에게} 이야기를 <하다/자> [작은|튼튼한|{color}] 집을 하나 <만들다/어> <주다/^.>. 그 집은 지금도 {place:에} <걸리다/어> <있다/.>. $proud:hero",
    ]);
}

fn message(s: &mut Scene) {
    s.coloured("thing");
    cast(s);
    s.child("writer");
    s.pick("item", BELONGINGS);
    s.pick("town", TOWN);
    s.pick("thing", &["유리병", "깡통", "나무 상자", "도시락 통", "꿀단지"]);
    s.paragraph(
        "$oneday, {hero:과} {helper:은} {place:에서} [돌을|예쁜 돌을|나뭇잎을] <줍다/다가> {color} {thing:을} <발견하다/.>. {thing} 안에는 [돌돌 만|곱게 접은|물에 젖은] 편지가 <있다/.>. $surprise:hero",
    );
    s.paragraph(
        "편지를 <쓰다/은> 사람은 {writer:이라는} {=아이:.}. ‘나는 [내일|다음 주에] 먼 곳으로 이사를 가. {place:에} 숨겨 둔 {item:을} 이 편지를 찾은 친구에게 줄게. 대신 {town} 앞 나무에 물을 주겠다고 약속해 줘.’ \
         @helper,hero “{hero:아}, {writer:과} 약속을 <지키다/~자>.”$said:helper",
    );
    s.paragraph(
        "[둘은|두 아이는] {place:을} $everywhere <살피다/었지만> {item:은} 나오지 <않다/.>. $sad:helper {hero:은} 편지를 [한 번 더|다시] $slowly <읽다/.>. \
         @hero,helper “잠깐, {writer:과} 한 약속이 {=먼저:~}. {town:에} <가다/어서> 나무부터 <돌보다/~자>.”$said:hero",
    );
    s.paragraph(
        "{town} 앞 나무는 [바싹 말라|잎이 시들어] <있다/.>. 두 아이는 {color} {thing:에} 물을 <담다|푸다/어서> [듬뿍|몇 번이나] <붓다/.>. [젖은 흙이 무너지며|흙이 씻겨 내려가자] 뿌리 사이에서 {item:이} <나오다/.>. $joy:hero",
    );
    s.one_of(&[
        "{elder:은} 이 이야기를 <듣다/^고> {writer:의} 새 주소를 <알아봐 주다/^.>. {hero:은} {writer:에게} 답장을 <쓰다/.>. ‘{writer:아}, {item} 고마워. 나무는 우리가 날마다 돌볼게.’",
        "[몇 달 뒤|이듬해 봄], 나무에 [하얀|환한] 꽃이 <피다/.>. 두 아이는 꽃잎을 {thing:에} <담다/어> {writer:에게} <보내다/.>. {item:은} 언제나 {hero:과} {helper:의} 책상 위에 번갈아 <놓이다/.>.",
    ]);
}
