//! A contest. After a trouble hero and third have competed in `skill` for `gift`, which elder has put up, and who has won
//! is in dispute or undecided; both are unhappy, friend and elder know of it, and nobody has `gift` yet. After a way out
//! it is decided fairly, both are content, and `gift` belongs to one of the two or to both.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "contest", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "tie",
        paragraphs: &[
            &[
                "$oneday, {elder:이} {place:에} [모인|놀러 온] 이들 앞에 {gift:을} <내놓다/^.>. @elder,hero “{skill} 솜씨가 으뜸인 아이에게 이 {gift:을} [상으로|선물로] <주다/~게>.” {hero:과} {third:은} [나란히|동시에|앞다투어] 손을 <들다/.>.",
                "{place:에서} {skill} 대회가 <열리다/.>. {elder:이} 내건 상은 {gift:이고}, [{n} 명이 겨루어|여럿이 겨룬 끝에] 마지막까지 남은 것은 {hero:과} {third:.}.",
                "{hero:과} {third:은} {elder:이} [상으로|선물로] <내놓다/은> {gift:을} 두고 {place:에서} {skill} 솜씨를 <겨루다/기로> <하다/.>. {friend:은} [맨 앞줄에|{nook} 쪽에] 앉아 손뼉을 <치다/으며> {hero:을} <응원하다/.>.",
            ],
            &[
                "그런데 {hero:과} {third:은} {n} 번을 [겨루어도|다시 해도] 승부가 <나다/지> <않다/.>. @third,hero “{hero:아}, [누가 봐도|솔직히] 내 {skill:이} 조금 [낫지|더 좋았지]? {elder:이} 내건 {gift:은} [이제|당연히] 내 {=거:~}!”$shouted:third @hero,third “아니야, {third:아}! {friend:도} {gift:은} [내 것이라고|내 차지라고] [했어|그랬어].”$replied:hero",
                "[첫판은|처음에는] {hero:이}, [다음 판은|그다음에는] {third:이} 앞서더니, {n} 판째까지 [똑같은 점수로|나란히] <비기다/.>. 누구도 {gift:을} [양보하려|내주려] 하지 않았고, {hero:과} {third:은} [등을 홱 <돌리다/.>|서로 눈도 <마주치다/지> <않다/.>].",
            ],
        ],
    },
    Passage {
        name: "biased-judge",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {third:과} {skill} 시합을 <하다/기로> <하다/.>. 상은 {elder:이} 내놓은 {gift:이고}, 심판은 [하필|제비를 뽑아] {hero:의} 단짝 {friend:이} <맡다/.>.",
                "@third,hero “{hero:아}, {place:에서} {skill} 시합을 해서 이긴 쪽이 {elder:의} {gift:을} <가지다/~자>.”$said:third {hero:도} [고개를 끄덕였고|좋다고 했고], {friend:이} [호루라기를 불며|나뭇가지를 들고|점잔을 빼며] 심판을 <맡다/.>.",
                "{elder:은} {skill:을} 가장 잘하는 이에게 {gift:을} 주겠다며 {friend:에게} 심판을 <맡기다/^.>. {hero:과} {third:은} {n} 밤 동안 {place:에서} [목이 쉬도록|땀이 나도록|밤늦게까지] <연습하다/.>.",
            ],
            &[
                "{hero:과} {third:의} 솜씨는 엇비슷했지만 {friend:은} [대뜸|망설임 없이] {hero:의} 손을 <들다/어> <주다/.>. @third,friend “{friend:아}, 너는 {hero:이랑} [친하니까|{game:을} 같이 하니까] 그러는 거잖아!” {third:은} [울먹이며|발을 구르며] {gift:을} <가리키다/.>.",
                "{third:이} {n} 걸음은 앞서는 듯했는데, {friend:은} [마지막에|끝내] {hero:의} 이름을 <부르다/.>. {hero:은} 이겼다는데도 [가슴이|마음이] [따끔따끔|찜찜|뒤숭숭]했고, {third:은} {goal} 쪽으로 [고개를 떨구고|말없이] <걷다/.>.",
                "{friend:은} {third:의} 차례가 되자 [하품을|딴청을] 하더니 {hero:의} 차례에는 {n} 번이나 손뼉을 <치다/.>. 구경하던 이들이 [수군거리자|웅성거리자] {hero:은} 상으로 놓인 {gift:을} [차마|선뜻] <집다/지> <못하다/.>.",
            ],
        ],
    },
    Passage {
        name: "stumble",
        paragraphs: &[
            &[
                "{elder:이} {gift:을} 상으로 내건 {skill} 대회 날, {place:은} [아침부터|일찍부터] [시끌벅적하고|들썩이고], {hero:은} {third:과} 마지막 승부를 <남기다/.>.",
                "$oneday, {hero:은} {third:과} {gift:을} 걸고 {skill} 실력을 <겨루다/.>. {elder:이} 손을 들자 {place:에} [모인|구경 온] 이들이 숨을 죽였고, {friend:은} {color} {thing:을} [꼭 쥐고|무릎에 놓고] {hero:을} <응원하다/.>.",
            ],
            &[
                "그런데 [한창|한참] {third:이} <앞서가다/을> 때, {nook:에서} [들고양이|오소리|두꺼비|너구리] 한 마리가 <튀어나오다/.>. {third:은} [화들짝|깜짝] 놀라 [그만|주르르] <넘어지다/고>, [그사이|그 틈에] {hero:이} 먼저 제 차례를 [무사히|다] <마치다/.>. @third,hero “{hero:아}, 이건 [이긴 게|제대로 한 게] 아니야. {skill:도} 다 못 했는데 {gift:을} [그렇게|혼자] 가져가는 법이 어디 있어!”$shouted:third",
                "[막 절반을 지났을|끝이 눈앞에 보일|{n} 번째 차례가 되었을] 때 {hero:이} {friend:의} {color} {thing:에} 걸려 <넘어지다/.>. {friend:이} [깜빡|모르고] {place} 한가운데에 <두다/은> {=것:.}. @hero,third “{third:아}, [다시|처음부터] <하다/~자>. {friend:의} {thing} 때문에 나는 {skill:을} [반밖에|반도] 못 <보여 주다/~었>!” 하지만 {third:은} {gift:을} 가리키며 [말없이 고개만|세차게 고개를] <흔들다/.>.",
            ],
        ],
    },
    Passage {
        name: "sudden-gust",
        paragraphs: &[
            &[
                "해마다 이맘때면 {place:에서는} {skill} 겨루기가 <열리다/.>. 올해의 상은 {elder:이} [손수|어렵게] 마련한 {gift:이고}, {hero:과} {third:이} 끝까지 <남다/.>.",
                "@elder,hero “{hero:아}, {third:이랑} {skill} 솜씨를 한번 겨루어 볼 테냐? 이긴 쪽에 {gift:을} <주다/~게>.” {elder:의} 말에 [신이 난|눈이 반짝인] 둘은 [당장|한달음에] {place:으로} <달려가다/.>.",
                "{hero:은} {gift:을} [오래전부터|몹시] 갖고 싶어 했는데, {third:도} [마찬가지였다고|똑같았다고] <하다/.지>. {elder:은} {skill} 시합으로 임자를 정하자고 했고, 둘은 {n} 밤 뒤 {place:에서} <만나다/.>.",
            ],
            &[
                "그런데 시합이 [무르익을|한창일] 무렵, [돌풍이|모래바람이|우박이|소나기가] {place:을} <덮치다/어> 모두 [처마 밑으로|뿔뿔이] <흩어지다/.>. @third,hero “{hero:아}, 내가 {n} 곱절은 [앞섰어|잘하고 있었어]. {elder:이} 내건 {gift:은} [당연히|틀림없이] 내 {=거:~}!” @hero,third “[무슨 소리야|말도 안 돼], {third:아}. {friend:도} 내 {skill:이} {place:에서} [제일이라고|으뜸이라고|가장 낫다고] [했잖아|그랬잖아]!”$shouted:hero",
                "[갑자기|느닷없이] 하늘이 [캄캄해지더니|울더니] [장대비|돌풍]에 점수를 적은 [종이가|널빤지가] {goal} 쪽으로 <날아가다/고> <말다/.>. {hero:은} 제가 동그라미 {n} 개라 하고 {third:은} 제가 {m} 개라 하니, {friend:도} 누가 {gift:을} 가져야 할지 [통|도무지] <모르다/.>.",
            ],
        ],
    },
    Passage {
        name: "copied",
        paragraphs: &[
            &[
                "{elder:은} {skill} 대회에서 으뜸인 이에게 줄 {gift:을} {place:에} <걸다/어> <두다/^.>. {hero:은} 밤마다 {nook} 가까이에서 [남몰래|혼자서] 새로운 재주를 [{n} 가지나|하나하나] <연습하다/.>.",
                "{hero:은} {friend:에게만} 살짝 <털어놓다/.>. @hero,friend “{friend:아}, 이번 {skill} 대회에서 [아무도 못 본|깜짝 놀랄] 재주를 보일 거야. {elder:이} 내건 {gift:은} 내 {=거:~}.”$said:hero",
                "{elder:의} {gift:이} 걸린 {skill} 대회를 앞두고, {hero:은} {goal:에서} {n} 밤 동안 [아무도 모르게|새벽마다] 저만의 [비결을|재주를] <익히다/.>.",
            ],
            &[
                "드디어 {place:에서} 대회가 열린 날, 먼저 나선 {third:이} {hero:의} 재주를 [그대로|똑같이|보란 듯이] <보여 주다/.>. {hero:은} 제 차례에 {n} 걸음도 나서지 못하고 <외치다/.>. @hero,third “{third:아}, 그건 내 {=거:~}! 내가 {goal:에서} 연습할 때 {nook:에} 숨어서 [훔쳐보았지|엿보았지]?” {elder:은} [고개를 갸웃하며|잠시 생각하더니] {gift:을} 도로 [내려놓았다고|치웠다고] <하다/.지>.",
                "그런데 {third:의} {skill:이} {hero:의} 것과 [꼭|판에 박은 듯] <닮다/어> <있다/.>. @friend,third “{third:아}, [우리 몰래|밤에] {goal:에} <오다/~었?>?”$asked:friend {third:은} [얼굴을 붉히며|펄쩍 뛰며] 저도 {n} 밤이나 혼자 생각해 낸 것이라고 <우기다/고>, {gift:은} 임자를 <찾다/지> <못하다/.>.",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "rematch",
        paragraphs: &[
            &[
                "[하룻밤을|{n} 밤을] <생각하다/은> {hero:은} {third:을} <찾아가다/.>. @hero,third “{third:아}, [찜찜한|억울한] 마음으로는 {gift:도} 반갑지 않아. [우리 둘이|너랑 내가] 규칙을 정해서 {goal:에서} 다시 <겨루다/~자>.”$said:hero {third:도} [굳었던 얼굴을 풀고|선뜻] 고개를 <끄덕이다/.>.",
                "@friend,third “{third:아}, {hero:아}. [이번에는|다시 할 때는] {elder:께} 심판을 부탁하고, {goal:에서} [{m} 번씩|번갈아 {m} 번씩] <하다/~자>.” {friend:의} 말에 둘은 [한참 만에|마지못해|마침내] {skill} 시합을 다시 <하다/기로> <하다/.>.",
                "{elder:은} {hero:과} {third:을} 앉혀 놓고 {drink:을} 한 잔씩 <주다/^.>. 그리고 둘은 {goal:에서} {m} 밤 뒤에 [새 마음으로|누구도 불평 없이] {skill} 승부를 다시 <가리다/기로> <하다/.>.",
            ],
            &[
                "다시 겨루는 날, 둘은 [서로 절을 하고|악수를 하고|새끼손가락을 걸고] {skill} 솜씨를 [마음껏|남김없이] <보여 주다/.>. {elder:은} [한 점|반 점|머리카락 한 올] 차이로 {third:의} 손을 <들다/어> <주다/^.>. {hero:은} [조금 아쉬웠지만|입술을 깨물었지만] 누구보다 먼저 {third:에게} {gift:을} <건네다/고> 손뼉을 <치다/.>.",
                "이번에는 [바람도|구경꾼들도] 숨을 죽인 가운데 {hero:이} {third:을} [아주 조금|간발의 차로] <이기다/.>. @third,hero “{hero:아}, [졌지만|분하지만] 속이 시원해. {gift:은} [당연히|틀림없이] 네 {=거:~}.” {third:은} {food} 하나를 내밀며 {hero:의} 어깨를 [툭|가볍게] <치다/.>.",
            ],
        ],
    },
    Passage {
        name: "honest-words",
        paragraphs: &[
            &[
                "그날 저녁, {hero:은} {goal} 앞에서 [서성이는|홀로 앉은] {third:을} <만나다/.>. @third,hero “{hero:아}, 사실은 나 {gift:에} [눈이 멀어서|욕심이 나서|홀려서] 네 {skill:이} [훌륭하다는|멋지다는] 말을 못 <하다/~었>.” {third:이} [발끝을 보며|어렵게] <말하다/.>.",
                "{hero:은} {fruit} {n} 개를 들고 {third:의} 집을 <두드리다/.>. @hero,third “{third:아}, [가만히 생각해 보니|돌이켜 보니] 나는 이기려고만 했어. {gift} 생각에 네 {skill:을} 제대로 [보지도|칭찬하지도] <않다/~었>.”$said:hero",
                "{friend:은} {hero:과} {third:을} {goal:으로} 불러 {dish:을} <나눠 주다/.>. [한참|말없이] {dish:을} <먹다/던> {hero:이} 먼저 고개를 <들다/.>. @hero,third “{third:아}, [아까|그날] {place:에서는} 내가 너무했어. 네 {skill:도} 나 못지않았는데 {gift:만} [보고|탐내고] [억지를 썼어|우겼어|떼를 썼어].”",
            ],
            &[
                "[속마음을|마음을] 털어놓고 나니 {hero:에게도} {third:에게도} {gift:은} 아무래도 <좋다/.>. @third,hero “{hero:아}, {gift:은} [네가|너부터] <가지다/~라>.” @hero,third “아니, {third:이} [먼저 {gift:을} 가져야|{gift:의} 주인이 되어야] 해.” [밀고 당기던|서로 미루던] 둘은 {n} 밤씩 번갈아 {gift:을} <쓰다/기로> <하다/고>, {elder:은} 무릎을 치며 [허락했다고|기뻐했다고] <하다/.지>.",
                "{hero:도} {third:도} [눈시울을 붉히며|손을 내밀며|{friend} 앞에서] 서로를 <용서하다/.>. 둘은 {elder:에게} [나란히|손을 잡고] 가서 공동 우승으로 해 달라고 <부탁하다/고>, {elder:은} [흐뭇하게|기꺼이] {gift:을} 둘의 손에 함께 <올려놓다/^.>.",
            ],
        ],
    },
    Passage {
        name: "elders-errand",
        paragraphs: &[
            &[
                "{elder:은} {hero:과} {third:을} [가만히|곁으로|한자리에] 불러 <말하다/^.>. @elder,hero “{hero:아}, 그리고 {third:아}. {goal:에} 가서 {fruit} {n} 개를 [먼저|상하지 않게] 가져오너라. 그 {fruit:을} 보고 {gift:의} 임자를 <정하다/~게>.” {hero:과} {third:은} [말이 끝나기가 무섭게|앞서거니 뒤서거니] {goal:으로} <뛰어가다/.>.",
                "@elder,third “{hero:도} {third:도} {skill} 솜씨는 [으뜸이니|나무랄 데가 없으니] [다른 것을|마음씨를|끈기를] 보자꾸나. {goal:에} {plant} 모종 {n} 포기를 [먼저|곱게] 심고 오는 {third:이나} {hero:에게} {gift:을} <주다/~게>.” {hero:과} {third:은} [흙도 털지 않고|모종을 안고] {goal:으로} <달려가다/.>.",
            ],
            &[
                "그런데 {goal} 앞에서 {third:이} [발을 헛디뎌|진창에 빠져] 주저앉고 <말다/.>. {hero:은} [이길 기회였지만|{gift:이} 눈앞에 어른거렸지만] [되돌아와|멈추어 서서] {third:을} <일으키다/.>. 둘은 [어깨동무를 하고|남은 일을 나누어 하고] {place:으로} [똑같이|나란히] <돌아오다/고>, {elder:은} [둘 다 이겼다며|이런 승부는 처음이라며] {gift:을} {hero:과} {third:에게} 함께 <주다/^.>.",
                "[혼자서는|각자 하려니] 일이 [너무 많아|벅차서] {hero:은} {third:에게} 손을 <내밀다/.>. @hero,third “{third:아}, [네가 나르고 내가 담자|네가 이쪽, 내가 저쪽을 하자]. {goal:에서} 해를 넘기면 {gift:이고} 뭐고 소용없어.” 둘이 [함께|한 몸처럼] 일을 마치고 <돌아오다/자>, {elder:은} 기다렸다는 듯 {gift:을} {hero:과} {third:의} 것이라고 <말하다/^.>.",
            ],
        ],
    },
    Passage {
        name: "side-by-side",
        paragraphs: &[
            &[
                "@friend,hero “{hero:아}, {third:아}, [왜 꼭 따로|꼭 맞서서] 해야 해? [둘이 짝이 되어|둘이 함께] {goal:에서} {skill:을} 보여 <주다/~라>. 그러면 {gift:도} [둘의 것이|모두의 기쁨이] 되잖아.”$said:friend {hero:과} {third:은} [서로 얼굴을|멀뚱히 서로를] <바라보다/.>.",
                "$later, {goal:에서} [잔치가|장이] <열리다/자> {elder:이} 둘을 <부르다/^.>. @elder,hero “{hero:은} {third:에게} 없는 [힘이|흥이] 있고 {third:은} {hero:에게} 없는 [끈기가|재치가] 있지. [합치면|모으면] {goal:에서} 어떤 {skill:이} [될지|나올지] {friend:도} 나도 보고 싶구나.”$said:elder",
                "{friend:은} {music:을} <연주하다/고>, 그 가락에 맞추어 {hero:과} {third:이} [저도 모르게|하나둘] {skill:을} <시작하다/.>. [혼자|따로] 할 때보다 {n} 배는 <신나다/고>, 둘은 {goal:에} 모인 이들 앞에서도 [한 번 더|함께] <하다/기로> <하다/.>.",
            ],
            &[
                "{m} 밤 동안 둘은 {goal:에서} [호흡을 맞추며|서로 가르치며|넘어지고 웃으며] <연습하다/.>. 마침내 둘이 함께 {skill:을} <보여 주다/자> [우레 같은|그칠 줄 모르는] 박수가 {place:까지} <울려 퍼지다/.>. {elder:은} {gift:을} 둘의 것으로 <정하다/^.>.",
                "[함께한|둘이 짝을 이룬] {skill:은} 혼자일 때와는 [비길 수 없이|견줄 수 없이] 멋졌다고 {goal:에서} 본 이마다 <말하다/.>. @third,hero “{hero:아}, [너랑|둘이] 하니까 {gift:은} [생각도 안 났어|까맣게 잊었어].”$said:third 그래서 {elder:이} 건넨 {gift:은} [자연스레|다툼 없이] 둘의 것이 <되다/.>.",
            ],
        ],
    },
    Passage {
        name: "seed-votes",
        paragraphs: &[
            &[
                "{elder:은} [모두에게|구경한 이들에게] {fruit} 씨앗을 하나씩 <나눠 주다/^고>, {hero:과} {third:의} 이름을 쓴 바구니를 {place:에} <놓다/^.>. @elder,friend “{friend:도} {hero:도} {third:도}, {skill:이} 더 마음에 남은 쪽에 [눈을 감고|몰래] 씨앗을 <넣다/~라>.”$said:elder",
                "@friend,elder “{elder:아}, {skill:을} 본 이들이 모두 {fruit} 씨앗을 하나씩 넣어 <정하다/으면> 어떨까요?” {friend:의} 말대로 {elder:은} {place:에} {hero:의} 바구니와 {third:의} 바구니를 [나란히|멀찍이] <놓다/^.>.",
            ],
            &[
                "[뚜껑을|보자기를] 열고 <세다/어> <보다/으니> 두 바구니의 {fruit} 씨앗은 [똑같이|나란히] {n} 개였고, 아직 {hero:의} 씨앗 하나가 <남다/.>. {hero:은} [잠시 생각하더니|빙긋 웃고] 그것을 {third:의} 바구니에 <넣다/.>. @hero,third “{third:아}, 네 {skill:이} [정말|솔직히] [좋았거든|멋졌거든].”$said:hero {third:은} {gift:을} <받다/고> 한참 말을 <잇다/지> <못하다/.>.",
                "{elder:이} 씨앗을 [하나하나|천천히] 세어 보니 {hero:의} 것이 {third:의} 것보다 [꼭 하나|딱 하나] <많다/.>. 그 하나는 [바로|다름 아닌] {third:이} <넣다/은> {fruit} {=씨앗:이었다고} <하다/.지>. {hero:은} {gift:을} 받자마자 {third:에게} 달려가 [덥석 손을 <잡다/.>|와락 <안다/.>].",
            ],
        ],
    },
];

const ENDINGS: &[&str] = &[
    "그 뒤로 {gift:은} {place:에} <두다/고> {hero:과} {third:과} {friend:이} [차례를 정해|사이좋게 번갈아] <쓰다/.>. [누가 이겼는지는|그날의 점수는] [금방|어느새] 잊혔지만, {third:의} {skill:을} 칭찬하던 {hero:의} 목소리는 [오래오래|두고두고] <남다/.>.",
    "@elder,hero “{hero:아}, {gift:은} [해가 가면|언젠가는|쓰다 보면] 닳지만 {third} 같은 맞수는 [닳지|낡지] 않는단다. {hero:의} {skill:도} {third:의} {skill:도} [서로 겨루며|맞수 덕에|맞수가 있어야] 자라는 법이지.”$said:elder {hero:은} {third:을} 보며 [고개를|크게 고개를] <끄덕이다/.>.",
    "[그날|그 일이 있고] 저녁, {friend:은} {dish:을} [한 상 가득|푸짐하게] <가져오다/고> {hero:과} {third:을} 한 상에 <앉히다/.>. @friend,third “{third:아}, 다음에는 {game:으로} <겨루다/~자>. [진 쪽이|꼴찌가] {food} {m} 개를 [사기로|만들어 오기로] 하고, 심판은 {hero:이} [보기로|맡기로] 하고!” {hero:과} {friend:과} {third:은} [배를 잡고|{place:이} 떠나가도록|{dish:이} 식는 줄도 모르고] <웃다/.>.",
    "[이듬해|다음 해]에도 {place:에서는} {skill} 대회가 <열리다/.>. 이번에는 {hero:과} {third:이} 나란히 심판을 <맡다/어>, {n} 명의 아우들에게 [가장 먼저|무엇보다 먼저] 서로 인사하는 법을 <가르치다/.>.",
    "{hero:은} {third:에게} {made:을}, {third:은} {hero:에게} {fruit} {m} 개를 <선물하다/.>. {gift:을} 두고 다투던 둘이 [{friend:도} 샘낼 만큼|누구나 알아줄 만큼] [가까운|다정한] 벗이 <되다/자>, {elder:은} {drink:을} [한 모금|천천히] <마시다/^으며> [빙그레|흐뭇하게] <웃다/^.>.",
];
