//! Tales of long ago (옛이야기).

use super::{Plot, kept, told};
use crate::Genre::FolkTale;
use crate::lexicon::adjectives::COLOURS;
use crate::lexicon::nouns::{DISHES, FOODS, FRUITS, OLD_GOODS, OUTDOORS, TRADES};
use crate::scene::Scene;

pub(super) const PLOTS: &[Plot] = &[
    told("folktale/grateful-animal", FolkTale, grateful_animal),
    told("folktale/goblin", FolkTale, goblin),
    told("folktale/two-brothers", FolkTale, two_brothers),
    told("folktale/honest-finder", FolkTale, honest_finder),
    told("folktale/clever-child", FolkTale, clever_child),
    kept("folktale/wishing-thing", FolkTale, wishing_thing),
];

const TALE_ELDERS: &[&str] =
    &["산신령", "용왕님", "원님", "백발노인", "스님", "주막 할머니", "훈장님", "약초 캐는 노인"];

fn opening(s: &mut Scene) {
    s.villager("hero");
    s.pick("trade", TRADES);
    s.pick("place", OUTDOORS);
    s.pick("color", COLOURS);
    s.pick("goods", OLD_GOODS);
    s.write_one(&[
        "[옛날 옛적|아주 먼 옛날|호랑이 담배 피우던 시절|옛날 어느 고을], {place} [가까이에|근처에] {hero:이라는} {trade:이} <살다/.>. ",
        "[옛날 옛적에|아주 오랜 옛날|옛날 어느 마을에] {hero:이라는} [마음씨 착한|가난한|부지런한|우직한] {trade:이} {place} [가까이에|근처에] <살다/고> <있다/.>. ",
    ]);
}

fn grateful_animal(s: &mut Scene) {
    opening(s);
    let beast = s.choose(&["까치", "두꺼비", "사슴", "잉어", "학", "거북", "노루", "너구리"]);
    s.text("beast", beast);
    s.tale_elder("elder", &["산신령", "용왕님", "백발노인", "달나라 선녀", "하늘나라 할아버지"]);
    s.pick("food", FOODS);
    s.paragraph(
        "{hero:은} [너무나|몹시] <가난하다/어서> 가진 것이라고는 [낡은|손때 묻은|다 닳은] {goods} {=하나뿐:.}. \
         $oldday, {hero:은} {place:을} <지나가다/다가> [덫에 걸린|다리를 다친|지쳐 쓰러진] {beast:을} <보다/.>.",
    );
    s.paragraph(
        "{beast:은} [눈물을 흘리며|가쁜 숨을 쉬며] {hero:을} <바라보다/.>. {hero:은} [딱한|가여운] 마음에 {food:을} <나누다/어> 주고 [정성껏|사흘 동안|밤새] <돌보다/.>. \
         기운을 차린 {beast:은} [고개를 세 번 숙이고|{hero:의} 둘레를 세 바퀴 돌고] {place} 쪽으로 <사라지다/.>.",
    );
    s.one_of(&[
        "그해 [여름|가을], 큰물이 <나다/어서> {hero:의} 집도 {goods:도} 모두 <떠내려가다/.>. $sad:hero",
        "그해 [겨울|봄], 욕심 많은 부자가 {hero:의} {goods:을} <빼앗다/어> <가다/.>. $sad:hero",
        "[얼마 뒤|그 무렵], {hero:은} 깊은 병에 <걸리다/어서> {goods:을} 들 힘조차 <없다/.>. $worry:hero",
    ]);
    s.paragraph(
        "그날 밤 꿈에 {elder:이} <나타나다/.>. @elder,hero “{place:에서} 네가 <살리다/은> {beast:은} 내 {=심부름꾼|동무|손자|벗:~}. [날이 밝으면|닭이 울면|해가 뜨면] {goods} 생각은 [잊고|말고] {place:에} <가다/어> <보다/~라>.”$said:elder \
         [잠에서 깬|눈을 뜬] {hero:은} [반신반의하며|고개를 갸웃하며|서둘러] {place:으로} <달려가다|가다/.>. 그곳에는 {beast:이} [입에 문|등에 실은] {color} 보따리를 <지키다/고> <있다/.>.",
    );
    s.one_of(&[
        "보따리를 <풀다/으니> 새 {goods:과} {=금돈|귀한 약|볍씨:이} <나오다/.>. {hero:은} [마을의|이웃의] 가난한 사람들에게도 {food:을} <나누다/어> 주며 [오래오래|행복하게] <살다/.>.",
        "{color} 보따리 안에는 {goods:이} 들어 있었는데, 신기하게도 쓸 때마다 {food:이} 하나씩 <나오다/.>. {hero:은} {beast:의} 은혜를 평생 <잊다/지> <않다/.>.",
    ]);
}

fn goblin(s: &mut Scene) {
    s.coloured("thing");
    opening(s);
    s.figure("goblin", "도깨비");
    s.pick("food", &["메밀묵", "수수떡", "인절미", "팥죽", "막걸리", "부침개"]);
    s.pick("thing", OLD_GOODS);
    s.villager("rich");
    s.paragraph(
        "[해가 진 뒤|달 밝은 밤|장에 다녀오던 밤] {hero:이} {goods:을} <지다|메다/고> {place:을} 지나는데 [덩치 큰|뿔 달린|장난기 많은] 도깨비가 길을 <막다/.>. \
         @goblin,nobody “[여보게|이봐], {trade}! {place:을} 지나려면 나랑 [씨름|팔씨름|내기] 한판 [해야 한다|하자]. 네가 이기면 [{hero} 네 소원을 하나|{trade} 소원을 무엇이든|{goods:을} 새것으로 바꿔 주고 소원도] <들어주다/~게>.” 도깨비가 [{trade:을}|{hero:을}|{goods:을}] [보며|내려다보며|가리키며] [껄껄|킬킬|히죽히죽] <웃다/.>. $fear:hero",
    );
    s.paragraph(
        "{hero:은} [꾀를 내어|왼쪽 다리를 걸어|온 힘을 다해] 도깨비를 [번쩍|훌렁] <넘어뜨리다/.>. @goblin,hero “[분하다|내가 졌다|아이고], {place} {trade:이} 이렇게 [셀|날쌜|꾀가 많을] 줄이야! 그런데 {place:에서} [씨름을 했더니|힘을 썼더니|땀을 흘렸더니] [배가 몹시 <고프다/~네>|뱃가죽이 등에 붙겠네|기운이 하나도 <없다/~네>]. [그 보따리에|허리춤에|혹시] {food} 좀 <있다/~?>?”$said:goblin \
         {hero:은} 허리춤에서 {food:을} <꺼내다/어> 도깨비와 사이좋게 <나누다/어> <먹다/.>. $joy:goblin",
    );
    s.paragraph(
        "도깨비는 {color} {thing:을} 하나 <건네다/.>. @goblin,hero “이건 {food} 값이다. {thing:을} [두 번 두드리면|세 번 쓰다듬으면|한 바퀴 돌리면] 네가 <바라다/는> 것이 [나온다|쏟아진다]. 하지만 [혼자만 배부르려고|남을 괴롭히려고|더 가지려고] {thing:을} <쓰다/으면> [큰일 난다|벌을 받는다|다 사라진다].” \
         {hero:은} [그날부터|집에 돌아와] {thing:으로} [꼭 필요한|식구들이 먹을] 쌀만 <얻다/고> 남는 것은 이웃에게 <나눠 주다/.>.",
    );
    s.paragraph(
        "{color} {thing} 소문을 <듣다/은> [옆 마을|윗마을|아랫마을] 부자 {rich:은} [배가 <아프다/.>|샘이 <나다/.>|잠을 못 <이루다/.>]. [밤이 되자|그날 밤] {rich:도} {place:에} 가서 도깨비를 <기다리다/.>.",
    );
    s.one_of(&[
        "그러나 {rich:은} 씨름에 이기고도 {food:을} 혼자 다 먹어 <버리다/.>. 화가 난 도깨비는 {rich:에게} <두드리다/을> 때마다 [혹이|돌멩이가|개구리가] 나오는 {thing:을} <주다/.>. [울며 돌아온|혼이 난] {rich:은} 그제야 {hero:의} 마음을 <알다/.>.",
        "{rich:은} {color} {thing:을} <훔치다/어서> [백 번|쉬지 않고] <두드리다/.>. 그러자 {thing:은} 연기처럼 <사라지다/고> 곳간도 텅 <비다/.>. $shame:rich {hero:은} 그런 {rich:에게도} {food:을} <나눠 주다/.>.",
    ]);
}

fn two_brothers(s: &mut Scene) {
    s.villager("hero");
    s.villager("brother");
    s.tale_elder("big", &["형님"]);
    s.pick("place", OUTDOORS);
    s.pick("color", COLOURS);
    s.pick("goods", &["지게", "수레", "소달구지", "광주리", "자루"]);
    s.pick("crop", &["벼", "보리", "콩", "수수", "감자", "메밀", "무", "배추"]);
    let n = 3 + s.below(7);
    s.numeral("n", n);
    s.tale_elder("elder", TALE_ELDERS);
    s.paragraph(
        "[옛날 옛적|아주 먼 옛날|옛날 어느 마을], {place} 옆에 형 {hero:과} 아우 {brother:이} [사이좋게|정답게] <살다/.>. \
         [둘은|형제는] 봄부터 가을까지 $hard 일해서 {crop:을} {n} 가마씩 똑같이 <나누다/.>.",
    );
    s.paragraph(
        "그날 밤 형 {hero:은} [아우|{brother:이}] 걱정에 [좀처럼|밤이 깊도록|도무지] 잠이 오지 <않다/.>. ‘{brother:은} [새살림을 차렸으니|아기가 태어났으니|집을 새로 지었으니] {crop:이} [더|나보다 더|훨씬 더] 필요할 거야.’ {hero:은} {goods:에} {crop} 한 가마를 <싣다/어> [몰래|$slowly] 아우의 곳간에 <가져가다/.>. \
         같은 시각 아우 {brother:도} ‘형님은 [식구가 많으니|부모님을 모시니|아이가 여럿이니] {crop:이} [모자랄|부족할|더 있어야 할] 거야.’ 하고 {place:을} [돌아|지나|질러] {crop} 한 가마를 {hero:의} 곳간에 [몰래|낑낑대며|$slowly] <옮기다/.>.",
    );
    s.paragraph(
        "[날이 밝아|아침에] 곳간을 <열다/어> <보다/은> {hero:과} {brother:은} [깜짝|크게|소스라치게] <놀라다/.>. [분명히 한 가마를 옮겼는데도|몰래 한 가마를 날랐는데도] {crop:이} 그대로 {n} {=가마:.}.",
    );
    s.paragraph(
        "다음 날 밤, 둘은 다시 {crop:을} <지다|메다/고> 나섰다가 {place} 한가운데에서 딱 <마주치다/.>. [달빛 아래|환한 달빛에] {hero:의} {color} [옷고름이|저고리가|두건이] [언뜻|환히|또렷이] <보이다/.>. \
         @brother,big “{big:아}, [이 밤에|캄캄한 밤에] {goods:에} 웬 {crop:~?}?” @hero,brother “{brother:아}, 너야말로 {place}까지 [이게|도대체] 웬 {=일:~?}?” [서로의 마음을|까닭을] [안|알게 된] {hero:과} {brother:은} [{place:에서}|달빛 아래] [부둥켜안고|손을 맞잡고] <울다/.>.",
    );
    s.one_of(&[
        "이 모습을 <보다/은> {elder:은} {place:에} [정자를|돌다리를] <세우다/어> 형제의 우애를 널리 <알리다/.>. 사람들은 {hero:과} {brother:의} 이야기를 두고두고 <전하다/.>.",
        "[그 뒤로|그때부터] {hero:과} {brother:은} {crop:을} 한 곳간에 <넣다/고> 필요한 만큼 꺼내 <쓰다/.>. {goods:도} 하나, 곳간도 하나였지만 {hero:과} {brother:은} 누구보다 <넉넉하다|행복하다/.>.",
    ]);
}

fn honest_finder(s: &mut Scene) {
    s.coloured("purse");
    opening(s);
    s.tale_elder("elder", TALE_ELDERS);
    s.villager("owner");
    s.pick("purse", &["보따리", "주머니", "상자", "궤짝", "자루"]);
    let n = 10 + s.below(80);
    s.numeral("n", n);
    s.pick("fruit", FRUITS);
    s.paragraph(
        "{hero:은} [하루 종일|새벽부터] {goods:을} <팔다/으러> 다녔지만 [한 개도|겨우 하나밖에] <팔다/지> <못하다/.>. $worry:hero \
         지친 {hero:이} {place:에서} 쉬는데 [발밑에|풀숲에|바위 뒤에] {color} {purse:이} <떨어지다/어> <있다/.>. [열어 보니|세어 보니] 금돈이 {n} 냥이나 들어 <있다/.>.",
    );
    s.paragraph(
        "‘이 {n} 냥이면 [{hero:의} 식구들이 겨울을 날 텐데|{place:에} 기와집도 살 텐데|{goods:을} 팔지 않아도 될 텐데].’ {hero:은} [잠깐|그 순간|저도 모르게] {color} {purse:을} [들고|안고|품고] [달아나고|집에 가고] <싶다/.>. 하지만 {n} 냥을 <잃다/은> 사람의 마음을 <생각하다/고> {place:에} [앉아|서서|남아] 주인을 <기다리다/.>. \
         [해가 지고|달이 뜨고] [배가 고파도|추워도] {hero:은} {fruit} 하나로 <버티다/.>.",
    );
    s.paragraph(
        "[밤이 깊어서야|새벽이 되어서야] {owner:이라는} [젊은이가|장사꾼이|나그네가] [울며|허둥지둥|헐떡이며] {place:으로} <달려오다/.>. @owner,nobody “[혹시|이보게], {color} {purse:을} 못 <보다/~었?>? [어머니|아버지|아내] 약값 {n} 냥이 {purse:에} [고스란히|다] 들어 <있다/~>.” \
         {hero:은} [말없이|빙그레 웃으며] {purse:을} <내밀다/.>. $thanks:owner",
    );
    s.one_of(&[
        "{owner:이} 절반을 주려 했지만 {hero:은} {goods} 하나 값만 <받다/.>. 이 소식을 <듣다/은> {elder:은} {hero:을} <부르다/어> 상을 <주다|내리다/.>. @elder,hero “{n} 냥보다 귀한 것이 네 {=마음:~}.”$said:elder",
        "[몇 해 뒤|이듬해], 큰 장사꾼이 된 {owner:은} {hero:을} <찾아오다/.>. 그리고 {hero:의} {goods:을} 모두 <사다/어> <주다/.>. @owner,hero “그날 {place:에서} 기다려 준 은혜를 잊은 적이 없네.”$said:owner",
        "그런데 {owner:은} 사실 {elder:의} {=아들:.}. {elder:은} {hero:을} 불러 {color} {purse:을} 도로 <주다/.>. 그 안에는 금돈 대신 {fruit} 씨앗이 있었고, 그것을 <심다/자> 해마다 {n} 냥어치 열매가 <열리다/.>.",
    ]);
}

fn clever_child(s: &mut Scene) {
    s.villager("hero");
    s.tale_elder("elder", &["원님", "대감님", "임금님", "사또"]);
    s.pick("place", OUTDOORS);
    s.pick("color", COLOURS);
    s.pick("goods", OLD_GOODS);
    s.pick("fruit", FRUITS);
    s.pick("trade", TRADES);
    s.tale_elder("dad", &["아버지"]);
    let n = 3 + s.below(9);
    s.numeral("n", n);
    s.paragraph(
        "[옛날 옛적|아주 먼 옛날|옛날 어느 고을], {place} [가까이에|근처에|너머에] [심술궂은|욕심 많은|변덕스러운] {elder:이} <살다/.>. $oldday, {elder:은} {trade:을} <부르다/어> [호통을|큰소리를] <치다/.>. \
         “[한겨울이지만|사흘 안에] {color} {fruit} {n} 개를 <구하다/어> 오너라. [못 구하면|늦으면|하나라도 모자라면] 네 {goods:을} [빼앗겠다|가져가겠다]!”",
    );
    s.paragraph(
        "{trade:은} {place:을} $everywhere <헤매다/었지만> [눈 속에서|어디에서도] {color} {fruit:은} 찾을 수 <없다/.>. $worry:trade \
         {trade:의} 아이 {hero:이} 까닭을 <묻다/.>. @hero,dad “{color} {fruit:이나} {goods} 걱정은 [조금도|이제|더는] 하지 마세요. 제가 [아버지 대신|내일 아침|지금 바로|혼자서] {elder:을} <뵙다/고> [{color} {fruit} 일을|{goods} 이야기를|사정을] [아뢰고|말씀드리고|풀고] 올게요.” {hero:은} {goods:을} <보다/고> [씩씩하게|당당하게|두 주먹을 쥐고] 길을 <나서다/.>.",
    );
    s.paragraph(
        "@elder,hero “{color} {fruit:은} [어디 있고|못 구하고] 네 아버지는 왜 오지 않았느냐?” {elder:이} {hero:을} [노려보며|내려다보며|가리키며] [엄하게|버럭|차갑게] <묻다/.>. @hero,elder “아버지께서는 [오늘 아침|어제|사흘 전] {place:에서} [{fruit:을} 찾다가|그만] 뱀에게 물려 <눕다/어> <계시다/~>.”$replied:hero \
         @elder,hero “[한겨울에|이 추위에|눈 덮인] {place:에} 뱀이 어디 있단 말이냐!” {elder:이} {hero:의} 말을 듣고 [수염을 떨며|무릎을 치며|벌떡 일어나] <소리치다/.>.",
    );
    s.paragraph(
        "@hero,elder “그러면 한겨울에 {color} {fruit} {n} 개는 어디에 <있다/~?>?” {hero:이} {elder:에게} [또박또박|공손하게|조용히] <되묻다/.>. {hero:의} [말에|물음에] {elder:은} [그만|금세|도리어] 말문이 <막히다/.>.",
    );
    s.one_of(&[
        "{elder:은} [말문이 막혀|할 말을 잃고] [한참|수염만] 쓰다듬다가 껄껄 <웃다/.>. 그리고 {hero:에게} 쌀 {n} 가마를 <주다/고> {goods:도} 돌려주라고 <하다/.>. $joy:trade",
        "$shame:elder 그 뒤로 {elder:은} {trade:에게도} [백성에게도|누구에게도] 억지를 <부리다/지> <않다/.>. {hero:은} {goods:을} <들다/고> <돌아오다/어서> {trade:과} 함께 봄이 오면 {place:에} {fruit:을} {n} 그루 심기로 <하다/.>.",
    ]);
}

fn wishing_thing(s: &mut Scene) {
    s.coloured("thing");
    opening(s);
    s.tale_elder("elder", &["백발노인", "스님", "떠돌이 노인", "꼬부랑 할머니", "허리 굽은 할아버지"]);
    s.villager("friend");
    s.pick("food", DISHES);
    s.pick("thing", &["맷돌", "부채", "항아리", "방망이", "피리", "거울", "붓", "가마솥"]);
    s.paragraph(
        "{hero:은} {goods:을} <팔다/어서> 겨우 하루하루를 <살아가다/.>. $oldday, {hero:이} {place:에서} <쉬다/는데> [허름한 옷을 입은|지팡이를 짚은] {elder:이} <다가오다/.>. \
         @elder,nobody “[젊은이|이보게], 사흘을 굶었네. {food} 한 입만 나눠 주겠나?” {hero:은} 하나 남은 {food:을} [선뜻|아낌없이] <내밀다/.>.",
    );
    s.paragraph(
        "{elder:은} {food:을} 다 <먹다/고> {color} {thing:을} <꺼내다/.>. @elder,hero “이 {thing:은} 소원을 꼭 세 번 들어준다네. 남을 위해 쓰면 네 번째 소원도 <이루어지다/~거>.”$said:elder 말을 마친 {elder:은} 안개처럼 <사라지다/.>. $surprise:hero",
    );
    s.paragraph(
        "{hero:은} 첫 번째 소원으로 [마른 논에 비를|마을 우물에 맑은 물을] <빌다/.>. 두 번째 소원으로 [앓아누운|다리를 다친] 이웃 {friend:이} 낫게 해 달라고 <빌다/.>. \
         @friend,hero “{hero:아}, 이제 하나 남은 소원은 너를 위해 <쓰다/~라>.” {friend:이} {thing:을} <바라보다/으며> <말하다/.>.",
    );
    s.one_of(&[
        "그런데 그날 밤 도둑이 {color} {thing:을} <훔치다/어서> [금을|은을] 내놓으라고 <소리치다/.>. {thing:에서는} 모래만 쏟아져 <나오다/.>. 겁이 난 도둑이 {thing:을} {place:에} 버리자 {hero:은} 그것을 <찾다/어> 세 번째로 도둑이 착해지기를 <빌다/.>.",
        "{hero:은} 세 번째 소원으로 {goods} 장수들이 모두 배부르기를 <빌다/.>. 그러자 {elder:의} 말처럼 {thing:이} 한 번 더 <빛나다/고>, {hero:의} 집에도 {food:이} 가득 <쌓이다/.>.",
    ]);
    s.one_of(&[
        "$joy:hero",
        "$thanks:friend",
        "[둘은|{hero:과} {friend:은}] {place:에} 큰 집을 지어 배고픈 나그네를 <맞이하다/.>.",
    ]);
}
