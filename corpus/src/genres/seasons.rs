//! Weather, seasons and things that grow (자연).

use super::{Plot, kept, told};
use crate::Genre::Season;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::names::{ANIMALS, FAMILY, RELATIVES};
use crate::lexicon::nouns::{BELONGINGS, DISHES, DRINKS, FRUITS, GAMES, HANDMADE, OUTDOORS, PLANTS};
use crate::scene::Scene;

pub(super) const PLOTS: &[Plot] = &[
    told("season/seed", Season, seed),
    told("season/first-snow", Season, first_snow),
    told("season/rain", Season, rain),
    told("season/harvest", Season, harvest),
    told("season/migrating-bird", Season, migrating_bird),
    kept("season/stars", Season, stars),
];

fn cast(s: &mut Scene) {
    s.child("hero");
    s.child("friend");
    s.elder("elder", FAMILY);
    s.pick("place", OUTDOORS);
    s.pick("color", COLOURS);
}

fn seed(s: &mut Scene) {
    s.coloured("pot");
    cast(s);
    s.pick("plant", PLANTS);
    s.pick("pot", &["화분", "상자", "텃밭", "꽃밭", "깡통", "화단"]);
    let n = 3 + s.below(20);
    s.numeral("n", n);
    s.paragraph(
        "[따뜻한|이른|햇살 고운] 봄날, {hero:은} {elder:에게} {plant} 씨앗을 {n} 알 <받다/.>. @elder,hero “{hero:아}, {plant:은} [기다릴 줄 아는|날마다 들여다보는] 사람에게 싹을 보여 준단다.”$said:elder \
         {hero:은} {color} {pot:에} 씨앗을 <심다/고> [아침마다|날마다] 물을 <주다/.>. 옆집 {friend:도} 똑같이 {plant:을} <심다/.>.",
    );
    s.paragraph(
        "$later, {friend:의} {pot:에는} [파릇파릇한|연둣빛] 싹이 <돋다/었는데> {hero:의} {pot:은} 아직 <조용하다/.>. $worry:hero \
         @hero,friend “{friend:아}, 내 {plant:은} [죽은 걸까|싹이 안 날까]?” @friend,hero “네 {plant} 씨앗이 [늦잠을 자나|아직 꿈을 꾸나|길을 찾고 있나] 봐. {color} {pot:을} [조금만 더|며칠만 더|하루만 더] [지켜보자|기다려 보자|돌봐 주자].”$replied:friend",
    );
    s.one_of(&[
        "기다리다 못한 {hero:은} [나뭇가지로|손가락으로] 흙을 <파다/어> 보고 <싶다/.>. 그때 {elder:이} {hero:의} 손을 가만히 <잡다/^.>. @elder,hero “지금 흙을 파면 {plant} [뿌리가|싹이|씨앗이] [놀란단다|다친단다|추워한단다]. {hero:아}, {plant:을} 믿고 {n} 밤만 더 자 <보다/~자>.”$said:elder",
        "알고 보니 {hero:이} {pot:을} [그늘에|처마 밑에] 둔 {=탓:.}. {hero:은} {elder:과} 함께 {pot:을} 볕이 잘 <들다/는> 곳으로 <옮기다/.>. @elder,hero “{plant:은} 햇볕을 먹고 자란단다.”$said:elder",
    ]);
    s.paragraph(
        "[그리고|그렇게] [일주일이|열흘이|보름이] 지난 아침, 드디어 {hero:의} {pot:에도} [작은|여린] 싹이 고개를 <내밀다/.>! $joy:hero {hero:은} $hurry {friend:에게} <달려가다|뛰어가다/어서> 이 소식을 <알리다/.>.",
    );
    s.one_of(&[
        "여름이 되자 두 아이의 {plant:은} 키가 [훌쩍|쑥쑥] <자라다/.>. {hero:의} 것이 늦게 나왔지만 {friend:의} 것보다 한 뼘이나 <크다/.>. {hero:은} 가을에 새 씨앗 {n} 알을 <받다/어> {elder:에게} 도로 <드리다/.>.",
        "{hero:은} 씨앗 {n} 알 가운데 가장 늦게 난 {plant:에게} ‘느림보’라는 이름을 <짓다/어> <주다/.>. {friend:도} 날마다 {color} {pot:을} 보러 <오다/.>. 기다림 끝에 만난 {plant:은} 세상에서 가장 <아름답다/.>.",
    ]);
}

fn first_snow(s: &mut Scene) {
    s.coloured("cloth");
    cast(s);
    s.pick("cloth", &["목도리", "모자", "장갑", "조끼", "외투", "단추"]);
    s.pick("drink", DRINKS);
    s.pick("animal", ANIMALS);
    s.pick("toy", &["당근", "솔방울", "단추", "조약돌", "도토리", "귤", "대추", "밤송이"]);
    s.paragraph(
        "[밤사이|새벽부터|아침부터] 첫눈이 [소복소복|펑펑|하얗게] <내리다/.>. {hero:은} 눈을 <뜨다/자마자> {elder:이} <짜다|만들다/어> <주다/^은> {color} {cloth:을} <들다/고> {place:으로} <달려가다|뛰어가다/.>. \
         {place:에는} 벌써 {friend:이} <나오다/어> <있다/.>. @friend,hero “{hero:아}, [우리|같이|얼른] {place:에} [세상에서|동네에서|우리 반에서] 제일 [큰|멋진|뚱뚱한] 눈사람을 <만들다/~자>!”$shouted:friend",
    );
    s.paragraph(
        "[둘은|두 아이는] $hard 눈을 <굴리다/어서> [커다란|뚱뚱한|키가 큰] 눈사람을 <만들다/.>. [나뭇가지로 팔을|솔방울로 눈을] 만들고 {toy:으로} 코를 <달다/.>. 그런데 {place:에} [혼자|우두커니|가만히] 선 눈사람이 [어쩐지|아무래도|몹시] <추워 보이다/.>. \
         {hero:은} [잠시|조금] 망설이다가 {color} {cloth:을} <벗다/어> 눈사람에게 <주다/.>. ",
    );
    s.paragraph(
        "집에 <돌아오다/자> {elder:이} <묻다/^.>. @elder,hero “{cloth:은} 어디에 <두다/~었?>?” {hero:은} 혼날까 봐 [조그맣게|우물쭈물] <대답하다/.>. @hero,elder “{place:에} <있다/는> 눈사람한테 <빌려주다/~었>.” \
         {elder:은} [따뜻한|김이 나는] {drink:을} [한 잔|가득] <따르다/어> <주다/^으면서> [빙그레|껄껄|다정하게] <웃다/^.>. @elder,hero “[{place:에} 있는|네가 만든] 눈사람이 {color} {cloth:을} [무척|참] 좋아했겠구나.”",
    );
    s.one_of(&[
        "$later, 날이 풀려 눈사람이 다 <녹다/.>. $sad:hero 그런데 눈사람이 서 있던 자리에 [떨고 있던|작은] {animal} 한 마리가 {color} {cloth:을} 덮고 <자다/고> <있다/.>. @friend,hero “눈사람이 {cloth:을} {animal:에게} 물려줬나 봐!”$shouted:friend",
        "이튿날 {place:에} <가다/으니> 눈사람의 목에는 {cloth} 대신 [지푸라기|나뭇잎] 목걸이가 <걸려 있다/.>. 발밑에는 {animal} 발자국이 <찍혀 있다/.>. 며칠 뒤 {color} {cloth:은} 깨끗이 말라 {hero:의} 집 앞에 <놓여 있다/.>. $surprise:hero",
    ]);
    s.one_of(&[
        "{hero:은} 봄이 올 때까지 {friend:과} 그 눈사람 이야기를 <하다/.>.",
        "그해 겨울은 {hero:에게} 조금도 <춥다/지> <않다/.>.",
        "$joy:hero",
    ]);
}

fn rain(s: &mut Scene) {
    cast(s);
    s.pick("game", GAMES);
    s.pick("food", DISHES);
    s.pick("made", HANDMADE);
    s.paragraph(
        "{place:에} 내리는 [장맛비가|비가] [며칠째|사흘째|일주일째] <이어지다|계속되다/.>. {hero:은} {place:에서} {friend:과} {game:을} <하다/기로> 했지만 [비 때문에|비가 그치지 않아서] 나갈 수가 <없다/.>. \
         {hero:은} 창가에 <앉다/어> [빗방울을|유리창을] <바라보다/.>. @hero,elder “{elder:아}, [{game:을} 하기로 했는데|{place:에} 가야 하는데|심심한데] 비는 왜 자꾸 <오다/~?>?”$asked:hero",
    );
    s.paragraph(
        "@elder,hero “비가 와야 [시냇물이 흐르고|나무가 자라고|꽃이 피고|논에 물이 차고] {food:을} <만들다/을> 곡식도 <익다/~지>. {color} 우산을 <쓰다/고> [{place:에}|나랑|비 구경하러] 한번 나가 <보다/~까>?”$said:elder \
         {hero:은} [노란|긴|새로 산] 비옷을 <걸치다/고> {elder:과} 함께 <나가다/.>. [{color} 우산|두 사람의 머리] 위로 [토독토독|후두둑|또르르|타닥타닥] [맑은|시원한|고운] 빗소리가 <나다|들리다/.>.",
    );
    s.paragraph(
        "{place:으로} 가는 길에 {hero:은} 비를 맞고 <서다/어> <있다/는> {friend:을} <보다/.>. @friend,hero “{game:을} 하려고 나왔다가 우산이 <뒤집히다/~었>.” {friend:은} [덜덜|오들오들] <떨다/.>. \
         {hero:은} 얼른 {color} 우산을 {friend:에게} <씌우다/어> <주다/.>. [둘은|두 아이는] 우산 하나를 나란히 <쓰다/고> {hero:의} 집으로 <오다/.>.",
    );
    s.paragraph(
        "{elder:이} 만들어 주신 {food:은} [따뜻하고|고소하고] <맛있다/.>. 두 아이는 [방바닥에 엎드려|창가에 앉아] {made:을} <만들다/고> {game} 대신 방 안에서 할 수 있는 [새로운|재미있는|조용한] 놀이를 <생각해 내다/.>. $joy:hero",
    );
    s.one_of(&[
        "저녁이 되자 [굵던|내리던] 비가 [뚝|서서히|마침내] <그치다/고> {place} 쪽 하늘에 무지개가 <뜨다/.>. @friend,hero “{hero:아}, [{made:을} 만들 수 있으니|{game:을} 새로 배워서|너랑 있으니까] 비가 오는 날도 <좋다/~네>.” {friend:이} {color} 우산을 돌려주며 <말하다/.>.",
        "다음 날 {friend:은} 고맙다는 뜻으로 {made:을} <들고 오다/.>. {made:에는} {color} 우산을 쓴 두 아이가 그려져 <있다/.>. {elder:은} {made:을} [창가에|벽에|잘 보이는 곳에] <놓다/어> <두다/^.>.",
    ]);
}

fn harvest(s: &mut Scene) {
    s.coloured("bag");
    cast(s);
    s.elder("elder", RELATIVES);
    s.pick("fruit", FRUITS);
    s.pick("food", DISHES);
    s.pick("bag", &["바구니", "자루", "광주리", "소쿠리", "상자"]);
    let n = 4 + s.below(40);
    s.numeral("n", n);
    let gift = 2 + s.below(2);
    s.numeral("gift", gift);
    s.animal("thief");
    s.paragraph(
        "가을이 <되다/자> {elder} 댁 {fruit:이} [탐스럽게|주렁주렁|먹음직스럽게] <익다/.>. {hero:과} {friend:은} {color} {bag:을} <들다/고> {fruit} 따기를 <돕다/으러> <가다/.>. \
         @elder,hero “높은 데 <있다/는> {fruit:은} [조심해서|천천히|사다리로] <따다/고> [벌레 먹은|땅에 떨어진|모양이 나쁜] 것도 {bag:에} <담다/~라>.”$said:elder",
    );
    s.paragraph(
        "두 아이는 $hard {fruit:을} <따다/.>. [점심때까지|해가 중천에 뜰 때까지] {bag:에} 담은 것은 모두 {n} {=개:.}. 그런데 {food:을} <먹다/고> <돌아오다/으니> {color} {bag:에서} {fruit} {gift} 개가 <모자라다/.>! \
         @friend,hero “{hero:아}, [{fruit:을}|혹시 {fruit:을}|두고 간 {fruit:을}] 네가 [몰래|먼저|다] <먹다/~었?>?” @hero,friend “아니야, 나는 너랑 같이 {food:을} <먹다/~었지>.”$replied:hero",
    );
    s.paragraph(
        "[둘은|두 아이는] {bag} 옆에 <찍히다/은> [작은|동그란|낯선|진흙] 발자국을 <보다|발견하다|살펴보다/.>. 발자국을 <따르다/어> {place:에} 가 <보다/으니> {thief.k} 한 마리가 새끼들과 {fruit:을} <나누다/어> <먹다/고> <있다/.>. $surprise:friend \
         {hero:은} [손가락을 입에 대고|숨을 죽이고] <속삭이다/.>. @hero,friend “쉿, {fruit} {gift} 개쯤은 [나눠 주자|못 본 척하자|선물로 주자]. {thief.k:도} [새끼들을 먹여야|겨울을 준비해야|{place:에서} 겨울을 나야] 하니까.”",
    );
    s.paragraph(
        "돌아온 {hero:이} 사실대로 <말하다/자> {elder:은} [껄껄|빙그레] <웃다/^.>. @elder,hero “그래서 [나무 꼭대기의|맨 위의] {fruit} [몇 개는|서너 개는|두어 개는] [새들|까치|산짐승] 몫으로 늘 남겨 둔단다. {fruit:을} [그렇게 남기는|새들에게 나눠 주는] 것을 까치밥이라고 [부르지|한단다].”",
    );
    s.one_of(&[
        "그날 두 아이는 {fruit:을} {n} 개에서 {gift} 개 모자라게 담은 {color} {bag:을} <들다/고> 집으로 <가다/.>. {bag:은} 가벼워졌지만 마음은 가득 <차다/.>.",
        "[이듬해 봄|다음 해], {place:에} 어린 {fruit}나무가 하나 <돋다/.>. {thief.k:이} 남긴 씨앗이 싹을 틔운 {=것:.}. {hero:과} {friend:은} 그 나무에 {thief.k}나무라는 이름을 <짓다/어> <주다/.>.",
        "$proud:hero {friend:도} 자기 몫의 {fruit:을} 하나 <꺼내다/어> {place:에} 살며시 <놓다/어> <두다/.>.",
    ]);
}

fn migrating_bird(s: &mut Scene) {
    s.coloured("thread");
    cast(s);
    s.pick("thread", &["실", "끈", "리본", "헝겊"]);
    s.pick("fruit", FRUITS);
    let kind = s.choose(&["제비", "기러기", "두루미", "백로", "오리", "뻐꾸기"]);
    s.animal_of("bird", kind);
    s.text("kind", kind);
    s.paragraph(
        "[이른 봄|늦은 봄|초여름], 하늘이 <푸르다|맑다/는> 날, {hero:은} {place:에서} 날개를 다친 {kind} 한 마리를 <발견하다/.>. {hero:은} {kind:을} [두 손에|윗옷에] <감싸다/어> 집으로 <데려오다/.>. \
         @elder,hero “{hero:아}, [가엾구나|이런|어이쿠], [날개만 조금|발을 조금|날개를] 다쳤으니 {fruit:을} 먹이며 [정성껏|잘|푹] 돌보면 [다시|곧|가을쯤] <날다/을> 수 <있다/~겠>.”$said:elder {hero:은} {kind:에게} {bird:이라는} 이름을 <짓다/어> <주다/.>.",
    );
    s.paragraph(
        "{hero:은} [아침저녁으로|날마다] {fruit:을} 잘게 <자르다/어> {bird:에게} <먹이다/.>. 학교에서 <돌아오다/으면> 가장 먼저 {bird:의} 날개부터 <살펴보다/.>. 친구 {friend:도} 자주 <들르다/어서> {bird:에게} 노래를 <불러 주다/.>.",
    );
    s.paragraph(
        "가을이 <깊어지다/자> {place} 하늘에 {kind} 떼가 <나타나다/.>. {bird:은} [하루 종일|자꾸만] 창밖을 <바라보다/.>. @friend,hero “{hero:아}, {bird:이} 가족에게 <돌아가다/고> 싶은가 봐.” {friend:이} [조심스럽게|조용히] <말하다/.>. \
         {hero:은} {bird:을} <보내다/고> 싶지 <않다/.>. $sad:hero @elder,hero “{bird:을} 사랑한다면 [꼭 쥐지|붙잡지] 말고 [손을 펴|하늘로 보내|{place:에서} 놓아] 줘야 한단다.”$said:elder",
    );
    s.paragraph(
        "$later, {hero:은} {bird:의} 다리에 {color} {thread:을} <매다/고> {place:에} <가다/.>. @hero,bird “{bird:아}, [건강하게|아프지 말고|씩씩하게] <지내다/다가> [꽃 피는 봄에|내년에|봄이 오면] [꼭|{place:으로}|이 {place:으로}] 다시 <오다/~라>.” {bird:은} {hero:의} 머리 위를 [세 바퀴|한 바퀴|두 바퀴] <돌다/고> 하늘 높이 <날아가다/.>.",
    );
    s.one_of(&[
        "[이듬해 봄|다음 해 봄], {hero:은} {place:에서} 귀에 익은 울음소리를 <듣다/.>. 다리에 [빛바랜|해진] {color} {thread:을} 맨 {kind} 한 마리가 [짝과 함께|새끼들을 데리고] 날아온 {=것:.}. @hero,bird “{bird:아}!”$shouted:hero $joy:hero",
        "긴 겨울이 지나고 {friend:이} $hurry <달려오다/.>. @friend,hero “{hero:아}, 처마 밑을 <보다/~라>! {color} {thread}!” {bird:이} {hero:의} 집 처마에 둥지를 <짓다/고> <있다/.>. {hero:은} {fruit:을} 잘게 썰어 처마 밑에 <놓다/.>.",
    ]);
}

fn stars(s: &mut Scene) {
    cast(s);
    s.elder("elder", RELATIVES);
    s.pick("tool", &["쌍안경", "망원경", "돋보기", "돗자리", "손전등"]);
    s.pick("drink", DRINKS);
    s.pick("thing", BELONGINGS);
    s.pick("food", DISHES);
    s.paragraph(
        "여름 방학이 <되다/어> {hero:은} {elder} 댁에 <가다/.>. [도시에서는|집에서는] 보이지 않던 별이 {place} 위에 [가득|총총] <뜨다/어> <있다/.>. {hero:은} {tool:을} <들다/고> {elder:과} 함께 {place:으로} <나가다/.>. \
         @hero,elder “{elder:아}, 저 {color} 별은 이름이 {=뭐:~?}?”",
    );
    s.paragraph(
        "@elder,hero “[글쎄|어디 보자], 그 별은 아직 이름이 <없다/~네>. [{hero:이}|네가] [예쁜|멋진|좋은] 이름을 <짓다/어> <보다/~라>.”$replied:elder {hero:은} [잠시|한참] <생각하다/.>. 그리고 멀리 <전학 가다/은> 친구 {friend:의} 이름을 <붙이다/어> <주다/.>. \
         {hero:과} {friend:은} 헤어지던 날 똑같은 {thing:을} 하나씩 <나누다/어> <가지다/.>.",
    );
    s.paragraph(
        "{elder:은} 따뜻한 {drink:과} {food:을} <꺼내다/^.>. @elder,hero “보고 싶은 사람이 <있다/으면> 같은 별을 <보다/으면> 된단다. {friend:도} 지금 저 별을 보고 있을지 <모르다/~지>.” $sad:hero",
    );
    s.paragraph(
        "집에 돌아온 {hero:은} {friend:에게} 편지를 <쓰다/.>. ‘{friend:아}, 밤 아홉 시에 {color} 별을 봐. 그 별 이름이 {friend:~}. 나는 {thing:을} 꼭 쥐고 볼게.’ $later, 답장이 <오다/.>. ‘{hero:아}, 나도 {thing:을} 쥐고 봤어. 그런데 나는 그 {color} 별에 {hero:이라는} 이름을 붙였어!’",
    );
    s.one_of(&[
        "$joy:hero 그날 밤, {hero:은} {elder:과} {place:에} <눕다/어> {color} 별에게 두 이름을 모두 <부르다/.>.",
        "그래서 {color} 별은 이름이 두 {=개:.}. {hero:은} {tool:을} <정리하다/으면서> 하늘을 향해 손을 <흔들다/.>. {elder:도} 옆에서 {drink:을} <마시다/^으면서> <웃다/^.>.",
    ]);
}
