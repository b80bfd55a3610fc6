//! Friends fall out. After a trouble hero and friend are angry with each other, both a little in the wrong, and go
//! their own ways. After a way out they have made it up, with words.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "quarrel", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "who-won",
        paragraphs: &[
            &[
                "$oneday, {hero:과} {friend:은} {place:에서} {game:을} <하다/.>. 진 쪽이 이긴 쪽에 {food} {n} 개를 내기로 [새끼손가락까지 걸고|단단히|큰소리치며] <약속하다/.>.",
                "{hero:과} {friend:은} {game:으로는} 누구에게도 지기 싫어하는 {=사이:.}. $oneday, 둘은 {food} {n} 개를 걸고 {place:에서} {game:을} <시작하다/.>. {third:은} [옆에서|나무 상자에 앉아|팔짱을 끼고] 구경을 <하다/.>.",
                "$oneday, {place:에서} {game} 겨루기가 <열리다/.>. {hero:과} {friend:은} 끝까지 <남다/어서> {food} {n} 개를 놓고 [마지막 판을|한판을] <시작하다/.>.",
            ],
            &[
                "@friend,hero “{game} 열 판 가운데 {n} 판은 내가 <이기다/~었>, {hero:아}!” @hero,friend “무슨 소리야, {friend:아}. [아까|세 번째 판에서|처음부터] {game} 규칙을 어긴 건 {friend} 너잖아!”$shouted:hero 둘은 서로 [옳다고|이겼다고] <우기다/었고>, {food} {n} 개는 [아무도 먹지 못한 채|바닥에 뒹군 채] 그대로 <남다/.>. {hero:과} {friend:은} 서로 등지고 따로따로 집으로 <돌아가다/.>.",
                "{game:이} 끝나자 {friend:은} [속임수를 썼다며|먼저 움직였다며|억지를 부린다며] {hero:을} <가리키다/.>. @hero,friend “{game:에} 졌다고 [떼를 쓰다니|남을 탓하다니], {friend:은} [욕심쟁이야|못난이야]!” 그 말에 {friend:의} 눈에 눈물이 <고이다/.>. {friend:은} {food} {n} 개를 내던지고 {goal} 쪽으로 <달려가다|가다/어> 버렸는데, {hero:은} 부르지도 <않다/.>.",
            ],
        ],
    },
    Passage {
        name: "kept-waiting",
        paragraphs: &[
            &[
                "{hero:과} {friend:은} [한낮에|해 뜰 무렵|아침 일찍] {goal:에서} 만나 함께 {place:에} <가다/기로> <하다/.>. {hero:은} {fruit} {n} 개를 <챙기다/어> 먼저 나갔지만, [해가 기울도록|한참이 지나도|다리가 저리도록] {friend:은} 나타나지 <않다/.>.",
                "@friend,hero “내일은 {goal:에서} <만나다/~자>, {hero:아}. {place:에} <가다/어서> 같이 {game:을} <하다/~자>.”$said:friend {hero:은} 밤새 잠을 설치며 기다렸고, [이튿날|다음 날] 맨 먼저 {goal:에} <도착하다/.>. 그러나 {fruit} {n} 개를 다 <먹다/도록> {friend:은} <오다/지> <않다/.>.",
            ],
            &[
                "기다리다 못해 {hero:은} 혼자 {place:으로} <가다/.>. 한참 뒤에 온 {friend:은} [태연하게|하품을 하며|아무렇지 않은 듯] {fruit} 남은 것이 있느냐고 <묻다/.>. @hero,friend “{goal:에서} 나 혼자 얼마나 [기다렸는지|오래 서 있었는지] 알기나 해, {friend:아}?” @friend,hero “{third:을} 도와주다 늦었는데 [그것도 몰라주니|화부터 내니], {hero:아}?” {hero:과} {friend:은} 그길로 [서로 등을 돌리고|말 한마디 없이] {goal} 쪽과 {place} 쪽으로 <돌아서다/.>.",
                "혼자 {place:까지} 간 {hero:은} 그곳에서 {third:과} 웃고 있는 {friend:을} <보다/.>. @hero,friend “{goal:에서} 만나자던 약속은 [잊었니|장난이었니|없던 걸로 했니]?”$asked:hero @friend,hero “나는 {hero:이} {place:에서} 만나자고 한 줄 <알다/~었>. [제대로 듣지도 않고|네가 잘못 들어 놓고] 왜 나한테 그래, {hero:아}?” $sad:hero 그날 {hero:과} {friend:은} {fruit} 하나도 나누어 먹지 <않다/.>.",
            ],
        ],
    },
    Passage {
        name: "which-colour",
        paragraphs: &[
            &[
                "$oneday, {hero:과} {friend:은} {elder:에게} 드릴 {made:을} 함께 <만들다/기로> <하다/.>. {place:에서} 만난 {hero:과} {friend:은} [반나절 동안|{n} 시간 내내|점심도 거르고] 사이좋게 재료를 <모으다/.>.",
                "{place:에서} [잔치가|솜씨 자랑이|모임이] 열린다는 소식에 {hero:과} {friend:은} {made:을} 내놓기로 <하다/.>. {hero:과} {friend:이} {n} 밤 동안 애쓴 끝에 {made:은} 꾸미는 일만 <남다/.>.",
            ],
            &[
                "그런데 {hero:은} {color} 끈을 <매다/자고> 하고 {friend:은} {plant} 잎을 <붙이다/자고> <하다/.>. @friend,hero “{made} 하나를 만들어도 [언제나|늘] 네 마음대로잖아, {hero:아}!”$shouted:friend @hero,friend “{friend:은} [하필|그깟] {plant} 잎이 뭐가 예쁘다는 거야? [그럴 거면|그렇게 싫으면] {made:은} {friend} 혼자 <만들다/~라>!” $sad:hero 둘은 {made:을} [반쯤 만든 채|그대로] 두고 {place:을} <나서다/.>.",
                "{hero:이} 말도 없이 {made:에} {color} 칠을 <하다/자> {friend:의} 얼굴이 <붉어지다/.>. @friend,hero “{made:은} 같이 정하기로 했는데 {hero:은} [왜|어째서] 묻지도 않고 칠한 {=거:~?}?” @hero,friend “{color} {made} 쪽이 {friend} 생각보다 [훨씬|백배는] 곱기만 한걸. [{friend:은}|누가 뭐래도 {friend:은}] 고집쟁이야!”$replied:hero {hero:과} {friend:은} 붓을 내던지고 [다시는 보지 않겠다며|씩씩거리며] {place:에서} <나가다/.>.",
            ],
        ],
    },
    Passage {
        name: "laughed-at",
        paragraphs: &[
            &[
                "{friend:은} [지난달부터|{n} 밤 전부터|얼마 전부터] {place:에서} 남몰래 {skill:을} <연습하다/.>. $oneday, {friend:은} [용기를 내어|얼굴을 붉히며|두근거리는 마음으로] {hero:과} {third} 앞에서 {skill:을} 보여 주기로 <하다/.>.",
                "$oneday, {friend:은} {hero:을} {place:으로} <부르다/.>. @friend,hero “{hero:아}, 내 {skill} 솜씨 좀 봐 줄래? {third:도} 모르게 {n} 밤이나 [혼자|몰래] <연습하다/~었>.”$asked:friend {hero:은} {fruit:을} 우물거리며 {nook} 쪽에 [자리를 잡고|편하게] <앉다/.>.",
            ],
            &[
                "그런데 {friend:이} 그만 [한가운데서|시작하자마자|{n} 번째 대목에서] <틀리다|실수하다/.>. {hero:은} 저도 모르게 큰 소리로 <웃다/.>. @friend,hero “{hero:만은} [웃지 않을 줄|{skill} 연습을 응원할 줄] <알다/~었>. {hero} 너도 [예전에|처음에는] {skill:을} 못했잖아!”$shouted:friend 기분이 상한 {hero:도} [엉터리라고|재주가 없다고] 쏘아붙였고, 둘은 그날로 서로 말을 하지 <않다/.>.",
                "@hero,friend “{friend:은} [그것도|그걸] {skill:이라고} 하는 거야? [{third:이} 자면서 해도|{third:이} 눈 감고 해도] {friend}보다는 <낫다/~겠>.” {hero:은} 장난으로 한 말이었지만 {friend:은} [웃지|고개를 들지] <않다/.>. @friend,hero “그러는 {hero:은} {game:도} [만날 꼴찌면서|하나 제대로 못하면서]!” 오가는 말이 점점 [거칠어지더니|뾰족해지더니] 끝내 {hero:과} {friend:은} {place:에서} 따로 <돌아가다/.>.",
            ],
        ],
    },
    Passage {
        name: "left-out",
        paragraphs: &[
            &[
                "[요즘|며칠 전부터] {friend:은} [새로 사귄|건넛마을에 사는|{game} 잘하는] {third:과} {place:에서} 노느라 {hero:을} 잊고 <지내다/.>. {hero:이} {goal:에} 가자고 해도 [내일 보자고만|바쁘다고만|다음에 가자고만] <하다/.>. {hero:은} {food} {n} 개를 혼자 먹으며 [길게|몇 번이고] 한숨을 <쉬다/.>.",
                "$oneday, {hero:은} {food} {n} 개를 싸 들고 {friend:을} <찾아가다/.>. 그런데 {place:에서} {friend:은} {third:과} [둘이서만|머리를 맞대고|손뼉을 마주 치며] {game:을} <하다/고> <있다/.>. {hero:이} 온 줄도 <모르다/.>.",
            ],
            &[
                "@hero,friend “{third:이} 그렇게 좋으면 앞으로 {third:하고만} {game:을} <하다/~라>!”$shouted:hero @friend,hero “{hero:아}, {third:이랑} 놀면 [안 된다는 법이라도|누가 잡아가기라도] 한대? {goal:에} 안 간 건 [다리를 다쳐서였는데|{elder} 심부름 때문이었는데].” {friend:도} [화가 나서|발끈해서] <돌아서다/.>. {hero:은} {food:을} [길에 둔 채|도로 싸 들고] <뛰어가다/.>.",
                "{hero:은} [심통이 나서|서운한 나머지] {friend:의} {fruit} 바구니를 {nook:에} 숨겨 <버리다/.>. @friend,hero “내 {fruit:은} 왜 숨기는 {=거:~?}, {hero:아}? 이제 {hero:하고는} [말도 안 할래|{goal:에도} 안 갈래|{game:도} 안 할래].” @hero,friend “나도 {friend} 없이 {game:을} 하면 [그만이야|더 좋아]!” 말은 그렇게 했지만 {hero:의} 발걸음은 <무겁다/.>.",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "the-elders-own-quarrel",
        paragraphs: &[
            &[
                "{elder:은} 시무룩한 {hero:에게} {drink:을} <건네다/^으며> 옛이야기를 <꺼내다/^.>. @elder,hero “내가 {hero}만 할 때 {place:에서} 동무와 [크게|대판] 다툰 적이 있단다. {n} 해 동안 말을 안 하고 지냈는데, 막상 {fruit:을} 나눠 먹으며 [화해하고|손을 잡고] 나니 {=하루|이틀|사흘:도} 아까웠지 뭐냐.”",
                "@hero,elder “{elder:아}, {friend:이} 먼저 와서 빌면 그때 [용서해|못 이기는 척 받아] 줄 거예요.” @elder,hero “{hero:아}, {fruit} 한 알도 [먼저 손을 뻗는|먼저 일어나는] 이가 따는 {=법:~지}. {friend:도} 지금 [똑같은|꼭 같은] 말을 하며 {goal:에} 앉아 있을걸.”$said:elder {hero:은} [할 말을 잃고|가만히] 제 발끝을 <내려다보다/.>.",
            ],
            &[
                "{hero:은} [그길로|날이 밝자마자|더 생각하지 않고] {friend:에게} <달려가다/.>. @hero,friend “{friend:아}, {place:에서} 심한 말을 해서 <미안하다/~>. [{place} 일은|그날 {place:에서는}] 내가 먼저 [참았어야|{friend} 말을 들어야] 했어.”$said:hero @friend,hero “나도 {hero} 얼굴을 못 보니 {fruit:도} [맛이 없더라|안 넘어가더라]. 나도 [정말|많이] <미안하다/~>, {hero:아}.”$replied:friend",
                "{goal:에} <가다/어> <보다/으니> {friend:은} 정말 혼자 {fruit:을} 만지작거리며 <앉다/어> <있다/.>. {hero:은} 말없이 그 옆에 앉아 [한참|{fruit} 하나를 다 먹을 때까지] 같은 쪽을 <바라보다/.>. @hero,friend “{friend:아}, [{place:에서}|그날 {place:에서}] 내가 {friend:에게} [심했어|잘못했어|너무했어].” @friend,hero “[{hero:은}|{hero:이}] 반만 잘못했어, 나머지 반은 [나야|내 잘못이야].”$said:friend",
            ],
        ],
    },
    Passage {
        name: "letters",
        paragraphs: &[
            &[
                "{hero:은} [등불 밑에서|밤늦도록|엎드려서] 쪽지를 <쓰다/.>. ‘{friend:아}, {place:에서} 한 말은 [진심이|참마음이] 아니었어. [내일|모레] {goal:에서} {food:을} 들고 기다릴게.’ {n} 번을 고쳐 쓴 쪽지는 {third:이} [대신|흔쾌히] <가져다주다/.>.",
                "말로는 도무지 입이 떨어지지 않아 {hero:은} {food} 꾸러미에 [작은|접은] 쪽지를 끼워 {friend:의} 집 앞에 <두다/.>. ‘{friend:아}, [네가|{friend:이}] 없으니 {game:도} {skill:도} 재미가 없어. {goal:에서} {food:을} [같이 먹자|나눠 먹자].’",
            ],
            &[
                "[이튿날|그날 저녁|다음 날], {hero:의} 집 앞에는 {fruit} {m} 개와 답장이 <놓여 있다/.>. ‘{hero:아}, 나도 [쪽지를 썼다가|편지를 쓰다가] {m} 번이나 찢었어. {goal:에서} {hero:을} 만나면 [내가 먼저|큰 소리로] 미안하다고 할게.’ {hero:과} {friend:은} {goal:에서} 서로를 보자마자 [동시에|한목소리로] <사과하다/.>.",
                "{hero:은} {goal:에서} [가슴을 졸이며|발을 동동 구르며] <기다리다/.>. [해가 중천에 뜰|그림자가 길어질] 무렵, {friend:이} 쪽지를 꼭 쥐고 <나타나다/.>. @friend,hero “{hero:이} 쓴 쪽지를 {m} 번이나 읽고 <오다/~었>. 나도 [소리를 질러서|고집을 부려서] <미안하다/~>, {hero:아}.” $relief:hero",
            ],
        ],
    },
    Passage {
        name: "help-in-need",
        paragraphs: &[
            &[
                "그런데 {goal:에서} 혼자 돌아오던 {hero:이} [발을 헛디뎌|돌부리에 걸려|미끄러져] 발목을 <다치다/.>. [날은 저물고|빗방울은 떨어지고] {hero:이} {place} 쪽으로 아무리 소리쳐도 대답이 <없다/.>. 그때 멀리서 {friend:의} 목소리가 <들리다/.>. @friend,hero “{hero:아}, {goal:에} 간 뒤로 안 와서 [걱정했잖아|찾으러 왔어]!”$shouted:friend",
                "[며칠 뒤|그 무렵], {hero:은} {friend:이} [열이 나서|배탈이 나서] 누웠다는 말을 {third:에게} <듣다/.>. 다퉜던 일은 [까맣게|어느새] 잊고 {hero:은} {dish:을} 싸 들고 {friend:의} 집으로 <달려가다/.>. @friend,hero “{hero:이} {dish:을} 다 <들고 오다/~었네>. [아직도|여전히] {place} 일로 {hero:이} [나한테|내게] 화난 줄 알았는데.”",
            ],
            &[
                "{hero:은} [눈시울이|코끝이] <뜨겁다/어서> {friend:의} 손을 꼭 <잡다/.>. @hero,friend “[{place:에서}|그날] 내가 한 말은 다 잊어 줘, {friend:아}. {friend} 없이 {goal:에} 가 보니 [하나도 즐겁지 않더라|네 생각만 나더라].” @friend,hero “[벌써|진작] 잊었지, {hero:아}. 그 대신 {hero:도} 내가 {place:에서} [화낸|고집부린] 건 잊기다?”$replied:friend",
                "@hero,friend “{friend:아}, 먼저 사과해야지 생각만 하고 {n} 밤을 그냥 <지내다/~었>. [{place:에서}|그날 {place:에서}] [속 좁게 굴어서|{friend} 마음을 몰라줘서] <미안하다/~>.” {friend:은} 대답 대신 {food} 하나를 반으로 <나누다/어> {hero:에게} [큰 쪽을|더 큰 조각을] <내밀다/.>. {hero:과} {friend:은} {place} 이야기를 하며 [마주 보고|소리 내어] <웃다/.>.",
            ],
        ],
    },
    Passage {
        name: "brought-together",
        paragraphs: &[
            &[
                "{third:은} [두 친구의 일이|둘이 말을 안 하는 것이] 안타까워 꾀를 <내다/.>. @third,hero “{hero:아}, {elder:이} {dish:을} [나누어 주신대|끓이신대]. [꼭|어서] {friend:보다} 먼저 {goal:에} <가다/어> <보다/~라>.”$said:third 그러고는 {friend:에게도} 똑같은 말을 <전하다/.>.",
                "{elder:은} {hero:을} <부르다/어> {dish} 한 그릇을 {goal:까지} <가져다주다/라고> <부탁하다/^.>. 한편 {third:은} {friend:에게} 숟가락 두 개를 <들다/고> {goal:으로} 가라고 <하다/.>. [아무것도 모르는|영문을 모르는] {hero:과} {friend:은} {goal:에서} 딱 <마주치다/.>.",
            ],
            &[
                "{goal:에는} {dish} 한 그릇과 숟가락 두 개가 <놓여 있다/고>, 마주 앉은 둘은 [한참|먼 산만 보며] 말이 <없다/.>. 먼저 {hero:이} 그릇을 {friend} 쪽으로 <내밀다/.>. @hero,friend “{dish:은} 네가 좋아하는 거잖아, {friend:아}. {place:에서는} 내가 [너무했어|심했어].” @friend,hero “같이 먹자, {hero:아}. [나도 {place} 일이|실은 나도 {place} 일이|나도 그날 {place:에서} 있던 일이] [내내|{n} 밤 내내] {hero:에게} <미안하다/~었>.”",
                "@friend,hero “{hero:아}, {dish:이} 식기 전에 [할 말이|꼭 할 말이] <있다/~>. [저번에 {place:에서는}|그때 {place:에서는}] 내가 {hero:에게} [나빴어|말이 지나쳤어].”$said:friend @hero,friend “[그 말은|그건] {friend:보다} 먼저, {dish} 먹기 전에 내가 하려던 {=말:~}. {friend:아}, {place} 일은 나야말로 <미안하다/~>.” [숨어서 보던|지켜보던] {third:이} 손뼉을 <치다/으며> <나오다/.>.",
            ],
        ],
    },
    Passage {
        name: "half-way",
        paragraphs: &[
            &[
                "{n} 밤이 <지나가다/자> {hero:은} 더는 [견딜 수|참을 수] <없다/어서> {color} {thing:을} <들다/고> {friend:의} 집으로 <나서다/.>. 그런데 {place:에} <이르다/자> 맞은편에서 누군가 <다가오다/.>. {gift:을} 품에 안은 {friend:.}.",
                "{hero:은} [가장 아끼는|하나뿐인] {color} {thing:을} {friend:에게} 주고 화해하기로 <하다/.>. 같은 시각, {friend:도} {gift:을} 들고 집을 <나서다/.>. 둘은 {place:과} {goal} 사이의 [좁은|굽은] 길에서 [쿵 하고|이마를 맞대듯] <마주치다/.>.",
            ],
            &[
                "@hero,friend “이 {color} {thing:을} 주려고 [{friend:한테}|{friend} 집으로] 가던 {=길:~}. {friend:아}, {place:에서} 내 생각만 해서 <미안하다/~>.” @friend,hero “어, 나도 {hero:에게} {gift:을} 주려고 했는데. {place:에서} {hero:에게} 먼저 [골을 내서|화를 내서] <미안하다/~>.” 둘은 {thing:과} {gift:을} [바꾸어 들고|서로 바꾸고] 배를 잡고 <웃다/.>.",
                "@friend,hero “[하나, 둘, 셋 하면|셋을 세면|여기 {place:에서}] 같이 말하자, {hero:아}.” @friend,hero “[미안해|내가 미안해], {hero:아}!” @hero,friend “[미안해|나도 미안해], {friend:아}!” {hero:과} {friend:의} 목소리가 나란히 {place:에} <울려 퍼지다/.>. {friend:은} {gift:을}, {hero:은} {color} {thing:을} <내밀다/었고>, 둘 다 [눈이 젖은 채|코를 훌쩍이며] <웃다/.>.",
            ],
        ],
    },
];

const ENDINGS: &[&str] = &[
    "[그날부터|그 뒤로] {hero:과} {friend} 사이에는 [약속이 하나|약속 하나가] <생기다/.>. 다투더라도 [해가 지기 전에|{food:이} 식기 전에|{n} 밤을 넘기지 않고] {place:에서} 만나 {fruit:을} 나누어 먹기로 한 {=것:.}.",
    "{elder:은} 나란히 오는 {hero:과} {friend:을} <보다/^고> 빙그레 <웃다/^.>. @elder,hero “비 온 뒤에 땅이 굳는다더니 {hero:과} {friend:이} [꼭 그렇구나|그 말 그대로구나]. [어서|이리] 와서 {friend:과} 나란히 {dish:을} <먹다/~라>.”$said:elder",
    "두 친구는 {goal:에} <가다/어서> {third:까지} 불러 {game:을} <하다/.>. 누가 이기든 {fruit:은} [똑같이|사이좋게] 나누었고, {hero:은} {friend:이} 이길 때마다 [제일 먼저|누구보다 크게] 손뼉을 <치다/.>.",
    "{hero:은} {plant} 씨앗을 {friend:과} 함께 {place} 곁에 <심다/.>. @friend,hero “{place} 곁에 심은 이 {plant} 앞에서는 [화내지|토라지지|소리 지르지] <말다/~자>, {hero:아}.”$said:friend {plant:은} {hero:과} {friend:의} [웃음소리를|이야기를] 들으며 무럭무럭 <자라다/.>.",
    "{hero:은} 집에 <돌아오다/어> {color} {thing:을} [창가에|잘 보이는 곳에] <올려놓다/.>. 그리고 [앞으로는|다음에는] 성이 나도 {friend:의} 말부터 끝까지 듣겠다고 <다짐하다/.>.",
];
