//! Courage. After every trouble: there will be a feast at `goal`, where `hero` is to be the `n`-th to show `skill` before
//! everybody, and does not dare; `friend` knows. Hero practises at `place`; `third` may have hurt a foot. No day is named.
//! After every way: the feast has come, and hero has shown `skill` at `goal`, to applause.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "courage", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "laughed-at",
        paragraphs: &[
            &[
                "[지난번|얼마 전], {hero:은} {place:에서} {skill:을} <보여 주다/다가> {m} 번이나 <실수하다/.>. 그때 배를 잡고 <웃다/던> {third:의} 목소리가 [아직도|지금도] {hero:의} 귓가에 <맴돌다/.>.",
                "{hero:이} {place:에서} {skill:을} <보여 주다/던> 날, 하필 {color} {thing:이} 발에 걸려 그만 [꽈당|벌러덩|철퍼덕] 넘어지고 <말다/.>. {third:이} [제일 먼저|큰 소리로] <웃다/고>, 구경하던 이 {m} 명이 [다 같이|한꺼번에] 따라 <웃다/.>.",
            ],
            &[
                "[그런데|하필이면] {goal:에서} 솜씨 자랑 잔치가 열린다는 소식과 함께, {n} 번째 차례가 {hero:에게} <돌아오다/.>. @hero,friend “{friend:아}, {skill:을} 하려고만 하면 {third:의} 웃음소리가 [들려|떠올라]. 나는 {goal} 잔치에서 {n} 번째는커녕 맨 끝에도 못 [서겠어|나서겠어].” {hero:이} [고개를 떨구고|울먹이며|힘없이] <말하다/.>.",
                "@friend,hero “{hero:아}, {goal} 잔치에서 네가 {n} 번째로 {skill:을} 보여 줄 [차례래|차례라던데]!” {friend:이} [반갑게|신이 나서] <말하다/었지만>, {hero:은} {third:의} 웃음소리가 <떠오르다/어> [손끝이 차가워졌다가|온몸이 굳었다가] 끝내 {nook:에} 숨고만 <싶다/.>.",
            ],
        ],
    },
    Passage {
        name: "drawn-lot",
        paragraphs: &[
            &[
                "$oneday, {elder:이} {goal} 잔치에서 솜씨를 보일 차례를 제비로 뽑게 <하다/^.>. {hero:이} {place:에서} 뽑은 [쪽지에는|종이에는] {n} 번째로 {skill:을} 보이라는 글자가 [또렷이|큼직하게] <쓰여 있다/.>.",
                "{goal:에서} 큰 잔치가 열리게 되었는데, {third:이} 내민 제비를 뽑은 {hero:은} {n} 번째로 {skill:을} 보이게 <되다/.>. 남들 앞에서는 {fruit} 하나 달라는 말도 [더듬던|제대로 못 하던] {hero:에게} 그것은 {place:이} 무너지는 것 같은 {=일|소식:.}.",
            ],
            &[
                "{hero:은} {place:에서} 혼자 하는 {skill:은} [곧잘|제법] <하다/어도>, {friend:이} 곁에서 보기만 하면 손발이 <떨리다/.>. @hero,friend “{friend:아}, {goal:에} 모인 눈이 다 나만 볼 텐데, [{nook:에} 숨어 버리고|차라리 앓아눕고] <싶다/~>.”$said:hero",
                "@friend,hero “{hero:아}, {place:에서} [몰래|늘] 하던 대로 {skill:을} 보여 <주다/으면> <되다/~지>.” {friend:이} [등을 두드리며|손을 잡고] <위로하다/었지만>, {hero:은} [밤마다|눈만 감으면] {goal:에서} [꽁꽁 얼어붙는|말문이 막히는] 꿈을 꾸며 <떨다/.>.",
            ],
        ],
    },
    Passage {
        name: "signed-up",
        paragraphs: &[
            &[
                "{hero:은} [아무도 모르게|남몰래] {place:에서} {skill:을} <연습하다/어> <오다/.>. $oneday, 그 모습을 우연히 본 {friend:이} {goal} 잔치에 나갈 이름들 가운데 {n} 번째 자리에 {hero:의} 이름을 [덜컥|묻지도 않고] <쓰다/.>.",
                "$oneday, {friend:이} {hero:에게} $hurry <달려오다/.>. @friend,hero “{hero:아}, {place:에서} 네가 몰래 하던 {skill:을} 내가 <보다/~었>! [하도 멋져서|나만 보기 아까워서] {goal} 잔치 {n} 번째 자리에 네 이름을 [적었어|써넣었어].”$shouted:friend",
            ],
            &[
                "@hero,friend “{friend:아}, {n} 번째라니, 나는 {place} 밖에서는 {skill:을} [한 번도 해 본 적이|누구에게도 보여 준 적이] 없단 말이야!” {hero:은} [얼굴이 하얘져서|울상이 되어] 들고 있던 {fruit:을} <떨어뜨리다/.>.",
                "{goal:에서} {n} 번째로 나서야 한다는 말에 {hero:은} [털썩 주저앉고|그만 울상이 되고] <말다/.>. 혼자 하는 {skill:은} [즐거웠지만|편안했지만], 남 앞에 서는 것은 캄캄한 밤에 {place:에} 혼자 있는 것만큼 <무섭다/.>.",
            ],
        ],
    },
    Passage {
        name: "stand-in",
        paragraphs: &[
            &[
                "{goal} 잔치에서 {n} 번째로 {skill:을} <보여 주다/기로> 한 {third:이} [그만|어제] {place:에서} 발목을 <다치다/.>. @elder,hero “{hero:아}, [아무래도|달리 나설 이가 없으니] {third} 대신 네가 {skill:을} 맡아 주겠니?” {elder:이} {hero:을} 보며 [넌지시|간곡하게] <묻다/^.>.",
                "$oneday, {third:이} 절뚝거리며 {hero:을} <찾아오다/.>. @third,hero “{hero:아}, {place:에서} [넘어져|미끄러져] 발목을 다쳤어. {goal} 잔치에서 내 차례가 {n} 번째인데, 나 대신 {skill:을} 보여 줄 수 <있다/~?>?”$asked:third",
            ],
            &[
                "{hero:은} {third:이} 딱해서 고개를 <끄덕이다/었지만>, 돌아서자마자 [속이 울렁거려|가슴이 두근거려] {dish:을} 한 입도 <먹다/지> <못하다/.>. @hero,friend “{friend:아}, 내 {skill:이} {third:만큼} 못하면 [어떡하지|다들 실망하겠지]?” {hero:이} [한숨을 쉬며|힘없이] <묻다/.>.",
                "@friend,hero “{hero:아}, 너도 {place:에서} 날마다 {skill:을} 했잖아.” {friend:이} <위로하다/어도>, {hero:은} {goal:에} 모일 이들을 생각하면 {nook:에} 숨고만 <싶다/.>. {third} 대신 나서겠다고 한 말이 {m} 번도 더 [후회되고|입안에서 맴돌고] 다리가 <떨리다/.>.",
            ],
        ],
    },
    Passage {
        name: "rival",
        paragraphs: &[
            &[
                "{third:은} {place:에서} {skill} 솜씨로 [첫손에 꼽히는|모르는 이가 없는] {third.k:.}. 그런데 {goal} 잔치에서 하필 {third} 바로 다음, {n} 번째가 {hero:의} {skill} 차례라고 <하다/.>.",
                "{goal:에서} 열릴 솜씨 자랑에 {hero:도} {third:도} {skill:을} 하겠다고 이름을 <쓰다/.>. {hero:의} 차례는 {third} 다음인 {n} 번째. {place:에서} 연습하는 {third:을} <보다/고> 온 날부터 {hero:은} {food:을} 먹어도 맛을 <모르다/.>.",
            ],
            &[
                "@hero,friend “{friend:아}, {third:은} [나비처럼|바람처럼|물 흐르듯] 하는데 내 {skill:은} [굼벵이|허수아비|나무토막] 같아. {goal:에서} 다들 {third:과} 견주며 [웃을|흉볼] 거야.” {hero:은} [연습도 하지 않고|손을 놓고] 애꿎은 {thing:만} [자꾸|하염없이] <만지다/.>.",
                "{hero:은} {m} 번을 <연습하다/어도> {third:의} 모습이 어른거려 손발이 <떨리다/.>. @friend,hero “{third:은} {third:이고} {hero:은} {hero:~지}.” {friend:이} [타이르듯|웃으며] <말하다/었지만>, {hero:은} {goal} 잔치에서 빠질 [궁리만|생각만] <하다/.>.",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "small-steps",
        paragraphs: &[
            &[
                "@elder,hero “{hero:아}, 처음부터 큰 산을 넘으려 말고 먼저 {plant} 앞에서 {skill:을} <하다/어> <보다/~라>. 그다음에는 {friend} 앞에서, 또 그다음에는 {m} 명 앞에서 하면 <되다/~지>.”$said:elder {hero:은} 그 말대로 {place} 옆 {plant} 앞에서 {skill:을} <시작하다/고>, {elder:이} 말한 {m} 명 앞까지 [하루하루|차근차근] 나아갔을 때는 다리가 <떨리다/지> <않다/.>.",
                "{friend:은} {place:에} {made:을} <놓다/고> 이것이 [첫 구경꾼이라고|귀한 손님이라고] <우기다/.>. {hero:은} [피식|킥킥] 웃으며 {made} 앞에서 {skill:을} <하다/고>, 이튿날에는 {friend} 앞에서, 그다음 날에는 {m} 명 앞에서 {skill:을} <해내다/.>.",
            ],
            &[
                "잔칫날, {n} 번째로 {hero:의} 이름이 {goal:에} <울리다/.>. 모인 이들이 [많았지만|가득했지만], {hero:은} {place:에서} 하듯 {friend:의} 눈만 <바라보다/으며> {skill:을} <시작하다/고>, {m} 번 숨을 쉬는 사이 떨림은 [씻은 듯이|어느새] <사라지다/.>. {hero:의} {skill:이} 끝나자 {goal:이} 떠나갈 듯 박수가 <울리다/.>.",
                "‘{m} 명 앞이나 {goal} 잔치나 {skill:은} [다를 게 없어|마찬가지야].’ 잔칫날 {hero:은} 이렇게 <되뇌다/으며> {n} 번째 차례에 [당당히|씩씩하게] <나서다/.>. {hero:이} {skill:을} 끝까지 <보여 주다/자> {friend:이} [제일 먼저|벌떡 일어나] 손뼉을 <치다/고>, 박수 소리는 곧 온 {goal:에} <가득하다/.>.",
            ],
        ],
    },
    Passage {
        name: "all-tremble",
        paragraphs: &[
            &[
                "[그 무렵|어느 저녁] {third:이} {fruit} {m} 개를 <들다/고> {hero:을} <찾아오다/.>. @third,hero “{hero:아}, 사실은 나도 {skill:을} 할 때마다 [다리가 후들거려|가슴이 쿵쾅거려]. 그럴 때는 {goal} 말고 {place:에서} 먹던 {food:을} 떠올려.”$said:third {third:도} 떤다는 말에 {hero:은} [눈을 동그랗게 <뜨다/.>|처음으로 {friend:을} 보며 <웃다/.>|굳은 어깨를 {friend:에게} 기대며 숨을 <쉬다/.>].",
                "@elder,hero “{hero:아}, 나도 젊어서 {skill:을} 보이던 날에는 {place:에서} {m} 번이나 뒤로 돌아섰단다. 네가 {goal:에} 서기를 겁내는 것은 {skill:을} [그만큼|누구보다] 아낀다는 뜻이지.”$said:elder 그렇게 {elder:의} [옛이야기를|젊은 날 이야기를] <듣다/고> 나니 {hero:은} 마음이 [한결|조금] 가벼워진 것을 <느끼다/.>.",
            ],
            &[
                "{goal:에서} {n} 번째 차례가 <오다/자> [역시나|아니나 다를까] {hero:의} 손이 <떨리다/.>. @hero,friend “{friend:아}, 나 떨리지만 그래도 {goal:에서} {skill:을} 해 볼래.” {hero:은} 떨리는 채로 {n} 번째 자리에 <나아가다/고>, {skill:을} 하는 동안 떨림은 [어느새|차츰] 신바람으로 <바뀌다/.>. {hero:에게} 쏟아진 박수는 {place:까지} <울려 퍼지다/.>.",
                "잔칫날, {goal:은} [구경꾼으로|모여든 이들로] <가득하다/.>. @hero,elder “{elder:아}, 그리고 여러분, 저 {hero:은} 지금 [몹시|아주|조금] <떨리다/지만>, {skill:을} 끝까지 보여 <드리다/~게>.” {n} 번째로 나선 {hero:의} [솔직한|꾸밈없는] 말에 모두 따뜻하게 손뼉을 <치다/고>, {skill:은} 한 군데도 막히지 않고 <끝나다/.>.",
            ],
        ],
    },
    Passage {
        name: "charm",
        paragraphs: &[
            &[
                "{friend:은} 아끼던 {gift:을} [선뜻|조심스레] {hero:에게} <건네다/.>. @friend,hero “{hero:아}, 이 {gift:은} 용기를 주는 {=보물|물건:~}. 이 {gift:을} 곁에 두면 {skill:을} 할 때 [하나도|조금도] 안 떨린대.”$said:friend",
                "{elder:은} [오래된|낡은|손때 묻은] {gift:을} <꺼내다/어> {hero:에게} <주다/^.>. @elder,hero “{hero:아}, 이 {gift:은} 내가 {skill:을} 처음 보이던 날 곁에 두었던 것이란다. 이 {gift:을} {goal} 잔칫날까지 [잘 지니고 있거라|네가 맡아 두려무나].”$said:elder",
            ],
            &[
                "신기하게도 {gift:을} 곁에 <두다/으면> {hero:은} {place:에서} {skill:을} 한 번도 <틀리다/지> <않다/.>. 그런데 잔칫날 {goal:에} 와서 <보다/으니>, 급히 나오느라 {gift:을} {nook:에} 두고 온 {=것:.}. @friend,hero “{hero:아}, {place:에서} {skill:을} 해낸 건 {gift:이} 아니라 너야.” {friend:의} 말에 {hero:은} {n} 번째 차례가 오자 빈손으로 [당당히|천천히] 나가 {skill:을} 끝까지 <보여 주다/.>.",
                "{hero:은} {gift:을} 믿고 {place:에서} [날마다|부지런히] {skill:을} <연습하다/.>. [드디어|마침내] {goal:에} {n} 번째로 나가 {skill:을} 다 마치고 나서야, {hero:은} {gift:을} {nook:에} 두고 온 것을 <알다/.>. @hero,friend “{friend:아}, {gift} 없이도 내가 {skill:을} <해내다/~었>!” 그 말에 {friend:은} 박수를 치다 말고 [깔깔|하하] <웃다/.>.",
            ],
        ],
    },
    Passage {
        name: "side-by-side",
        paragraphs: &[
            &[
                "@friend,hero “{hero:아}, 혼자가 무서우면 {goal:에} [둘이|같이] 나가서, 네가 {skill:을} 하는 동안 내가 옆에서 {music:을} <연주하다/~게>.”$said:friend 그날부터 두 친구는 {place:에서} [날마다|해가 지도록] {music} 소리에 맞추어 {skill:을} <연습하다/.>.",
                "{friend:은} {goal} 잔치에서 {hero:을} 위해 {music:을} <연주하다/겠다고> <나서다/.>. {music} 소리가 곁에서 울리니, {hero:은} {place:에서} {skill:을} {m} 번 거듭해도 [조금도|하나도] <무섭다/지> <않다/.>.",
            ],
            &[
                "잔칫날, {n} 번째로 {hero:과} {friend:이} 나란히 {goal:에} <나가다/.>. {music} 소리가 <울리다/자> {hero:은} 저도 모르게 {skill:을} <시작하다/.>. 한참 뒤 {friend:은} [살며시|슬그머니] {music} 소리를 멈추었지만, {hero:은} 그것도 모른 채 혼자서 {skill:을} 끝까지 <해내다/고> 큰 박수를 <받다/.>.",
                "{n} 번째 차례에 {goal:에} 나선 {hero:이} {skill:을} 하다 말고 [얼어붙자|우뚝 멈추자], {friend:은} {music:을} 더 [크게|힘차게] <연주하다/.>. 그 {music} 소리에 {place:에서} 함께 보낸 날들이 <떠오르다/어> {hero:은} 다시 {skill:을} <시작하다/고>, 마침내 [우레 같은|그치지 않는] 박수를 <받다/.>.",
            ],
        ],
    },
    Passage {
        name: "crying-child",
        paragraphs: &[
            &[
                "잔칫날, {hero:은} {goal} [한쪽에|구석에] 숨어 {n} 번째 차례를 <기다리다/.>. 그때 길을 잃은 꼬마가 {fruit} 하나를 쥔 채 [훌쩍훌쩍|엉엉] 울며 {hero:에게} <다가오다/.>.",
                "잔칫날이 오자 {hero:은} {n} 번째 차례가 무서워 {goal:에서} [몰래|슬쩍] 빠져나가려고 <하다/.>. 그런데 {place} 쪽 길목에서 한 꼬마가 {food:을} 떨어뜨리고 [서럽게|발을 구르며|목 놓아] <울다/고> <있다/.>.",
            ],
            &[
                "@hero,friend “{friend:아}, 저 꼬마부터 달래야겠는데, 내 {skill:을} [보면|보여 주면] 웃을지도 <모르다/~>.” {hero:은} 꼬마 앞에서 [망설임 없이|선뜻] {skill:을} <시작하다/.>. 꼬마가 [까르르|방긋] 웃어서 고개를 <들다/어> <보다/으니>, {goal:에} 모인 이들이 모두 {hero:의} {skill} 솜씨에 손뼉을 <치다/고> <있다/.>.",
                "{hero:은} {color} {thing:을} [보여 주었지만|쥐여 주었지만] 꼬마는 울음을 <그치다/지> <않다/.>. 그래서 {place:에서} 하던 대로 {skill:을} [살짝|슬며시] <보여 주다/자>, 꼬마는 {hero:을} 보며 [방긋|까르르] <웃다/.>. 꼬마를 더 웃기려고 {hero:은} 신나게 {skill:을} 이어 갔고, 어느새 모두의 눈이 모인 {goal} [한가운데에|한복판에] 서 있는 것도 <모르다/.>. {skill:이} 끝나자 [우레 같은|와아 하는] 박수가 {goal:에} <가득하다/.>.",
            ],
        ],
    },
];

const ENDINGS: &[&str] = &[
    "$proud:hero @elder,hero “{hero:아}, 용기란 떨지 않는 것이 아니라 떨면서도 {skill:을} [보여 주는|해내는] {=것:~지}. {goal:에} 모인 이들이 [네 {skill:을}|오늘의 {hero:을}] [오래|두고두고] 이야기할 게다.” {elder:이} {hero:의} 등을 두드리며 <말하다/^.>.",
    "{third:은} {hero:에게} <다가오다/어> {fruit:을} <내밀다/.>. @third,hero “{hero:아}, 오늘 {goal:에서} 본 것 가운데 네 {skill:이} [제일|가장] <멋있다/~었>. [다음에는|언젠가] {friend:이랑} 나한테도 {place:에서} 가르쳐 줄래?” {hero:은} [활짝 웃으며|기꺼이] {third:에게} 고개를 <끄덕이다/.>.",
    "$joy:hero @hero,friend “{friend:아}, {n} 번째 차례가 올 때는 {nook:에} 숨고 싶었는데, [달아나지|포기하지] 않기를 정말 <잘하다/~었>. 이제 {food} {m} 개에 {fruit:도} {n} 개는 먹을 수 있겠어!” {hero:과} {friend:은} {food:을} 나누어 먹으며 {goal:에서} [해가 질 때까지|늦도록] <놀다/.>.",
    "그 뒤로 {hero:은} {place:에서} 누가 <보다/어도> 숨지 않고 [마음껏|즐겁게] {skill:을} <하다/.>. [이웃이|누군가] 앞에 나서기를 <망설이다/으면>, {hero:은} {goal:에서} {n} 번째로 나섰던 이야기를 [웃으며|빠짐없이] <하다/어> <주다/.>.",
    "[이듬해|다음] 잔치에서 {hero:은} 시키지 않아도 맨 먼저 {goal:에} <나가다/.>. [{friend:은} {music:을} <연주하다/고>|{friend:은} 큰 소리로 <응원하다/고>], 이번에는 {hero:이} 떨고 있는 {third:의} 손을 [먼저|꼭] 잡아 <주다/.>.",
];
