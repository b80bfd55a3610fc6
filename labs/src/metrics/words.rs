//! 지표 실습의 말.

pub const TITLE: &str = "지표 견주어 보기";
pub const LEAD: &str = "같은 답이라도 무엇을 한 단위로 세느냐에 따라 점수가 달라집니다. 어절, 글자, 자모로 나란히 재어 보고, 분류 문제에서는 정확도와 F1이 언제 갈라지는지 봅니다.";
pub const GENERATION: &str = "생성한 글";
pub const CLASSIFICATION: &str = "분류";
pub const KIND: &str = "무엇을 재나요";

pub const REFERENCE: &str = "정답 글";
pub const CANDIDATE: &str = "모델이 쓴 글";
pub const LINES: &str = "여러 줄을 넣으면 줄마다 짝을 지어 함께 잽니다.";
pub const REFERENCE_SAMPLE: &str = "할머니는 따뜻한 밥을 지었습니다.";
pub const CANDIDATE_SAMPLE: &str = "할머니가 따뜻한 밥을 지으셨다.";
pub const UNEVEN: &str = "정답은 {reference}줄, 모델의 글은 {candidate}줄입니다. 줄 수를 맞추어 주세요.";
pub const METRIC: &str = "지표";
pub const EOJEOL: &str = "어절";
pub const CHARACTER: &str = "글자";
pub const JAMO: &str = "자모";
pub const TABLE: &str = "단위마다의 점수";
pub const UNITS: &str = "센 단위(글 / 정답)";
pub const UNITS_SHOWN: &str = "{candidate} / {reference}";
pub const DEFAULT_WORDS: &str = "이 과정의 기준은 글자 단위입니다. chrF는 정의부터 글자 단위이고, 다른 단위의 칸은 견주어 보라고 채웠습니다.";
pub const SAID: &str = "글자 단위로 BLEU {bleu}, chrF {chrf}, ROUGE-L {rouge}.";

pub const WHY: &str = "왜 다를까요";
pub const WHY_EOJEOL: &str = "어절로 세면 조사 하나만 달라도 낱말 전체가 틀린 것이 됩니다. ‘할머니는’과 ‘할머니가’는 조금도 닮지 않은 것으로 셉니다.";
pub const WHY_CHARACTER: &str =
    "글자로 세면 어간이 같은 만큼 점수가 나옵니다. 띄어쓰기가 달라도 점수가 거의 변하지 않습니다.";
pub const WHY_JAMO: &str = "자모로 세면 뜻이 다른 글도 자음과 모음이 겹쳐서 점수가 부풀려집니다. 사람의 판단과도 가장 덜 맞았습니다(Kim & Kim 2022).";
pub const WHY_ENGLISH: &str = "rouge_score가 처음부터 쓰는 토크나이저는 a–z와 0–9만 남깁니다. 한글은 모두 사라져 무엇을 쓰든 0점이 되므로, 한국어에서는 토크나이저를 바꾸어야 합니다.";
pub const GAP: &str = "지금 글에서 어절과 글자의 ROUGE-1은 {gap}점 차이입니다.";

pub const MATRIX: &str = "혼동 행렬";
pub const MATRIX_HINT: &str = "줄은 진짜 분류, 칸은 모델의 답입니다. 수를 고쳐 보세요.";
pub const CLASSES: &str = "분류 수";
pub const CLASS: &str = "분류 {n}";
pub const CELL: &str = "진짜 {really:을/를} {predicted:으로/로} 답한 수";
pub const REALLY: &str = "진짜";
pub const ANSWERED: &str = "{name:으로/로} 답함";
pub const SAMPLES: &str = "예시";
pub const BALANCED: &str = "고르게 나뉜 것";
pub const SKEWED: &str = "한쪽으로 쏠린 것";
pub const LAZY: &str = "늘 같은 답만 하는 모델";
pub const PRECISION: &str = "정밀도";
pub const RECALL: &str = "재현율";
pub const F1: &str = "F1";
pub const SUPPORT: &str = "개수";
pub const ACCURACY: &str = "정확도";
pub const MACRO: &str = "macro F1";
pub const MICRO: &str = "micro F1";
pub const WEIGHTED: &str = "weighted F1";
pub const SCORES: &str = "분류마다의 점수";
pub const EXPLAIN_SAME: &str =
    "정확도와 macro F1이 비슷합니다. 분류가 고르고 틀리는 정도도 비슷하다는 뜻입니다.";
pub const EXPLAIN_APART: &str = "정확도는 {accuracy}%인데 macro F1은 {macro}%입니다. macro F1은 드문 분류도 똑같이 세므로, 드문 분류를 놓치면 크게 떨어집니다. KLUE의 주제 분류가 macro F1을 쓰는 까닭입니다.";
