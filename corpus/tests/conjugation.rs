//! The conjugation table. Written by hand from 한글 맞춤법 and 표준국어대사전; columns are endings.
//! Every irregular class stands beside regular words that look like it.

#![allow(clippy::unwrap_used)]

use corpus::grammar::{Class, Contraction, Ending, Kind, Predicate};

const VERBS: &str = "
#다       class    고        어요      었다      으면      으니까      는       은       을       다        습니다     으려고     으면서     음
가다      Regular  가고      가요      갔다      가면      가니까      가는     간       갈       간다      갑니다     가려고     가면서     감
오다      Regular  오고      와요      왔다      오면      오니까      오는     온       올       온다      옵니다     오려고     오면서     옴
먹다      Regular  먹고      먹어요    먹었다    먹으면    먹으니까    먹는     먹은     먹을     먹는다    먹습니다   먹으려고   먹으면서   먹음
잡다      Regular  잡고      잡아요    잡았다    잡으면    잡으니까    잡는     잡은     잡을     잡는다    잡습니다   잡으려고   잡으면서   잡음
닫다      Regular  닫고      닫아요    닫았다    닫으면    닫으니까    닫는     닫은     닫을     닫는다    닫습니다   닫으려고   닫으면서   닫음
믿다      Regular  믿고      믿어요    믿었다    믿으면    믿으니까    믿는     믿은     믿을     믿는다    믿습니다   믿으려고   믿으면서   믿음
웃다      Regular  웃고      웃어요    웃었다    웃으면    웃으니까    웃는     웃은     웃을     웃는다    웃습니다   웃으려고   웃으면서   웃음
씻다      Regular  씻고      씻어요    씻었다    씻으면    씻으니까    씻는     씻은     씻을     씻는다    씻습니다   씻으려고   씻으면서   씻음
놓다      Regular  놓고      놓아요    놓았다    놓으면    놓으니까    놓는     놓은     놓을     놓는다    놓습니다   놓으려고   놓으면서   놓음
앉다      Regular  앉고      앉아요    앉았다    앉으면    앉으니까    앉는     앉은     앉을     앉는다    앉습니다   앉으려고   앉으면서   앉음
보다      Regular  보고      봐요      봤다      보면      보니까      보는     본       볼       본다      봅니다     보려고     보면서     봄
주다      Regular  주고      줘요      줬다      주면      주니까      주는     준       줄       준다      줍니다     주려고     주면서     줌
마시다    Regular  마시고    마셔요    마셨다    마시면    마시니까    마시는   마신     마실     마신다    마십니다   마시려고   마시면서   마심
되다      Regular  되고      돼요      됐다      되면      되니까      되는     된       될       된다      됩니다     되려고     되면서     됨
피다      Regular  피고      피어요    피었다    피면      피니까      피는     핀       필       핀다      핍니다     피려고     피면서     핌
켜다      Regular  켜고      켜요      켰다      켜면      켜니까      켜는     켠       켤       켠다      켭니다     켜려고     켜면서     켬
보내다    Regular  보내고    보내요    보냈다    보내면    보내니까    보내는   보낸     보낼     보낸다    보냅니다   보내려고   보내면서   보냄
배우다    Regular  배우고    배워요    배웠다    배우면    배우니까    배우는   배운     배울     배운다    배웁니다   배우려고   배우면서   배움
뛰다      Regular  뛰고      뛰어요    뛰었다    뛰면      뛰니까      뛰는     뛴       뛸       뛴다      뜁니다     뛰려고     뛰면서     뜀
쓰다      Regular  쓰고      써요      썼다      쓰면      쓰니까      쓰는     쓴       쓸       쓴다      씁니다     쓰려고     쓰면서     씀
모으다    Regular  모으고    모아요    모았다    모으면    모으니까    모으는   모은     모을     모은다    모읍니다   모으려고   모으면서   모음
따르다    Regular  따르고    따라요    따랐다    따르면    따르니까    따르는   따른     따를     따른다    따릅니다   따르려고   따르면서   따름
담그다    Regular  담그고    담가요    담갔다    담그면    담그니까    담그는   담근     담글     담근다    담급니다   담그려고   담그면서   담금
살다      Regular  살고      살아요    살았다    살면      사니까      사는     산       살       산다      삽니다     살려고     살면서     삶
만들다    Regular  만들고    만들어요  만들었다  만들면    만드니까    만드는   만든     만들     만든다    만듭니다   만들려고   만들면서   만듦
걷다      Digeut   걷고      걸어요    걸었다    걸으면    걸으니까    걷는     걸은     걸을     걷는다    걷습니다   걸으려고   걸으면서   걸음
듣다      Digeut   듣고      들어요    들었다    들으면    들으니까    듣는     들은     들을     듣는다    듣습니다   들으려고   들으면서   들음
깨닫다    Digeut   깨닫고    깨달아요  깨달았다  깨달으면  깨달으니까  깨닫는   깨달은   깨달을   깨닫는다  깨닫습니다 깨달으려고 깨달으면서 깨달음
굽다      Bieup    굽고      구워요    구웠다    구우면    구우니까    굽는     구운     구울     굽는다    굽습니다   구우려고   구우면서   구움
줍다      Bieup    줍고      주워요    주웠다    주우면    주우니까    줍는     주운     주울     줍는다    줍습니다   주우려고   주우면서   주움
돕다      BieupWa  돕고      도와요    도왔다    도우면    도우니까    돕는     도운     도울     돕는다    돕습니다   도우려고   도우면서   도움
짓다      Siot     짓고      지어요    지었다    지으면    지으니까    짓는     지은     지을     짓는다    짓습니다   지으려고   지으면서   지음
낫다      Siot     낫고      나아요    나았다    나으면    나으니까    낫는     나은     나을     낫는다    낫습니다   나으려고   나으면서   나음
모르다    Reu      모르고    몰라요    몰랐다    모르면    모르니까    모르는   모른     모를     모른다    모릅니다   모르려고   모르면서   모름
부르다    Reu      부르고    불러요    불렀다    부르면    부르니까    부르는   부른     부를     부른다    부릅니다   부르려고   부르면서   부름
이르다    Reo      이르고    이르러요  이르렀다  이르면    이르니까    이르는   이른     이를     이른다    이릅니다   이르려고   이르면서   이름
푸다      U        푸고      퍼요      펐다      푸면      푸니까      푸는     푼       풀       푼다      풉니다     푸려고     푸면서     품
하다      Yeo      하고      해요      했다      하면      하니까      하는     한       할       한다      합니다     하려고     하면서     함
";

const ADJECTIVES: &str = "
#다       class    고        어요      었다      으면      으니까      는       은       을       다        습니다     는데
작다      Regular  작고      작아요    작았다    작으면    작으니까    작은     작던     작을     작다      작습니다   작은데
좁다      Regular  좁고      좁아요    좁았다    좁으면    좁으니까    좁은     좁던     좁을     좁다      좁습니다   좁은데
좋다      Regular  좋고      좋아요    좋았다    좋으면    좋으니까    좋은     좋던     좋을     좋다      좋습니다   좋은데
얇다      Regular  얇고      얇아요    얇았다    얇으면    얇으니까    얇은     얇던     얇을     얇다      얇습니다   얇은데
멀다      Regular  멀고      멀어요    멀었다    멀면      머니까      먼       멀던     멀       멀다      멉니다     먼데
바쁘다    Regular  바쁘고    바빠요    바빴다    바쁘면    바쁘니까    바쁜     바쁘던   바쁠     바쁘다    바쁩니다   바쁜데
기쁘다    Regular  기쁘고    기뻐요    기뻤다    기쁘면    기쁘니까    기쁜     기쁘던   기쁠     기쁘다    기쁩니다   기쁜데
춥다      Bieup    춥고      추워요    추웠다    추우면    추우니까    추운     춥던     추울     춥다      춥습니다   추운데
가깝다    Bieup    가깝고    가까워요  가까웠다  가까우면  가까우니까  가까운   가깝던   가까울   가깝다    가깝습니다 가까운데
곱다      BieupWa  곱고      고와요    고왔다    고우면    고우니까    고운     곱던     고울     곱다      곱습니다   고운데
빠르다    Reu      빠르고    빨라요    빨랐다    빠르면    빠르니까    빠른     빠르던   빠를     빠르다    빠릅니다   빠른데
푸르다    Reo      푸르고    푸르러요  푸르렀다  푸르면    푸르니까    푸른     푸르던   푸를     푸르다    푸릅니다   푸른데
빨갛다    Hieut    빨갛고    빨개요    빨갰다    빨가면    빨가니까    빨간     빨갛던   빨갈     빨갛다    빨갛습니다 빨간데
하얗다    Hieut    하얗고    하얘요    하얬다    하야면    하야니까    하얀     하얗던   하얄     하얗다    하얗습니다 하얀데
누렇다    Hieut    누렇고    누레요    누렜다    누러면    누러니까    누런     누렇던   누럴     누렇다    누렇습니다 누런데
허옇다    Hieut    허옇고    허예요    허옜다    허여면    허여니까    허연     허옇던   허열     허옇다    허옇습니다 허연데
그렇다    Hieut    그렇고    그래요    그랬다    그러면    그러니까    그런     그렇던   그럴     그렇다    그렇습니다 그런데
착하다    Yeo      착하고    착해요    착했다    착하면    착하니까    착한     착하던   착할     착하다    착합니다   착한데
";

const EXISTENCE: &str = "
#다       class    고        어요      었다      으면      으니까      는       은       을       다        습니다     는데
있다      Regular  있고      있어요    있었다    있으면    있으니까    있는     있던     있을     있다      있습니다   있는데
없다      Regular  없고      없어요    없었다    없으면    없으니까    없는     없던     없을     없다      없습니다   없는데
";

fn class(name: &str) -> Class {
    match name {
        "Regular" => Class::Regular,
        "Digeut" => Class::Digeut,
        "Bieup" => Class::Bieup,
        "BieupWa" => Class::BieupWa,
        "Siot" => Class::Siot,
        "Reu" => Class::Reu,
        "Reo" => Class::Reo,
        "Hieut" => Class::Hieut,
        "U" => Class::U,
        "Yeo" => Class::Yeo,
        other => panic!("no class {other}"),
    }
}

fn check(table: &str, kind: Kind) -> usize {
    let mut lines = table.trim().lines();
    let header: Vec<&str> = lines.next().unwrap().split_whitespace().skip(2).collect();
    let mut rows = 0;
    for line in lines {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells.len(), header.len() + 2, "row {line}");
        let predicate = Predicate::new(cells[0], class(cells[1]), kind);
        for (ending, expected) in header.iter().zip(&cells[2..]) {
            let got = match *ending {
                "었다" => predicate.past().with(Ending::Plain),
                key => predicate.with(Ending::named(key).unwrap()),
            };
            assert_eq!(&got, expected, "{} + {ending}", cells[0]);
            rows += 1;
        }
    }
    rows
}

#[test]
fn the_table_of_stems_and_endings_holds() {
    let rows =
        check(VERBS, Kind::Verb) + check(ADJECTIVES, Kind::Adjective) + check(EXISTENCE, Kind::Existence);
    assert!(rows >= 250, "{rows} rows");
}

#[test]
fn the_remaining_endings_hold() {
    let rows = [
        ("살다", Class::Regular, "네", "사네"),
        ("살다", Class::Regular, "느라고", "사느라고"),
        ("놀다", Class::Regular, "다가", "놀다가"),
        ("놀다", Class::Regular, "자마자", "놀자마자"),
        ("놀다", Class::Regular, "으러", "놀러"),
        ("듣다", Class::Digeut, "느라고", "듣느라고"),
        ("듣다", Class::Digeut, "어서", "들어서"),
        ("돕다", Class::BieupWa, "어서", "도와서"),
        ("돕다", Class::BieupWa, "으며", "도우며"),
        ("굽다", Class::Bieup, "어도", "구워도"),
        ("짓다", Class::Siot, "어라", "지어라"),
        ("흐르다", Class::Reu, "어서", "흘러서"),
        ("자르다", Class::Reu, "어야", "잘라야"),
        ("따르다", Class::Regular, "어서", "따라서"),
        ("치르다", Class::Regular, "어서", "치러서"),
        ("들르다", Class::Regular, "어요", "들러요"),
        ("기어가다", Class::Regular, "다고", "기어간다고"),
        ("먹다", Class::Regular, "다고", "먹는다고"),
        ("만들다", Class::Regular, "다고", "만든다고"),
        ("만들다", Class::Regular, "라고", "만들라고"),
        ("듣다", Class::Digeut, "라고", "들으라고"),
        ("가다", Class::Regular, "자고", "가자고"),
        ("가다", Class::Regular, "냐고", "가냐고"),
        ("살다", Class::Regular, "냐고", "사냐고"),
        ("찾다", Class::Regular, "겠다고", "찾겠다고"),
        ("오다", Class::Regular, "는구나", "오는구나"),
        ("자다", Class::Regular, "도록", "자도록"),
        ("기다", Class::Regular, "어서", "기어서"),
        ("지다", Class::Regular, "어서", "져서"),
        ("보이다", Class::Regular, "어요", "보여요"),
        ("나누다", Class::Regular, "어요", "나눠요"),
        ("싸우다", Class::Regular, "어서", "싸워서"),
        ("세다", Class::Regular, "어서", "세서"),
        ("서다", Class::Regular, "어서", "서서"),
        ("끄다", Class::Regular, "어라", "꺼라"),
        ("잠그다", Class::Regular, "어서", "잠가서"),
        ("뜨다", Class::Regular, "습니까", "뜹니까"),
        ("묻다", Class::Digeut, "으니까", "물으니까"),
        ("묻다", Class::Regular, "으니까", "묻으니까"),
        ("싣다", Class::Digeut, "은", "실은"),
        ("얻다", Class::Regular, "은", "얻은"),
        ("붓다", Class::Siot, "어요", "부어요"),
        ("벗다", Class::Regular, "어요", "벗어요"),
        ("눕다", Class::Bieup, "으면", "누우면"),
        ("입다", Class::Regular, "으면", "입으면"),
    ];
    for (word, class, ending, expected) in rows {
        let ending = if ending == "는구나" { Ending::Realisation } else { Ending::named(ending).unwrap() };
        assert_eq!(Predicate::new(word, class, Kind::Verb).with(ending), expected);
    }
}

#[test]
fn open_forms_keep_vowels_apart_only_where_the_standard_allows_it() {
    for (word, expected) in [
        ("보다", "보았다"),
        ("주다", "주었다"),
        ("오다", "왔다"),
        ("배우다", "배웠다"),
        ("되다", "되었다"),
        ("나누다", "나누었다"),
        ("가다", "갔다"),
        ("마시다", "마셨다"),
    ] {
        let predicate = Predicate::new(word, Class::Regular, Kind::Verb).with_contraction(Contraction::Open);
        assert_eq!(predicate.past().with(Ending::Plain), expected);
    }
}

#[test]
fn honorific_past_and_future_stems_take_endings_like_any_other() {
    use corpus::grammar::levels::{Level, Mood, finish};
    let rows = [
        ("가다", Class::Regular, "가세요", "가셨어요", "가십니다", "가십시오"),
        ("듣다", Class::Digeut, "들으세요", "들으셨어요", "들으십니다", "들으십시오"),
        ("돕다", Class::BieupWa, "도우세요", "도우셨어요", "도우십니다", "도우십시오"),
        ("살다", Class::Regular, "사세요", "사셨어요", "사십니다", "사십시오"),
        ("짓다", Class::Siot, "지으세요", "지으셨어요", "지으십니다", "지으십시오"),
        ("부르다", Class::Reu, "부르세요", "부르셨어요", "부르십니다", "부르십시오"),
        ("하다", Class::Yeo, "하세요", "하셨어요", "하십니다", "하십시오"),
    ];
    for (word, class, polite, past, formal, command) in rows {
        let plain = Predicate::new(word, class, Kind::Verb);
        let honored = plain.honorific();
        assert_eq!(honored.with(Ending::Polite), polite);
        assert_eq!(honored.past().with(Ending::Polite), past);
        assert_eq!(honored.with(Ending::Formal), formal);
        assert_eq!(finish(&plain, Level::Formal, Mood::Command), command);
    }
    let go = Predicate::new("가다", Class::Regular, Kind::Verb);
    assert_eq!(finish(&go, Level::Casual, Mood::Promise), "갈게");
    assert_eq!(finish(&go, Level::Polite, Mood::Prediction), "갈 거예요");
    assert_eq!(finish(&go, Level::Formal, Mood::Proposal), "갑시다");
    assert_eq!(go.past().with(Ending::Background), "갔는데");
    assert_eq!(go.past().with(Ending::Infinitive), "갔어");
    assert_eq!(go.conjecture().with(Ending::Formal), "가겠습니다");
    let not = Predicate::new("아니다", Class::Regular, Kind::Adjective);
    assert_eq!(not.with(Ending::Polite), "아니에요");
    assert_eq!(finish(&not, Level::Casual, Mood::Statement), "아니야");
    assert_eq!(not.past().with(Ending::Plain), "아니었다");
}
