//! Nouns by semantic class.

/// What kind of thing a noun names; verbs and plots choose by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NounClass {
    /// Small things that a child owns, loses, lends
    Belonging,
    Food,
    Fruit,
    Drink,
    Clothing,
    Reading,
    Instrument,
    Game,
    Vehicle,
    Plant,
    Handmade,
    /// Places in town
    Town,
    /// Places outdoors
    Outdoors,
    /// Where small things get lost or hidden
    Nook,
    /// Tools and goods of old tales
    OldGoods,
    /// Trades of old tales
    Trade,
    School,
    Chore,
}

/// A noun and its class.
#[derive(Clone, Copy, Debug)]
pub struct Noun {
    pub word: &'static str,
    pub class: NounClass,
    /// Native counter: 개, 마리, 권 …
    pub counter: &'static str,
}

pub static BELONGINGS: &[&str] = &[
    "모자", "장갑", "목도리", "우산", "연필", "지갑", "가방", "열쇠", "구슬", "팽이", "인형", "공", "손수건", "수첩", "단추",
    "머리핀", "색연필", "필통", "물통", "손전등", "돋보기", "나침반", "호루라기", "딱지", "종이배", "부채", "시계", "리본", "주머니",
    "방울", "쌍안경", "팔찌", "저금통", "풍선", "바람개비", "일기장", "목걸이", "머리띠", "지우개", "크레파스", "물감", "공책",
    "스티커", "엽서", "사진첩", "망원경", "탬버린", "실로폰", "줄넘기 줄", "배드민턴 채", "장난감 비행기", "요술봉", "손거울", "빗",
    "양말", "가위", "자석", "퍼즐", "저울", "양초", "북", "도장", "우표", "새총", "물총", "요요", "오카리나", "지도", "이름표",
    "배지", "브로치",
];
pub static FOODS: &[&str] = &[
    "떡", "김밥", "빵", "만두", "국수", "송편", "인절미", "주먹밥", "군고구마", "감자", "옥수수", "호박죽", "부침개", "찐빵",
    "도시락", "과자", "달걀", "식빵", "수제비", "칼국수", "떡볶이", "비빔밥", "볶음밥", "고구마튀김", "김치전", "약과", "강정",
    "호떡", "붕어빵", "찹쌀떡", "시루떡", "꿀떡", "팥빵", "샌드위치", "카레", "잡채", "두부조림", "콩나물국", "미역국", "누룽지",
    "백설기",
];
pub static FRUITS: &[&str] = &[
    "사과", "배", "감", "귤", "딸기", "수박", "참외", "복숭아", "자두", "밤", "호두", "도토리", "앵두", "살구", "대추",
    "포도", "머루", "오디", "산딸기", "무화과", "모과", "석류", "매실", "잣", "은행",
];
pub static DRINKS: &[&str] = &["물", "우유", "식혜", "보리차", "코코아", "수정과", "주스", "유자차"];
pub static CLOTHES: &[&str] = &["외투", "비옷", "조끼", "치마", "바지", "한복", "스웨터", "잠옷"];
pub static READINGS: &[&str] =
    &["동화책", "그림책", "만화책", "동시집", "위인전", "백과사전", "편지", "지도책", "잡지", "공룡 책"];
pub static INSTRUMENTS: &[&str] =
    &["피리", "북", "장구", "하모니카", "바이올린", "피아노", "꽹과리", "가야금"];
pub static GAMES: &[&str] =
    &["윷놀이", "술래잡기", "줄넘기", "공기놀이", "제기차기", "보물찾기", "숨바꼭질", "끝말잇기", "씨름"];
pub static VEHICLES: &[&str] = &["자전거", "버스", "기차", "배", "썰매", "그네", "시소", "지하철"];
pub static PLANTS: &[&str] = &[
    "해바라기",
    "봉숭아",
    "나팔꽃",
    "상추",
    "토마토",
    "고추",
    "호박",
    "오이",
    "배추",
    "튤립",
    "코스모스",
    "감나무",
];
pub static HANDMADE: &[&str] = &[
    "종이학",
    "카드",
    "눈사람",
    "새집",
    "연",
    "가면",
    "모형 배",
    "종이꽃",
    "나무 의자",
    "찰흙 그릇",
    "꽃다발",
    "로봇",
];
pub static TOWN: &[&str] = &[
    "도서관", "시장", "공원", "병원", "우체국", "빵집", "문구점", "체육관", "박물관", "미술관", "꽃집", "분식집", "수영장", "약국",
    "놀이터", "동물원", "시민 회관", "서점", "과일 가게", "운동장", "소방서", "경찰서", "은행", "극장", "음악실", "과학관", "미용실",
    "목욕탕", "치과", "어린이집", "주민 센터", "사진관", "철물점", "생선 가게", "신발", "떡집", "만둣가게", "식물원", "수족관",
    "천문대", "자전거", "광장", "야구장", "태권도장", "피아노 학원", "복지관",
];
pub static OUTDOORS: &[&str] = &[
    "냇가", "숲", "언덕", "동굴", "연못", "들판", "바닷가", "오두막", "우물가", "과수원", "대나무밭", "호숫가", "뒷산", "골짜기",
    "갈대밭", "모래밭", "강가", "돌다리", "풀밭", "밤나무 숲", "바위 언덕", "폭포 아래", "산기슭", "갯벌", "등대", "옹달샘",
    "너럭바위", "솔숲", "메밀밭", "보리밭", "논둑", "섬마을", "포구", "나루터", "개울가", "벼랑 아래", "억새밭", "돌담길",
    "자작나무 숲", "물레방앗간", "참나무 숲", "배밭", "유채밭",
];
pub static NOOKS: &[&str] = &[
    "책상 밑", "침대 밑", "소파 뒤", "서랍 속", "화분 옆", "장독대 뒤", "신발장 안", "책장 위", "커튼 뒤", "옷장 안",
    "빨래 바구니 속", "다락방 구석", "마루 밑", "자전거 바구니 안", "이불 속", "나무 상자 안", "텔레비전 뒤", "세탁기 옆", "냉장고 위",
    "식탁 밑", "베개 밑", "피아노 뒤", "장롱 속", "신문지 더미 속", "창틀 위", "계단 밑", "항아리 뒤", "바구니 속", "선반 위",
    "문 뒤",
];
pub static WILD_NOOKS: &[&str] = &[
    "바위틈", "나무 구멍", "낙엽 더미 속", "풀숲", "덤불 밑", "돌담 밑", "그루터기 옆", "갈대 사이", "쓰러진 나무 밑", "이끼 더미 속",
    "버섯 옆", "나무뿌리 사이", "칡덩굴 속", "고목 뒤", "돌무더기 속", "억새 사이", "솔잎 더미 속", "샘물 옆", "바위 뒤", "굴 입구",
    "통나무 밑", "진흙 웅덩이 옆",
];
pub static OLD_GOODS: &[&str] = &[
    "도끼", "호미", "그물", "짚신", "보따리", "지게", "맷돌", "항아리", "부채", "피리", "방망이", "멍석", "등잔", "가마솥", "낫",
    "삿갓", "붓", "거울", "바가지", "물레", "쟁기", "괭이", "쇠스랑", "망태기", "체", "키", "절구", "소쿠리", "광주리", "옹기",
    "놋그릇", "돗자리", "베틀", "갓", "곰방대", "방석", "등불", "빗자루", "물동이", "홍두깨",
];
pub static TRADES: &[&str] = &[
    "나무꾼", "농부", "어부", "옹기장이", "짚신 장수", "소금 장수", "대장장이", "선비", "사냥꾼", "머슴", "떡장수", "방물장수", "목수",
    "새우젓 장수", "뱃사공", "심마니", "마부", "광대", "숯쟁이", "두부 장수", "엿장수", "약초꾼", "석수",
];
pub static SCHOOL: &[&str] = &[
    "국어",
    "수학",
    "음악",
    "미술",
    "체육",
    "과학",
    "받아쓰기",
    "그림 그리기",
    "달리기",
    "수영",
    "노래",
    "발표",
];
pub static CHORES: &[&str] =
    &["청소", "설거지", "빨래", "심부름", "숙제", "화분 정리", "분리수거", "이불 정리"];

static TABLES: &[(NounClass, &[&str])] = &[
    (NounClass::Belonging, BELONGINGS),
    (NounClass::Food, FOODS),
    (NounClass::Fruit, FRUITS),
    (NounClass::Drink, DRINKS),
    (NounClass::Clothing, CLOTHES),
    (NounClass::Reading, READINGS),
    (NounClass::Instrument, INSTRUMENTS),
    (NounClass::Game, GAMES),
    (NounClass::Vehicle, VEHICLES),
    (NounClass::Plant, PLANTS),
    (NounClass::Handmade, HANDMADE),
    (NounClass::Town, TOWN),
    (NounClass::Outdoors, OUTDOORS),
    (NounClass::Nook, NOOKS),
    (NounClass::Nook, WILD_NOOKS),
    (NounClass::OldGoods, OLD_GOODS),
    (NounClass::Trade, TRADES),
    (NounClass::School, SCHOOL),
    (NounClass::Chore, CHORES),
];

/// The words of one class.
pub fn of(class: NounClass) -> &'static [&'static str] {
    TABLES.iter().find(|(of, _)| *of == class).map_or(&[], |(_, words)| words)
}

/// Every noun of the tables.
pub fn all() -> impl Iterator<Item = Noun> {
    TABLES.iter().flat_map(|(class, words)| {
        words.iter().map(|word| Noun { word, class: *class, counter: counter(word) })
    })
}

/// The counter that goes with a noun; 개 where no other is usual.
pub fn counter(word: &str) -> &'static str {
    match word {
        "동화책" | "그림책" | "만화책" | "동시집" | "위인전" | "백과사전" | "지도책" | "잡지" | "공룡 책"
        | "수첩" | "일기장" => "권",
        "연필" | "색연필" | "우산" | "부채" => "자루",
        "외투" | "비옷" | "조끼" | "치마" | "바지" | "한복" | "스웨터" | "잠옷" => "벌",
        "장갑" | "짚신" => "켤레",
        "편지" | "손수건" | "딱지" | "카드" => "장",
        "물" | "우유" | "식혜" | "보리차" | "코코아" | "수정과" | "주스" | "유자차" => {
            "잔"
        }
        "해바라기" | "튤립" | "코스모스" => "송이",
        "자전거" | "버스" => "대",
        _ => "개",
    }
}
