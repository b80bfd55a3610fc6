//! Names and kinds of the people and animals. The held-out lists never occur in training documents.

/// Given names of children in training documents.
pub const CHILDREN: &[&str] = &[
    "민준", "서연", "도윤", "하은", "시우", "지우", "주원", "서윤", "예준", "지아", "건우", "수아", "현우",
    "다은", "준서", "예은", "유진", "채원", "지호", "소율", "은우", "나연", "선우", "가은", "우진", "윤서",
    "민재", "하린", "정우", "소연", "승현", "보민", "태윤", "아린", "동현", "유나", "재윤", "은채", "시윤",
    "수빈", "한결", "다온", "찬우", "보라", "상민", "나래", "진호", "미소", "규민", "슬기", "영훈", "새롬",
    "성빈", "초롱", "기찬", "하람", "태오", "단비", "은결", "솔이", "경민", "리아", "도현", "세아", "윤호",
    "가람", "희진", "연우", "해솔", "정민",
];

/// Given names of children in held-out documents only.
pub const CHILDREN_HELD_OUT: &[&str] = &[
    "로운", "주하", "태린", "이안", "별하", "강산", "예담", "두리", "찬슬", "모아", "서준", "라온", "고은",
    "범수",
];

/// Names of animals in training documents.
pub const ANIMAL_NAMES: &[&str] = &[
    "몽실이",
    "토토",
    "까미",
    "콩이",
    "보리",
    "단추",
    "뭉치",
    "방울이",
    "알밤이",
    "노을이",
    "구름이",
    "깜이",
    "도도",
    "루루",
    "솜이",
    "별이",
    "달래",
    "포포",
    "코코",
    "두부",
    "찐빵이",
    "깡총이",
    "느림이",
    "반달이",
    "초록이",
    "모모",
    "통통이",
    "삐삐",
    "구구",
    "아롱이",
    "다롱이",
    "햇살이",
    "봄이",
    "바우",
    "돌이",
    "새콤이",
    "달콤이",
    "뾰족이",
    "살랑이",
    "졸졸이",
    "팔랑이",
    "감초",
    "머루",
    "송이",
];

/// Names of animals in held-out documents only.
pub const ANIMAL_NAMES_HELD_OUT: &[&str] =
    &["푸딩이", "나비나비", "호야", "꼬물이", "밤톨이", "누리", "쿠키", "덩실이", "물결이", "차돌이"];

/// Kinds of animals with their ways of moving and living.
pub const ANIMALS: &[&str] = &[
    "토끼",
    "다람쥐",
    "아기 곰",
    "여우",
    "너구리",
    "고슴도치",
    "사슴",
    "두더지",
    "오리",
    "개구리",
    "거북",
    "고양이",
    "강아지",
    "참새",
    "까치",
    "생쥐",
    "염소",
    "송아지",
    "원숭이",
    "수달",
    "청설모",
    "병아리",
    "기러기",
    "족제비",
];

/// Elders of the forest.
pub const ANIMAL_ELDERS: &[&str] = &[
    "부엉이 할아버지",
    "거북 할머니",
    "두루미 할머니",
    "곰 아저씨",
    "황소 아저씨",
    "올빼미 할머니",
    "산양 할아버지",
    "암탉 아주머니",
];

/// Family members who are older than the child.
pub const FAMILY: &[&str] =
    &["할머니", "할아버지", "어머니", "아버지", "이모", "삼촌", "고모", "외할머니", "외할아버지"];

/// Grown-ups of the neighbourhood and the school.
pub const NEIGHBOURS: &[&str] = &[
    "담임 선생님",
    "사서 선생님",
    "이웃집 아주머니",
    "경비 아저씨",
    "빵집 아저씨",
    "꽃집 아주머니",
    "문구점 아저씨",
    "의사 선생님",
    "체육 선생님",
    "우체부 아저씨",
];

/// Names of people in old tales, training.
pub const OLD_NAMES: &[&str] = &[
    "돌쇠", "막동", "복동", "순이", "길동", "삼돌", "금동", "꽃분", "덕배", "만석", "억쇠", "분이", "칠성",
    "옥이", "개똥", "달수", "봉구", "언년", "무쇠", "점순",
];

/// Names of people in old tales, held-out documents only.
pub const OLD_NAMES_HELD_OUT: &[&str] = &["쇠돌", "복실", "갑돌", "연화", "만복"];
