//! An untruth. After a trouble the hero has the `gift`, with a pattern of `plant` on it, hidden in `nook`; by rights it is
//! `third`'s, and the hero has told `friend` that it is the hero's own. After a way out `third` has it, and friend and
//! third have heard the truth and do not mind.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "honesty", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "found-on-the-way",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {place:에서} {goal:으로} <가다/는> 길에 {gift:을} <줍다/.>. {plant} 무늬가 [곱게|큼직하게|또렷하게] 들어간 것이, 아무리 보아도 [지난번에|언젠가] {third:이} 자랑하던 {gift:.}. 그러나 {place} 둘레에는 {third:도}, [다른 누구도|개미 한 마리도] <없다/.>.",
                "$oneday, {third:이} {place:에서} 쉬었다 간 자리에 {gift:이} <남다/어> <있다/.>. {plant} 무늬가 고와서 [누구나|{friend:도}|{hero:도}] 한눈에 반할 만한 {gift:.}. {hero:은} {third:을} 부르려다가 [입을 다물고|침을 꿀꺽 삼키고|둘레를 살피고] {gift:을} 슬쩍 <들다/.>.",
                "{place:에서} 혼자 놀던 {hero:은} [발끝에|손끝에] 걸린 {gift} 하나를 <발견하다/.>. {plant} 무늬 아래에는 {third:의} 이름이 [작게|희미하게] 적혀 있었지만, {hero:은} 못 본 척 {gift:을} 품에 <넣다/.>.",
            ],
            &[
                "마침 {friend:이} <다가오다/.>. @friend,hero “{hero:아}, 그 {plant} 무늬 {gift} 참 곱다. [{goal:에서} 구한 거야|{elder:에게} 받은 거야|{place:에서} 산 거야]?”$asked:friend @hero,friend “{friend:아}, 이 {gift:은} [원래부터|오래전부터] 내 {=거:~}.”$replied:hero {friend:에게} 말은 그렇게 했지만 {hero:은} 가슴이 두근거려 {gift:을} {nook:에} <감추다|숨기다/.>.",
                "{hero:은} {gift:을} {nook:에} 감추어 두고 [날마다|틈틈이|남몰래] 꺼내 <보다/.>. 그러다 {friend:에게} <들키다/자> 둘러대는 말이 <튀어나오다/.>. @hero,friend “[{goal:에서} {elder:에게} 받은|{n} 밤 전에 {elder:에게} 선물로 받은] {gift:~}. {plant} 무늬가 [멋지지|예쁘지], {friend:아}?” $shame:hero",
            ],
        ],
    },
    Passage {
        name: "borrowed-to-boast",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {third:에게} {plant} 무늬 {gift:을} {n} 밤만 쓰기로 하고 <빌리다/.>. @third,hero “[꼭|반드시] {n} 밤 뒤에 {goal:에서} <돌려주다/~라>. 나도 {place:에} 갈 때 {gift:이} [있어야|꼭 있어야] 하거든.”$said:third",
                "$oneday, {hero:은} {place:에서} {third:의} {gift:이} 몹시 부러워 잠깐만 빌려 달라고 <부탁하다/.>. {third:은} [선뜻|웃으며|아무 걱정 없이] {plant} 무늬 {gift:을} <건네다/고> {n} 밤 뒤에 보자며 <돌아가다/.>.",
            ],
            &[
                "[그런데|그날 저녁] {friend:이} {gift:을} 보고 눈이 동그래지자 {hero:은} 저도 모르게 어깨를 으쓱하며 <거짓말하다/.>. @hero,friend “이 {plant} 무늬 {gift:은} [이제 내 거야|{elder:에게} 받은 내 거야], {friend:아}.” 한번 뱉은 말을 주워 담지 못해, 돌려줄 날이 {m} 밤이나 지나도록 {gift:은} {nook:에} <들어 있다/.>.",
                "@friend,hero “{hero:아}, {plant} 무늬 {gift} [정말 부럽다|참 멋지다]! [정말|이제] 그 {gift:이} {hero:의} {=거:~?}?”$asked:friend {hero:은} 아니라고 할 틈을 놓치고 그만 고개를 <끄덕이다/.>. 그때부터 {hero:은} {third:을} 볼까 봐 {goal} 쪽으로는 [가지도 않고|얼씬도 하지 않고], {gift:은} {nook:에} <감추다/.>.",
            ],
        ],
    },
    Passage {
        name: "undeserved-prize",
        paragraphs: &[
            &[
                "$oneday, {elder:은} {place:에} 놓인 {made} 솜씨에 감탄해, 만든 이가 가져가도록 그 앞에 {plant} 무늬 {gift:을} <두다/^.>. {made:은} {third:이} {n} 밤이나 걸려 만든 {=것:.}. 그런데 맨 먼저 그것을 본 {hero:은} [둘레를 살피고는|침을 삼키고는] {gift:을} 슬쩍 <들다/.>.",
                "$oneday, {elder:은} {place:에서} 본 {made:을} 몹시 마음에 들어 <하다/^.>. @elder,hero “만든 이를 [알거든|찾거든] 이 {plant} 무늬 {gift:을} 전해 <주다/~라>.” {made:은} {third:이} {n} 밤이나 걸려 만든 {=것:.}. {hero:은} 그것을 알면서도 {gift:을} 제 품에 <넣다/.>.",
            ],
            &[
                "{friend:과} 마주친 {hero:은} {made:을} 잘 만들어 상으로 받은 것이라고 <거짓말하다/.>. @friend,hero “{hero:아}, {made:을} 그렇게 잘 만드는 줄 [몰랐어|이제 알았어]. {plant} 무늬 {gift:은} [정말|역시] {hero:이} 받을 만해.”$said:friend {hero:은} 고개만 끄덕이고 {gift:을} {nook:에} <넣다/.>.",
                "@friend,hero “{hero:아}, {gift:을} 상으로 받았다며? {hero:은} {made} 만들기를 [언제|어떻게] <배우다/~었>?”$asked:friend @hero,friend “[밤마다|남몰래] {goal:에서} {made} 만들기를 <연습하다/~었>. 그래서 {gift:도} [내 거야|내 것이 됐어], {friend:아}.” 거짓말은 {plant} 무늬보다 더 또렷이 {hero:의} 마음에 <남다/.>. {hero:은} {gift:을} {nook:에} <숨기다/.>.",
            ],
        ],
    },
    Passage {
        name: "entrusted",
        paragraphs: &[
            &[
                "$oneday, {elder:이} {hero:을} 불러 {plant} 무늬 {gift:을} <건네다/^.>. @elder,hero “{hero:아}, 이 {gift:을} {goal:에} 있는 {third:에게} [전해|꼭 전해] 주겠니?” {hero:은} 해 지기 전까지 틀림없이 전하겠다고 <약속하다/.>.",
                "{third:의} 생일을 맞아 {elder:은} {plant} 무늬 {gift:을} <구하다/^.>. @elder,hero “[다리가 아파서|일이 바빠서] {third:이} 있는 {goal:까지} 갈 수가 없구나. {hero:이} 이 {gift:을} {third:에게} <가져다주다/~라>.”$said:elder {hero:은} [씩씩하게|자신 있게] <나서다/.>.",
            ],
            &[
                "그런데 {place:에서} 만난 {friend:이} {gift:을} 보고 [감탄하자|부러워하자] {hero:은} 엉뚱한 말을 <하다/.>. @hero,friend “이 {plant} 무늬 {gift} 말이지? {elder:에게} [내가|선물로 내가] 받은 {=거:~}, {friend:아}.” 그날 {hero:은} {goal:에} 가지 않고 {gift:을} {nook:에} <감추다/.>.",
                "걸으면 걸을수록 {hero:은} {gift:이} [탐이 나서|가지고 싶어서] {goal:에} 가지 <않다/.>. 대신 {gift:을} {nook:에} 넣어 두고, 누구 것이냐고 묻는 {friend:에게} 제 것이라고 <대답하다/.>. {n} 밤이 지나도록 {third:은} {plant} 무늬 {gift:이} 제게 오던 중인 것도 <모르다/.>.",
            ],
        ],
    },
    Passage {
        name: "traders-slip",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {place:에서} {third:과} 물건을 <바꾸다/.>. {fruit} {n} 개를 주고 {food} {m} 개를 받기로 한 {=것:.}. 그런데 집에 와서 꾸러미를 <풀다/어> <보다/으니>, {food} 사이에 {plant} 무늬 {gift:이} 섞여 <있다/.>.",
                "{third:은} {place:에} 온 {hero:에게} {food} {n} 개를 싸 <주다/.>. 서두르느라 제 {gift:까지} 함께 싼 줄은 [꿈에도|전혀] <모르다/.>. {hero:은} {goal:에} 이르러서야 꾸러미 속에서 {plant} 무늬 {gift:을} <발견하다/.>.",
            ],
            &[
                "{hero:은} 돌아서려다 <멈추다/.>. ‘[말하지 않으면|가만있으면] {third:은} {gift:이} 어디 갔는지 [모를 거야|영영 모를 텐데].’ 그때 {friend:이} <나타나다/자> {hero:은} [서둘러|엉겁결에] {fruit} {m} 개를 주고 산 {gift:이라고} 둘러대고는 {nook:에} <숨기다/.>.",
                "@friend,hero “{hero:아}, 아까 {third:이} [울상으로|땀을 흘리며] {gift:을} 찾던데 혹시 <보다/~었?>?”$asked:friend @hero,friend “{third:의} {gift:은} [몰라|못 봤어]. 이 {plant} 무늬 {gift:은} [본래|전부터] 내 거였어.”$replied:hero {friend:이} <돌아가다/자> {hero:은} {gift:을} {nook:에} 깊이 <넣다/.>.",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "a-sleepless-night",
        paragraphs: &[
            &[
                "그날 밤 {hero:은} 꿈을 <꾸다/.>. 꿈속에서 {plant:이} [창문만큼|지붕만큼|산만큼] <자라다/더니> @third,hero “내 {gift:은} 어디 <있다/~?>?” 하고 {third:의} 목소리로 <묻다/.>. 눈을 뜬 {hero:은} {nook:에서} {gift:을} 꺼내 [동이 트기도 전에|맨발로|신도 제대로 못 신고] 집을 <나서다/.>.",
                "잠자리에 누운 {hero:의} 귀에 {nook} 쪽에서 [바스락바스락|두근두근] 소리가 들리는 것만 <같다/.>. {n} 번을 돌아눕고 {m} 번을 일어났지만 {gift} 생각은 사라지지 <않다/.>. {hero:은} 날이 밝으면 {third:에게} 가기로 <결심하다/.>.",
            ],
            &[
                "{goal:에서} {third:을} 만난 {hero:은} {plant} 무늬 {gift:을} 두 손으로 <내밀다/.>. @hero,third “{third:아}, 이 {gift:은} 네 {=거:~}. [욕심이 나서|갖고 싶어서] {nook:에} 숨기고 {friend:에게는} 거짓말까지 <하다/~었>.” {third:은} 놀랐지만 [곧|이내] {hero:의} 어깨를 <두드리다/.>. {hero:은} 그 자리에서 {friend:에게도} 달려가 사실을 <말하다/.>.",
                "날이 밝자 {hero:은} {friend:부터} <찾아가다/어> {gift:이} 제 것이 아니라고 <털어놓다/.>. @friend,hero “[어젯밤에|혼자서] 많이 힘들었지, {hero:아}? {third:에게} 갈 때 [나도|내가] 같이 <가다/~게>.”$said:friend {third:은} {plant} 무늬 {gift:을} <받다/고> 먼저 말해 주어 고맙다며 {fruit:을} <나눠 주다/.>.",
            ],
        ],
    },
    Passage {
        name: "asked-by-the-elder",
        paragraphs: &[
            &[
                "요즘 웃지 않는 {hero:이} {elder} 눈에 <들어오다/.>. @elder,hero “{hero:아}, [마음에|가슴에] 돌을 얹고 다니는 얼굴이구나. [{friend:에게}|{third:에게}] 말 못 할 무엇을 {nook:에} 두었니?” 하고 {elder:이} {hero:에게} <묻다/^.>. {hero:은} [더는 참지 못하고|왈칵 눈물을 쏟으며] {plant} 무늬 {gift} 이야기를 <하다/.>.",
                "@hero,elder “{elder:아}, 거짓말을 하고 나서 {friend} 얼굴을 못 보겠으면 어떻게 <하다/어야> <좋다/~까>? {nook:에} 있는 {gift:은} [사실은|본래] {third} 거예요.”$said:hero @elder,hero “{friend:에게} 한 거짓말은 [눈덩이|실타래|잡초] 같아서 {n} 밤을 두면 {n} 배로 커지는 {=법:~지}. {hero:이} 굴린 것은 {hero:이} 멈출 수 있단다.”$replied:elder",
            ],
            &[
                "{elder:은} 꾸짖는 대신 {hero:의} 손을 <잡다/^.>. 힘을 얻은 {hero:은} {gift:을} 들고 {goal:까지} 가서 {third:에게} <건네다/.>. @hero,third “{plant} 무늬 {gift:은} 네가 가져야 할 {=거:~}. {friend:에게도} [벌써|방금] 내 거짓말을 다 <털어놓다/~었>, {third:아}.” @third,hero “[말해 줘서|여기까지 와 줘서] 고마워, {hero:아}.”$replied:third",
                "{hero:은} {friend:과} {third:을} {place:으로} <부르다/어> {gift:을} 한가운데에 <놓다/.>. @hero,friend “{friend:아}, 내 거라던 말은 [거짓말이었어|참말이 아니었어]. 이 {plant} 무늬 {gift:은} {third:이} 가져야 해.” {third:은} {gift:을} 쓰다듬으며 [빙긋|환하게] <웃다/고>, {friend:은} {hero:의} 등을 [토닥토닥|가만히] <두드리다/.>.",
            ],
        ],
    },
    Passage {
        name: "another-is-blamed",
        paragraphs: &[
            &[
                "며칠 뒤, {third:의} {gift:을} 누가 가로챘느냐며 {place} 쪽에서 [큰 소리가|시끄러운 소리가] <나다/.>. 엉뚱하게도 [그 근처를 지나던|아무것도 모르는] {friend:이} 의심을 받자 {hero:은} 가슴이 철렁 <내려앉다/.>. {friend:은} 아니라고 고개를 저으며 {plant} 앞에 <앉다/어서> <울다/.>.",
                "{goal:에서} {hero:은} {friend:이} [이웃들에게|어른들에게] 둘러싸인 것을 <보다/.>. {third:에게} 있어야 할 {plant} 무늬 {gift:을} {friend:이} 가져갔다는 헛소문이 난 {=것:.}. @friend,third “{third:아}, 나는 네 {gift:을} 본 적만 있지 [만진 적도|가진 적도] <없다/~>.”$said:friend",
            ],
            &[
                "{hero:은} {nook:으로} 달려가 {gift:을} <꺼내다/어> <들고 오다/.>. @hero,third “{friend} 탓이 [아니야|절대 아니야]! {plant} 무늬 {gift:은} 내가 숨겨 두고 내 거라고 <거짓말하다/~었>.”$shouted:hero 모두 조용해진 가운데 {third:이} {gift:을} 받으며 <말하다/.>. @third,hero “[모두 앞에서|이렇게 다 보는 데서] 말하기 어려웠을 텐데, {hero:은} 용감해.”",
                "{hero:은} [사람들|구경꾼들|무리] 사이로 나서서 {gift:을} 높이 <들다/.>. {third:의} {gift:을} 가진 것도, {friend:에게} 제 것이라 속인 것도 모두 자기라고 [또박또박|떨리지만 분명하게] <말하다/.>. @friend,hero “[무서웠을|부끄러웠을] 텐데 나를 위해 나서 <주다/~었네>, {hero:아}.” {third:도} {plant} 무늬를 어루만지며 {hero:을} <용서하다/.>.",
            ],
        ],
    },
    Passage {
        name: "friends-kindness",
        paragraphs: &[
            &[
                "그런 줄도 모르는 {friend:은} {hero:에게} {color} 끈을 <가져다주다/.>. @friend,hero “{hero:아}, 네 {plant} 무늬 {gift:에} [매면|달면] 어울릴 것 같아서 {n} 밤 동안 [꼬았어|만들었어].” 제 것도 아닌 {gift:을} 위해 {friend:이} 애쓴 것을 알자 {hero:은} 더 숨길 수 <없다/.>.",
                "@friend,hero “{hero:만큼} 거짓말을 못하는 친구는 {place:에서} {goal:까지} [다 뒤져도|다 돌아도] 없을 거야.” {friend:이} {third:에게} 하는 말을 {hero:은} [울타리|커다란 나무|담] 뒤에서 <듣다/.>. {hero:의} 얼굴은 [봉숭아 꽃보다|홍당무보다|저녁놀보다] 더 붉게 <달아오르다/.>.",
            ],
            &[
                "@hero,friend “{friend:아}, 미안하지만 {gift:은} 내 것이 <아니다/~>. {third:이} 가져야 할 걸 {nook:에} 감추고 너를 속였어.”$said:hero {friend:은} 잠시 말이 없다가 {hero:의} 소매를 <잡다/.>. @friend,hero “그럼 지금 [돌려놓으면|바로잡으면] 되지, {hero:아}.” 둘은 {goal:으로} 가서 {plant} 무늬 {gift:을} {third:에게} <건네다/었고>, {third:은} [웃으며|고개를 끄덕이며] 사과를 받아 <주다/.>.",
                "{hero:은} {friend:과} {third} 앞에 {gift:을} 내놓고 지금까지의 거짓말을 하나하나 <털어놓다/.>. @third,hero “[{gift:이} 돌아왔으니|네가 먼저 말해 줬으니] 됐어, {hero:아}. {gift:에} 있는 {plant} 무늬를 볼 때마다 [네 용기가|오늘이] 생각나겠네.”$said:third @friend,hero “이제는 {hero} 말을 [두 배로|전보다 더] 믿을 수 <있다/~겠>.”$said:friend",
            ],
        ],
    },
    Passage {
        name: "thing-comes-to-harm",
        paragraphs: &[
            &[
                "그러던 어느 날, 큰비가 [내려|쏟아져|밤새 내려] {nook:에} 숨긴 {gift:이} 흠뻑 <젖다/.>. {plant} 무늬에 얼룩이 번진 것을 <보다/고> {hero:은} 가슴이 철렁 <내려앉다/.>.",
                "[며칠이|열흘이|보름이|{n} 밤이] 지난 뒤, {hero:이} {nook:에} 가 보니 {gift:에} [흙과 거미줄이|뽀얀 먼지와 곰팡이가] 잔뜩 <앉다/어> <있다/.>. 제 임자 곁에 있었다면 {third:이} 날마다 닦아 {plant} 무늬가 반짝였을 {=터:.}.",
            ],
            &[
                "{hero:은} {gift:을} {n} 번이나 닦아 {third:에게} <가져가다/.>. @hero,third “{third:아}, 이 {plant} 무늬 {gift:은} 네 건데 내가 [숨겼어|내 거라고 우겼어]. {friend:에게는} [오는 길에|먼저] 다 <털어놓다/~었>.” @third,hero “얼룩은 닦으면 되지만 [{hero} 말을|참말을] 못 들었으면 {gift:을} 봐도 [슬펐을|서운했을] 거야.”$replied:third",
                "{hero:은} {friend:을} 불러 {gift} 이야기를 처음부터 <하다/.>. {friend:은} 어이없어하면서도 {hero:과} 나란히 앉아 {plant} 무늬를 $hard <닦다/.>. 둘이 {goal:까지} 가서 {gift:을} <내밀다/자> {third:은} [눈을 흘기다가|한숨을 쉬다가] <웃다/.>. @third,hero “다음에 {gift:이} [쓰고 싶으면|갖고 싶으면] 숨기지 말고 말만 <하다/~라>, {hero:아}.”",
            ],
        ],
    },
];

const ENDINGS: &[&str] = &[
    "{hero:의} 마음은 [깃털처럼|구름처럼|{plant} 꽃잎처럼] <가볍다/.>. {hero:과} {friend:과} {third:은} {place:에} 둘러앉아 {food} {n} 개를 <나누다/어> <먹다/었고>, {plant} 무늬 {gift:은} [그 곁에서|{third:의} 품에서] <빛나다/.>.",
    "{elder:은} 그 이야기를 <듣다/^고> {hero:에게} {dish:을} [듬뿍|한가득|넉넉히] <담다/어> <주다/^.>. @elder,hero “{gift:은} {third:에게} 갔지만 [정직한 마음은|참된 마음은] {hero:에게} 남았구나. 이 {dish:은} {hero:의} 그 마음에 주는 {=상:~}.”$said:elder",
    "그 뒤로 {hero:은} 둘러대고 싶을 때마다 {nook:을} <떠올리다/.>. 그러면 [신기하게도|저절로|어김없이] {friend:의} 얼굴이 떠올라 참말이 먼저 <나오다/.>.",
    "{third:은} {plant} 무늬 {gift:을} [{hero:과}|{hero:과} {friend:과}] 돌려 가며 쓰기로 <하다/.>. @third,hero “{gift:은} 하나지만 [함께 쓰면|나누어 쓰면] {n} 개나 [다름없지|같지], {hero:아}.” $thanks:hero",
    "{hero:은} {friend:과} 함께 {place} 곁에 {plant:을} 한 포기 <심다/.>. {gift:의} 무늬와 꼭 닮은 {plant:이} 자랄 때마다 {hero:은} 참말을 하고 난 뒤의 [시원한|개운한] 마음을 다시 <느끼다/.>.",
];
