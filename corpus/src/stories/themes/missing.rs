//! Something is missing. After a trouble `thing` is gone, and hero and friend know it. After a way out the hero has it.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "missing", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "left-behind",
        paragraphs: &[
            &[
                "($oneday,&{place:에서}) {hero:은} {friend:과} [한참|신나게|정신없이] <놀다/다가> [문득|갑자기] {color} {thing:이} [없어진|사라진] 것을 <알다/.>. \
                 {hero:은} {place:에서} {goal:까지} <오다/은> 길을 [머릿속으로|하나하나|거꾸로] <떠올리다/.>.",
                "$oneday, {hero:은} {place:에} <들르다/었다가> {goal:에서} {friend:을} <만나다/.>. 그런데 [가방을|주머니를|보따리를] <열다/고> <보다/으니> {color} {thing:이} <없다/.>. $surprise:hero",
            ],
            &[
                "@hero,friend “{friend:아}, [큰일 났어|어떡하지|이를 어째]! 내 {color} {thing:이} <없다/~>!”$shouted:hero \
                 @friend,hero “[{thing:을}|그 {thing:을}|{color} {thing:을}] [마지막으로|맨 나중에] <보다/~었?>? {place:에서} [쉴|앉을|{food:을} 먹을] 때는 [분명히|틀림없이] <있다/~었>.”$replied:friend",
                "@friend,hero “{hero:아}, [왜 그래|무슨 일이야|얼굴이 왜 그래]? {thing} 때문이야?”$asked:friend \
                 @hero,friend “{elder:이} <주다/^은> {color} {thing:을} [{place:에}|어딘가에|오는 길에] [두고 왔나|흘렸나|놓고 왔나] 봐.”$replied:hero $sad:hero",
            ],
        ],
    },
    Passage {
        name: "wind",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {place:에서} {color} {thing:을} {friend:에게} <보여 주다/고> <있다/.>. 그때 [세찬|차가운|갑작스러운|모래 섞인] 바람이 <지나가다/으며> {thing:을} [휙|훌쩍|저 멀리] <가져가다/.>.",
                "{hero:이} {color} {thing:을} {place} 옆 [나뭇가지에|바위에|울타리에] <걸다/어> <두다/고> {friend:과} {game:을} <하다/는> 사이, [돌개바람이|회오리바람이|강바람이|산바람이] [몹시|갑자기|무섭게] <지나가다/.>. 바람이 <멈추다/자> {thing:은} [그림자도|자취도] <없다/.>.",
            ],
            &[
                "@friend,hero “{hero:아}, {thing:이} {goal} 쪽으로 [날아간|굴러간|사라진] 모양이야!”$shouted:friend {hero:은} [바람을 따라|손을 뻗으며|숨이 차도록] {n} 걸음을 <뛰다/었지만> {thing:은} [벌써|이미] 보이지 <않다/.>.",
                "{hero:은} {place} [둘레를|곳곳을|언저리를] $everywhere <살펴보다/었지만> {color} {thing:은} <없다/.>. @hero,friend “{elder:이} 아시면 [뭐라고 하실까|서운해하실 거야|걱정하실 거야]. {thing:은} 하나뿐인데.” $worry:hero",
            ],
        ],
    },
    Passage {
        name: "lent",
        paragraphs: &[
            &[
                "$oneday, {third:이} {hero:을} <찾아오다/.>. @third,hero “{hero:아}, {skill} 연습을 [해야 하는데|하려는데|꼭 해야 해서] {color} {thing:을} {n} 밤만 빌려줄 수 <있다/~?>?”$asked:third {hero:은} [선뜻|조금 망설이다가|기꺼이] {thing:을} <빌려주다/.>.",
                "{hero:은} [지난주에|얼마 전에|{n} 밤 전에] {third:에게} {color} {thing:을} <빌려주다/.>. {third:은} {goal:에서} 쓰고 [금방|꼭|곧] 돌려주겠다고 <약속하다/.>.",
            ],
            &[
                "[그런데|하지만] 약속한 날이 [지나도|되어도|훌쩍 지나도] {third:은} <오다/지> <않다/.>. @hero,friend “{friend:아}, {third:이} 내 {thing:을} [잊은|잃어버린|가져가 버린] 걸까?” {hero:이} {friend:에게} [걱정스럽게|시무룩하게|한숨을 쉬며] <묻다/.>.",
                "[그런데|하지만] {m} 밤이 지나고 {third:을} <찾아가다/으니> {third:은} [얼굴을 붉히며|고개를 숙이며|울먹이며] <말하다/.>. @third,hero “{thing:이} [없어졌어|어디에 있는지 모르겠어|사라졌어]. {goal:에서} {game:을} 하다가 [놓쳤나|잃어버렸나] 봐.” $sad:hero {friend:은} {hero:의} [어깨를|등을] <쓰다듬다/.>.",
            ],
        ],
    },
    Passage {
        name: "thief",
        paragraphs: &[
            &[
                "[아침에|한낮에|저녁 무렵] {hero:은} {color} {thing:을} {nook:에} [잘|고이|얌전히] <두다/고> {friend:과} {place:에} <다녀오다/.>. 돌아와 <보다/으니> {nook:은} [텅|말끔히] <비다/고> [낯선|작은|젖은] 발자국만 {n} 개 <남다/어> <있다/.>.",
                "$oneday, [잔치를|장을|씨름을] <보다/으러> {place:에} <가다/은> {hero:은} [사람들|구경꾼들|무리] 틈에서 {color} {thing:을} <잃다/.>. 누군가 {thing:을} [몰래|슬쩍|감쪽같이] <가져가다/은> {=것:.}.",
            ],
            &[
                "@hero,friend “누가 내 {thing:을} <가져가다/~었>! {color} {thing:은} [이 마을에|세상에|여기에] 하나밖에 없는데.”$shouted:hero @friend,hero “[{goal} 쪽으로|{place} 쪽으로] [누가|무언가] [급히|후다닥|허둥지둥] 가는 걸 <보다/~었>.”$replied:friend",
                "{friend:은} [소식을|이야기를] <듣다/고> $hurry <달려오다/.>. @friend,hero “{hero:아}, [함부로|섣불리] 남을 의심하지는 <말다/~자>. {thing:이} [왜|어떻게] 없어졌는지 [먼저|천천히|같이] <살펴보다/~자>.”$said:friend $resolve:hero",
            ],
        ],
    },
    Passage {
        name: "moving-house",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {elder:을} <돕다/어> [집 안을|헛간을|창고를|다락을] $hard <정리하다/.>. 해가 <지다/고> 나서 {hero:은} {color} {thing:이} [온데간데없는|보이지 않는|없어진] 것을 <깨닫다/.>.",
                "{hero:의} 집은 [지난달|며칠 전|이번 봄] {goal} 가까이로 <옮기다/.>. [짐을|보따리를|상자를] 다 <풀다/었지만> {color} {thing:만은} [어디에도|아무 데도] <없다/.>.",
            ],
            &[
                "@hero,elder “{elder:아}, 제 {color} {thing:을} [혹시|어디서] <보다/~었?>?”$asked:hero @elder,hero “[글쎄|가만|이런], {fruit} [상자|바구니|자루] {n} 개를 나를 때 [함께|같이] 섞였나 보구나.”$replied:elder {hero:은} {friend:에게도} [물어보았지만|소식을 전했지만] {friend:도} [고개를 <흔들다/.>|까닭을 <모르다/.>|처음 듣는 {=말:.}].",
                "{friend:이} <놀다/으러> <오다/자> {hero:은} [울먹이며|한숨을 쉬며|힘없이] 그 이야기를 <하다/.>. @friend,hero “{thing:은} 네가 {place:에서} {game:을} 할 때마다 가지고 다니던 {=것:~지}? [틀림없이|분명히|꼭] [{nook} 같은 데|{goal} 가까이에] <있다/~거>.” $worry:hero",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "retraced-steps",
        paragraphs: &[&[
            "{hero:과} {friend:은} {goal:에서} {place:까지} [왔던 길을|지나온 길을|같은 길을] $slowly <돌아가다/.>. {n} 번째 [모퉁이|나무|징검돌|울타리] 옆에서 {friend:이} <멈추다/.>. \
             @friend,hero “{hero:아}, 여기 {nook:을} <보다/~라>! {color} {thing:~네}!”$shouted:friend",
            "@friend,hero “{place:에} <오다/었을> 때부터 [처음부터|거꾸로|차근차근] 되짚어 <보다/~자>. {place:에서} 무엇을 <하다/~었?>?”$asked:friend @hero,friend “{fruit:을} <먹다/고>, {game:을} <하다/고>, 그다음에…. 아, {nook}!”$shouted:hero \
             두 친구가 {nook:으로} <뛰어가다/어> <보다/으니> {color} {thing:이} [얌전히|그대로|먼지를 쓴 채] <놓여 있다/.>.",
        ]],
    },
    Passage {
        name: "footprints",
        paragraphs: &[
            &[
                "{friend:은} [땅바닥을|길가를|{place} 둘레를] <살펴보다/다가> [작은|동그란|진흙 묻은|이상한] 발자국을 <발견하다/.>. 발자국은 {goal:을} <지나가다/어서> {nook} 앞에서 <끝나다/.>.",
                "[자세히|찬찬히|허리를 굽혀] <보다/으니> [흙길에|모랫바닥에|이슬 젖은 풀밭에] [무언가를|{thing:을}] [끌고 간|물고 간|옮긴] 자국이 <있다/.>. {hero:과} {friend:은} 그 자국을 <따라가다/어> {goal:까지} <가다/.>.",
            ],
            &[
                "{nook:에는} [어린|조그만|갓 태어난] [들쥐|까치|다람쥐|고양이] {n} 마리가 {color} {thing:을} [이불|요|베개] 삼아 <자다/고> <있다/.>. @hero,friend “[쉿|가만], {friend:아}. {gift:을} 대신 <두다/고> {thing:만} 살짝 <가져가다/~자>.”$said:hero",
                "자국이 끝난 {nook:에서} {color} {thing:이} [반쯤|살짝] 흙에 덮인 채 <나오다/.>. [까마귀가|들개가|너구리가|족제비가] [반짝이는|냄새나는|신기한] 것을 [감추어|숨겨|모아] 둔 {=곳:.}. $relief:hero",
            ],
        ],
    },
    Passage {
        name: "asking-around",
        paragraphs: &[
            &[
                "{hero:과} {friend:은} [만나는 이마다|집집마다|길목마다] {color} {thing:을} <보다/었는지> <물어보다/.>.",
                "@friend,hero “{thing:을} [혼자서는|둘이서는|이대로는] 찾기 힘들어. {elder:께도} {third:에게도} <물어보다/~자>.”$said:friend 두 친구는 {place:에서} {goal:까지} [쉬지 않고|부지런히|다리가 아프도록] <돌아다니다/.>.",
            ],
            &[
                "{m} 번째로 <만나다/은> {third:이} [무릎을 치며|손뼉을 치며|고개를 끄덕이며] <대답하다/.>. @third,hero “아, 그 {color} {thing}! [임자를|주인을] 찾아 주려고 {nook:에} [잘|고이] 두었지.”$said:third {third:은} {thing:을} <꺼내다/어> {hero:에게} <건네다/.>.",
                "{goal:에서} <만나다/은> {elder:이} [수염을 쓰다듬으며|허허 웃으며|잠시 생각하더니] <말하다/^.>. @elder,hero “[혹시|이게] {color} {thing} 말이냐? {n} 밤 전에 {nook:에서} 주웠단다.”$said:elder {hero:은} [허리를 굽혀|두 손으로|고개를 숙이고] {thing:을} <받다/.>.",
            ],
        ],
    },
    Passage {
        name: "trade",
        paragraphs: &[
            &[
                "{goal:에서} {third:이} {color} {thing:을} <들다/고> <있다/는> 것을 {hero:이} <보다/.>. @third,hero “이건 내가 {nook:에서} <줍다/은> {=거:~}. [{fruit} {n} 개를 주면|{made:을} 만들어 주면|{skill:을} 가르쳐 주면] <돌려주다/~게>.”$said:third",
                "[알고 보니|뜻밖에도|듣고 보니] {color} {thing:은} {third:에게} <있다/.>. {third:은} [길에서|{place:에서}|{nook:에서}] 주운 {thing:이} [제 것인 줄|임자 없는 물건인 줄|선물인 줄] <알다/.>. 그리고 그냥은 줄 수 없다며 {fruit} {n} 개를 달라고 <하다/.>.",
            ],
            &[
                "{hero:은} [화가 났지만|억울했지만|망설였지만] {friend:과} 함께 [해 질 때까지|온종일|땀을 흘리며] {fruit} {n} 개를 <따다|구하다/어> 주고 {thing:을} <받다/.>. {third:은} {fruit:을} [한 입|두 입] <먹다/고> [머쓱하게|수줍게|환하게] <웃다/.>.",
                "@friend,third “{third:아}, {thing:은} {hero:이} {elder:에게} 받은 {=거:~}. {thing} 대신 [내 {gift:을}|이 {made:을}] <주다/~게>.”$said:friend {third:은} {gift:을} [요리조리|가만히|한참] <살펴보다/고> [고개를 끄덕이며|빙긋 웃으며] {thing:을} <돌려주다/.>. $thanks:hero",
            ],
        ],
    },
    Passage {
        name: "by-itself",
        paragraphs: &[&[
            "[아무리|며칠을] <찾다/어도> 없자 {hero:은} [마음을 비우고|더는 찾지 않고|눈물을 닦고] {elder:을} <돕다/어서> {plant:을} <심다/기로> <하다/.>. 그런데 [호미 끝에|흙 속에서|거름 더미에서] [딸각|덜컥|톡] 하고 무언가 <걸리다/.>. 흙을 <쓸다/어> <보다/으니> 바로 그 {color} {thing:.}. $joy:hero",
            "{hero:은} {thing} 대신 {made:을} <만들다/어> <가지다/기로> <하다/.>. [재료를|끈을|종이를] <찾다/느라고> {nook:에} 손을 <넣다/었는데>, 손끝에 [익숙한|차가운|둥근] 것이 <닿다/.>. @hero,friend “{friend:아}, {thing:이} 여기 <있다/~었네>! [아무리|그렇게] 찾을 때는 {nook:에서도} 안 보이더니.”$shouted:hero",
        ]],
    },
];

const ENDINGS: &[&str] = &[
    "$joy:hero @hero,friend “{friend:아}, [정말|참] <고맙다/~>. [네가|너] 아니었으면 {color} {thing:을} [영영|다시는|끝내] 못 찾았을 거야.”$said:hero 그 뒤로 {hero:은} {thing:을} [꼭|늘|언제나] [주머니 깊숙이|품속에|보따리 안에] <넣다/고> <다니다/.>.",
    "{hero:은} [그길로|곧장|숨 돌릴 틈도 없이] {elder:에게} <달려가다|찾아가다/어서> {thing:을} <찾다/은> 이야기를 <하다/.>. @elder,hero “{thing:보다} {friend:의} 마음이 더 귀한 {=법:~지}. {nook} 같은 데 갈 때는 [잘|꼭] <챙기다/~라>.”$said:elder",
    "{hero:은} [다음 날|며칠 뒤] {friend:에게} [똑같은|꼭 닮은|조금 더 작은] {color} {thing:을} 하나 <만들다|구하다/어> <주다|선물하다/.>. [둘은|두 친구는] {thing:을} 볼 때마다 {nook:을} <떠올리다/으며> <웃다/.>.",
    "{hero:은} {thing:에} [이름을|작은 방울을|빨간 실을] <붙이다|매다/어> <두다/.>. {elder:은} 그것을 <보다/^고> @elder,hero “이제 {thing:이} 길을 잃어도 {hero:에게} <돌아오다/~겠>.” 하고 {hero:을} 보며 [빙그레|흐뭇하게|크게] <웃다/^.>.",
    "[그날|그 일] 뒤로 {hero:은} [누가|{third:이}|이웃이] 무엇을 <잃어버리다/으면> [제일 먼저|발 벗고|누구보다 먼저] <도와주다/.>. [잃은|찾는] 마음이 어떤지 {color} {thing} 덕분에 <알다/기> {=때문:.}.",
];
