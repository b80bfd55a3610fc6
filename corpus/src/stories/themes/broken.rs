//! Something is broken. After a trouble the `made` of `friend`, which had a string of `color` round it and is at
//! `place`, is spoilt; it was the hero's doing and the friend does not know that. After a way out it is whole again (or
//! there is a new one), it has its string, and the friend has been told the truth and is not angry any more.

use super::{Passage, Theme};

pub(super) const THEME: Theme = Theme { name: "broken", troubles: TROUBLES, ways: WAYS, endings: ENDINGS };

const TROUBLES: &[Passage] = &[
    Passage {
        name: "wild-game",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {place:에서} {third:과} [신나게|정신없이|목청을 높이며] {game:을} <하다/.>. [바로 옆에는|그 곁에는|한쪽에는] {friend:이} {n} 밤이나 걸려 <만들다/은> {made:이} {color} 끈을 두른 채 <놓여 있다/.>.",
                "{place:에는} {friend:이} [손수|혼자서|{elder:에게} 배워] <만들다/은> {made:이} <있다/.>. {color} 끈을 예쁘게 두른 것으로, [{hero:도} {third:도}|{third:까지} 모두가|{elder:도}] 부러워하는 {=솜씨:.}. $oneday, {hero:은} 바로 그 옆에서 {third:과} {game:을} <시작하다/.>.",
                "{friend:은} {n} 밤 동안 {made:을} 만들어 {color} 끈을 두르고 {place:에} <두다/.>. @friend,hero “[여기서는|{made} 옆에서는] 뛰지 말아 줘, {hero:아}. {elder:에게} 보여 드릴 {made:인데} [아직 덜 말랐거든|살짝만 건드려도 무너지거든].” 그러나 {third:이} {game:을} <하다/자고> <찾아오다/자> {hero:은} 그 말을 까맣게 <잊다/.>.",
            ],
            &[
                "{game:에} [이긴|정신이 팔린|흠뻑 빠진] {hero:은} [펄쩍 뛰다가|뒷걸음치다가|팔을 휘두르다가] 그만 {made:을} <넘어뜨리다/.>. {color} 끈은 [툭|힘없이] <풀리다/고> {friend:의} {made:은} [볼품없이|형편없이|엉망으로] <망가지다/.>. $fear:hero {hero:은} {third:이} 잠시 자리를 뜬 사이 [도망치듯|아무 말 없이] 집으로 <돌아가다/.>.",
                "[와르르|쿵|빠직] 소리에 <돌아보다/으니> {hero:의} [발밑에서|등 뒤에서|팔꿈치에 밀려] {made:이} <망가지다/어> <있다/.>. @third,hero “{hero:아}, 그건 {friend:이} 제일 아끼는 {made} 아니야?”$asked:third {hero:은} [대답도 못 하고|입술만 깨물다가|얼굴이 하얘져서] {goal} 쪽으로 <뛰어가다/.>.",
            ],
        ],
    },
    Passage {
        name: "not-to-be-touched",
        paragraphs: &[
            &[
                "{friend:은} {elder:의} [생신에|환갑날에|잔칫날에] 드리려고 {place:에서} 몰래 {made:을} <만들다/.>. @friend,hero “{hero:아}, {color} 끈까지 둘렀으니 이제 {made:은} 다 된 {=셈:~}. {n} 밤 뒤에 {elder:에게} [보여 드릴|가져다드릴] 테니 그때까지는 [손대지 마|만지면 안 돼].”$said:friend",
                "$oneday, {friend:은} {place} 한쪽에 {=보자기|커다란 천|얇은 천:을} <씌우다/어> <두다/.>. @friend,hero “이 안에는 {elder:에게} 배워 만든, {color} 끈을 두른 {made:이} <있다/~>. {goal:에} 다녀올 동안 [열어 보지|들춰 보지|만지지] 않겠다고 약속해 줘, {hero:아}.”$said:friend {hero:은} [선뜻|새끼손가락을 걸고|큰 소리로] <약속하다/.>.",
            ],
            &[
                "그러나 {hero:은} {made:이} 궁금해서 [견딜 수가|참을 수가|가만있을 수가] <없다/.>. 손끝으로 {color} 끈을 [살짝|조금만|슬쩍] 당겼을 뿐인데 {made:이} [한쪽으로 기울더니|흔들흔들하더니] 그만 <망가지다/고> <말다/.>. $fear:hero {hero:은} [허둥지둥|떨리는 손으로] {made:을} 원래 자리에 <세우다|놓다/어> 두고 {place:을} <나서다/.>.",
                "{friend:이} {goal:에} 간 사이, {hero:은} [딱 한 번만|눈 깜짝할 동안만|아주 잠깐만] {made:을} 들여다보기로 <하다/.>. 그런데 {made:이} 생각보다 [여리다|무르다|약하다]는 것을 몰랐던 {hero:은} [귀퉁이를|윗부분을|한쪽을] [뚝|툭] <망가뜨리다/고> <말다/.>. {friend:의} 발소리에 {hero:은} 얼른 {goal} 쪽으로 [달아나|숨어] <버리다/.>.",
            ],
        ],
    },
    Passage {
        name: "meant-well",
        paragraphs: &[
            &[
                "$oneday, {friend:은} {place:에서} {n} 밤째 {made:을} <만들다/고> <있다/.>. {friend:은} {color} 끈까지 둘렀지만 {made:이} 어딘가 허전하다며 [고개를 갸웃하다가|한숨을 쉬다가] 집으로 <돌아가다/.>. 그 모습을 본 {hero:은} [몰래|슬그머니|친구를 위해] {made:을} 꾸며 주기로 <하다/.>.",
                "$oneday, {hero:은} {friend:을} 깜짝 놀라게 해 주고 <싶다/.>. 마침 {place:에는} {friend:이} <만들다/은> {made:이} {color} 끈을 두르고 <있다/.>. @hero,third “{third:아}, 저 {made} 위에 {fruit:을} 얹으면 [훨씬|더] 멋질 거야.”$said:hero {third:은} [말렸지만|고개를 저었지만] {hero:은} 벌써 팔을 걷어붙이고 <있다/.>.",
            ],
            &[
                "{hero:은} {made} 위에 {fruit:을} 하나, 둘, {n} 개까지 <올려놓다/.>. 마지막 {fruit:에서} 손을 떼는 순간 {made:은} [우지끈|푹|풀썩] <망가지다/고> {fruit:은} [이리저리|사방으로|바닥으로] <떨어지다/.>. {hero:은} {friend:을} 볼 자신이 없어 {goal:으로} <피하다/.>.",
                "{hero:은} {color} 끈을 풀어 [더 큰|나비 모양] 매듭을 짓고 {plant} [꽃잎도|잎도] <붙이다/.>. 그런데 매듭을 당길 때마다 {friend:의} {made:은} 조금씩 기울더니 [끝내|마침내] <망가지다/.>. @hero,third “{third:아}, [나는|난] 그저 {friend:이} 기뻐하길 바랐는데…. {friend:의} {made:을} [이제|대체] 어쩌면 <좋다/~까>?” $worry:hero",
            ],
        ],
    },
    Passage {
        name: "left-in-charge",
        paragraphs: &[
            &[
                "@friend,hero “{hero:아}, {elder:에게} 다녀올 동안 {place:에서} 내 {made:을} 지켜 <주다/~라>. {color} 끈이 풀리면 {made:은} [큰일이거든|바로 무너지거든|금방 망가지거든].”$said:friend {hero:은} {food} {n} 개를 받고 [가슴을 두드리며|걱정 말라며|흔쾌히] <약속하다/.>.",
                "$oneday, {friend:은} {place:에} 둔 {made:을} {hero:에게} <부탁하다/.>. {goal:까지} 다녀오려면 한나절은 걸리니, {color} 끈을 두른 {made:이} [비를 맞지|바람에 쓰러지지|밟히지] 않게 보아 달라는 {=말:.}.",
            ],
            &[
                "처음에 {hero:은} {made} 곁에 [꼼짝 않고|가만히|딱 붙어] <앉다/어> <있다/.>. 그러나 {third:이} {game:을} <하다/자고> <부르다/자> [잠깐은 괜찮겠지 하고|엉덩이가 들썩거려] 자리를 <뜨다/.>. 돌아와 <보다/으니> [비바람에|지나던 수레에|세찬 바람에] {friend:의} {made:은} <망가지다/고>, {color} 끈만 {place} 바닥에 [나뒹굴고|덩그러니 떨어져] <있다/.>.",
                "{food:을} 배불리 먹은 {hero:은} {made} 옆에서 [깜빡|스르르|그만] 잠이 <들다/고> <말다/.>. [빗소리에|찬 바람에|제 코 고는 소리에] 눈을 <뜨다/으니> {friend:의} {made:은} 벌써 <망가지다/어> <있다/.>. @hero,third “{third:아}, {friend:이} 그토록 부탁했는데 내가 {made:을} 지키지 <못하다/~었>.” $shame:hero",
            ],
        ],
    },
    Passage {
        name: "blamed-the-wind",
        paragraphs: &[
            &[
                "$oneday, {hero:은} {elder:의} 심부름으로 {fruit} {n} 바구니를 <들다/고> {place:을} <지나가다/.>. [앞이 안 보이도록|턱밑까지] 바구니를 쌓은 탓에 {color} 끈을 두른 {friend:의} {made:을} [그만|미처 못 보고|덜컥] 밟아 <망가뜨리다/.>.",
                "$oneday, {hero:은} {friend:보다} 먼저 {goal:에} <도착하다/으려고> {place:을} 가로질러 <뛰다/다가>, {color} 끈을 두른 {made:에} 발이 <걸리다/.>. [무릎이 쓰라려|흙을 털고] <일어나다/어> <보다/으니> {friend:이} 그토록 아끼는 {made:이} [두 동강으로|납작하게|엉망으로] <망가지다/어> <있다/.>.",
            ],
            &[
                "[곧|잠시 뒤|조금 뒤] <달려오다/은> {friend:이} {made:을} <보다/고> <울먹이다/.>. @friend,hero “{place:에} 둔 내 {made:을} 누가 [이렇게|이 꼴로] <만들다/~었>? {place:에서} {n} 밤이나 걸려 [만든|완성한] 건데.” @hero,friend “[글쎄|아마], {place:에} 바람이 세게 불더니 {made:이} 넘어졌나 봐.”$replied:hero 말을 뱉고 나니 {hero:의} 가슴이 <무겁다/.>.",
                "저녁에 {friend:은} {made:을} 본 이가 있느냐고 {goal:까지} 다니며 <묻다/.>. {hero:은} [들고양이가|강아지가|까마귀가|바람이] {made:을} 건드리는 걸 보았다고 <거짓말하다/었지만>, {friend:의} 젖은 눈을 마주 볼 수 <없다/.>. $shame:hero",
            ],
        ],
    },
];

const WAYS: &[Passage] = &[
    Passage {
        name: "straight-to-the-friend",
        paragraphs: &[
            &[
                "{hero:은} [한참|밤새|몇 번이나] <망설이다/다가> {friend:이} <있다/는> {goal:으로} <달려가다|찾아가다/.>. @hero,friend “{friend:아}, {place:에} 있는 네 {made:을} 망가뜨린 건 바로 [나야|여기 있는 나야]. {friend:에게} {made} 이야기를 [진작|먼저|곧바로] 하지 못해서 [정말|너무] <미안하다/~>.”$said:hero",
                "$later, {hero:은} {goal:에서} {friend:을} <만나다/자마자> [고개를 깊이 숙이고|눈을 꼭 감고|손에 땀을 쥐고] <털어놓다/.>. {made:이} 망가진 것은 [다름 아닌|누구도 아닌] 자기 탓이며, 겁이 나서 이제껏 {place} 일을 숨겼다는 {=이야기:.}.",
                "@hero,friend “{friend:아}, [놀라지 말고|끝까지|잠깐만] 들어 줘. {place:에} 있던 네 {made:이} [저렇게|그렇게] 된 건 내 {=잘못:~}. [혼날까 봐|네가 미워할까 봐|겁이 나서] {friend:에게} [바른대로 말하지 못했어|이제껏 참말을 못 했어].” {hero:의} 목소리는 [자꾸|조금씩] <떨리다/.>.",
            ],
            &[
                "{friend:은} [한동안|잠시] {place} 쪽만 <바라보다/.>. @friend,hero “{made:을} 생각하면 [속상하지만|마음이 아프지만], {hero:이} [숨기지 않고|먼저 와서] 말해 줘서 <고맙다/~>. {color} 끈이 남아 있으니 {made:은} [같이|둘이서|{place:에} 가서] 고쳐 <보다/~자>.”$said:friend 두 친구는 [해가 질 때까지|{drink:을} 나누어 마시며|땀을 닦아 가며] {made:을} <고치다/고> {color} 끈을 다시 <매다/.>.",
                "@friend,hero “[그랬구나, {hero:아}|어쩐지 {place:에도} 통 안 오더라, {hero:아}]. [{hero:도}|{hero:이} 혼자서] {made} 때문에 [많이|얼마나] 힘들었겠어.” {friend:이} 눈물을 닦으며 손을 <내밀다/.>. 둘은 그길로 {place:에} 가서 {made:을} [처음부터|하나하나|전보다 튼튼하게] 다시 <만들다/었고>, 마지막으로 {color} 끈을 [두 번|단단히] <매다/.>.",
            ],
        ],
    },
    Passage {
        name: "taught-by-the-elder",
        paragraphs: &[
            &[
                "{hero:은} {elder:을} <찾아가다/어> 사실대로 <털어놓다/.>. @hero,elder “{elder:아}, 제가 {friend:의} {made:을} <망가뜨리다/~었>. 어떻게 하면 {friend:이} 다시 웃을 수 <있다/~까>?” @elder,hero “{made:은} 손으로 고치고 {friend:의} 마음은 [참말로|바른말로] 고치는 {=법:~지}. 자, {place:에} 가서 {color} 끈부터 [새로|다시] <찾다/~라>.”$replied:elder",
                "{hero:이} 풀이 죽은 것을 <보다/고> {elder:은} {drink} 한 잔을 <건네다/^.>. @elder,hero “{hero:아}, [{friend:의} {made} 때문에|{place:에서} 있었던 일로] 속을 끓이고 있구나.” 그 말에 {hero:은} [눈물을 쏟으며|더듬더듬|숨김없이] {made:을} 망가뜨린 이야기를 모두 <하다/.>. {elder:은} 고칠 도구를 챙겨 {place:으로} <앞서가다/^.>.",
            ],
            &[
                "{hero:은} {elder:에게} <배우다/은> 대로 {m} 밤 동안 {friend:의} {made:을} $hard <고치다/.>. 말끔해진 {made:에} {color} 끈을 두르고 {hero:은} {friend:을} <데려오다/.>. @hero,friend “{friend:아}, {place:에} 둔 {made:을} 망가뜨린 것도 나고 고친 것도 {=나:~}. {place} 일을 [진작|바로] 말하지 못해 [정말|너무] <미안하다/~>.” {friend:은} {made:을} [어루만지다가|이리저리 보다가] 빙그레 <웃다/.>.",
                "손재주 좋은 {elder:이} 옆에서 <가르치다/^었고>, {hero:은} 손가락을 {n} 번이나 찔려 가며 {made:을} <고치다/.>. 그리고 그 길로 {friend:에게} <달려가다/어> 있는 그대로 <말하다/.>. @friend,hero “[손이 이렇게 되도록|이렇게 애써서] {hero:이} 직접 {made:에} {color} 끈까지 매 준 {=거:~?}? 이제 {made} 일로 [마음 졸이지|울지] <말다/~자>, {hero:아}.”$said:friend",
            ],
        ],
    },
    Passage {
        name: "a-new-one",
        paragraphs: &[
            &[
                "{hero:은} 똑같은 {made:을} 새로 만들기로 마음을 <먹다/.>. {goal:까지} 가서 재료를 구하고, {color} 끈은 [{third:에게} 얻어|{elder:에게} 얻어|{fruit} {n} 개와 바꾸어] <오다/.>. [{m} 번을 실패하고|손이 부르트고|며칠 밤을 새우고] 나서야 겨우 그럴듯한 {made:이} <나오다/.>.",
                "[그날부터|이튿날부터|새벽마다] {hero:은} {goal:에서} 몰래 {made:을} <만들다/.>. {friend:의} 솜씨에는 못 미쳤지만 {n} 번 뜯어고치고 {m} 번 다시 {color} 끈을 두르자 제법 <곱다/.>. @third,hero “[누구에게|누구한테] 주려고 {made} 하나에 이렇게 애를 써, {hero:아}?”$asked:third {hero:은} 그저 <웃다/.>.",
            ],
            &[
                "$later, {friend:은} {place:에서} 새 {made:을} <보다/고> 눈이 <커지다/.>. @hero,friend “{place:에} 있던 네 {made:은} 내가 [잘못해서|까불다가] <망가뜨리다/~었>. [똑같지는|네 것만큼 예쁘지는] 않지만 이 {made:을} 받고 나를 용서해 줄래, {friend:아}?” @friend,hero “[삐뚤빼뚤해도|조금 달라도] {hero:이} 만든 {made} 쪽이 더 좋은걸.”$replied:friend",
                "{hero:은} 새 {made:을} {place:에} 두고 {friend:이} 오기를 <기다리다/.>. 그리고 [도망치고 싶은 마음을|떨리는 가슴을] 누르며 {friend:의} {made:을} 망가뜨린 일을 빠짐없이 <말하다/.>. {friend:은} 망가진 {made:에서} {color} 끈을 <풀다/어> 새 {made:에} 하나 더 <매다/.>. @friend,hero “이제 {made:에} {color} 끈이 둘이니 [우리 둘 거네|너랑 내 거네], {hero:아}.”$said:friend",
            ],
        ],
    },
    Passage {
        name: "with-a-companion",
        paragraphs: &[
            &[
                "{third:이} 가만히 {hero:의} 곁으로 <다가오다/.>. @third,hero “{place:에서} 있었던 {made} 일은 나도 <알다/~>. [혼자 가기 무서우면|용기가 안 나면] {friend:에게} 갈 때 내가 [옆에|뒤에|문밖에] 서 <있다/~게>.”$said:third {hero:은} {third:의} 손을 <잡다/고> {goal:까지} [천천히|한 걸음씩|말없이] <걷다/.>.",
                "{hero:은} {third:에게} {made:을} 망가뜨린 일을 <털어놓다/.>. @third,hero “{friend:은} {made:보다} [친구가|{hero:이}] 없어지는 걸 더 슬퍼할 {=친구:~}. 나랑 같이 {friend:에게} <가다/~자>.” 둘은 {food:을} 한 입씩 나누어 먹고 {goal:으로} <나서다/.>.",
            ],
            &[
                "{friend:을} <만나다/자> {hero:은} [세 번 숨을 쉬고|{third:을} 한 번 돌아보고|두 주먹을 쥐고] 사실대로 <말하다/.>. @friend,hero “[{third:이} 아니라|다른 누구도 아니고] {hero:이} 직접 말해 주기를 <기다리다/~었>. {made:은} {third:까지} [셋이서|다 같이] 고치면 [금방이야|더 재미있을 거야].”$said:friend 셋은 {place:에} 둘러앉아 {made:을} <고치다/고> {color} 끈을 새로 <매다/.>.",
                "@hero,friend “{friend:아}, 내가 {place:에서} 네 {made:을} 망가뜨려 놓고 [모른 척했어|바른말을 못 했어]. [벌로|그 대신] {n} 밤 동안 {friend} 대신 {place} 청소를 내가 <하다/~게>.” {friend:은} [한참 만에|눈을 흘기다가|콧등을 찡그리다가] 피식 <웃다/.>. {third:이} {color} 끈을 <들다/고> 오고 두 친구가 손을 <더하다/어> {made:은} 그날로 제 모습을 <찾다/.>.",
            ],
        ],
    },
    Passage {
        name: "thing-in-amends",
        paragraphs: &[
            &[
                "{hero:은} 제 {thing:을} 보자기에 <감싸다/어서> {friend:의} 집 앞에 <놓다/고> 쪽지를 <남기다/.>. ‘{friend:아}, {made:을} 망가뜨린 건 [나, {hero:~}|{hero:~}]. [대신|미안한 마음으로] 내 {color} {thing:을} 줄게.’ 그러고는 [모퉁이 뒤에서|담 뒤에서|울타리 너머에서] {friend:이} 나오기를 <기다리다/.>.",
                "{hero:에게} {thing:은} 무엇보다 귀한 {=물건:.}. 하지만 {hero:은} 그것을 <들다/고> {friend:에게} <찾아가다/.>. @hero,friend “{place:에} 있던 {made:을} 망가뜨린 건 {=나:~}. {place:에서} 있었던 일을 {friend:에게} 숨겨서 [정말|참] <미안하다/~>. 이 {color} {thing:을} {made} 대신 <받다/~라>.”$said:hero",
            ],
            &[
                "[얼마 뒤|잠시 뒤|조금 있다가] {friend:이} {thing:을} 도로 {hero:에게} <내밀다/.>. @friend,hero “{hero:이} {thing:을} 얼마나 아끼는지 내가 다 <알다/~>. [물건|{thing}] 말고 {hero} 두 손을 빌려줘, {made:은} [같이|둘이] 고치면 되니까.”$said:friend 두 친구는 {place:에서} {made:을} <고치다/고> {color} 끈을 나란히 쥐고 <매다/.>.",
                "{friend:은} {thing:을} [한참|가만히] 들여다보다가 고개를 <젓다/.>. 그리고 {hero:의} 소매를 끌고 {place:으로} <가다/.>. @friend,hero “{hero:의} {thing:은} [받은 걸로|마음만 받은 걸로] <하다/~게>. 그 대신 {made:이} 다 될 때까지 [집에 못 가|내 조수야], {hero:아}.” 둘은 [깔깔 웃으며|콧노래를 부르며] {made:을} 되살리고 {color} 끈을 <매다/.>.",
            ],
        ],
    },
];

const ENDINGS: &[&str] = &[
    "{friend:의} {made:은} 처음 모습과 [조금|어딘가|{n} 군데쯤] <다르다/.>. 하지만 {friend:은} 누가 물으면 [으레|언제나|웃으며] 바로 그 다른 데를 <가리키다/.>. @friend,third “{third:아}, 여기가 바로 {hero:이} [용기를 낸|참말을 한] {=자리:~}. 내 {made:에} 두른 {color} 끈보다 더 [예쁘고|멋지고] {place:에서} 제일가는 {=곳:~지}.”$said:friend",
    "{elder:은} {color} 끈을 두른 {made:을} <보다/^고> 고개를 <끄덕이다/^.>. @elder,hero “{friend:의} {made:은} [망가져도|부서져도] 고칠 수 있지만 거짓말로 금이 간 사이는 [오래가지 못한단다|쉽게 붙지 않는단다]. {hero:은} [그걸|귀한 것을] {place:에서} <배우다/~었구나>.”$said:elder",
    "그 뒤로 {hero:은} {place:을} 지날 때면 {made:을} [바로 세우고|살피고] {color} 끈이 풀리지 않았는지 <보다/.>. {friend:이} 새로 무엇을 만들 때마다 [맨 먼저|제일 먼저] 부르는 이도 {hero:.}.",
    "{hero:과} {friend:은} [그 기념으로|내친김에|이튿날] 조그만 {made:을} 하나 더 만들어 {third:에게} <주다|선물하다/.>. {third:은} {made:에} 두를 {color} 끈을 [{fruit}처럼|보물처럼] 소중히 <받다/.>.",
    "[그날|그 일이 있던 날] 저녁, {hero:은} {thing:을} <꺼내다/어> {color} 끈 한 가닥을 <매다/.>. 볼 때마다 {friend:의} {made:을}, 그리고 [참말은 늦어도 낫다는|잘못은 빨리 말할수록 가볍다는] 것을 <떠올리다/으려고> 그런 {=것:.}.",
];
