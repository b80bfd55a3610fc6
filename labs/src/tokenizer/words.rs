//! 토크나이저 실습의 말.

pub const TITLE: &str = "바이트 단위 BPE 학습 따라가기";
pub const LEAD: &str = "글에서 가장 자주 붙어 나오는 쌍을 하나로 합치는 일을 되풀이합니다. 학습 작업과 같은 코드가 이 브라우저에서 배우고, 배운 병합을 한 단계씩 다시 보여 줍니다.";
pub const TEXT: &str = "배울 글";
pub const TEXT_HINT: &str = "줄마다 따로 배웁니다. 두 번 이상 나온 쌍만 합칩니다.";
pub const TOO_LONG: &str = "글이 너무 깁니다. {limit}자까지만 배웁니다.";
pub const VOCABULARY: &str = "어휘 크기";
pub const VOCABULARY_SHOWN: &str = "{n}개";
pub const VOCABULARY_HINT: &str = "특수 토큰 6개와 바이트 256개에서 시작합니다.";
pub const ENOUGH: &str = "이 글로는 {n}개까지만 배울 수 있습니다. 더 큰 어휘에는 더 많은 글이 필요합니다.";
pub const LEARNING: &str = "배우는 중";
pub const LEARNED: &str =
    "병합 {merges}개를 배웠습니다. 토큰 하나에 {before}바이트에서 {after}바이트가 되었습니다.";
pub const FAILED: &str = "배우지 못했습니다: {problem}";
pub const STEP: &str = "병합 단계";
pub const STEP_SHOWN: &str = "{all}단계 가운데 {n}";
pub const FIRST: &str = "처음";
pub const BACK: &str = "이전";
pub const FORWARD: &str = "다음";
pub const LAST: &str = "끝";
pub const PLAY: &str = "재생";
pub const PAUSE: &str = "멈춤";
pub const THIS_MERGE: &str = "방금 합친 쌍";
pub const NO_MERGE: &str = "아직 합친 것이 없습니다. 글은 바이트로만 이루어져 있습니다.";
pub const MERGED: &str = "{n}군데에서 합쳐 토큰 {id}번이 되었습니다.";
pub const CANDIDATES: &str = "지금 가장 잦은 쌍";
pub const CANDIDATES_HINT: &str =
    "맨 위의 쌍이 다음에 합쳐집니다. 횟수가 같으면 번호가 작은 쌍이 먼저입니다.";
pub const NO_CANDIDATES: &str = "더 합칠 쌍이 없습니다.";
pub const LATEST: &str = "최근에 배운 토큰";
pub const SENTENCE: &str = "잘라 볼 문장";
pub const SENTENCE_SAMPLE: &str = "할머니는 따뜻한 밥을 지었습니다.";
pub const PIECES: &str = "{tokens}토큰 · {bytes}바이트 · 토큰 하나에 {per}바이트";
pub const CHART_X: &str = "병합 수";
pub const CHART_Y: &str = "배운 글에서 토큰 하나의 바이트";
pub const CHART_SUMMARY: &str =
    "병합이 {merges}번 이어지는 동안 토큰 하나가 {before}바이트에서 {after}바이트로 길어지는 그래프";

pub const SWEEP_TITLE: &str = "어휘 크기 정하기";
pub const SWEEP_LEAD: &str = "어휘가 크면 글이 짧아지지만, 임베딩이 커지고 드문 토큰은 몇 번 보지도 못합니다. 배운 글과 따로 떼어 둔 글에서 토큰 하나가 몇 바이트를 담는지 견주어 봅니다.";
pub const SWEEP_HINT: &str = "다섯 줄마다 한 줄은 배우지 않고 떼어 둡니다.";
pub const SIZES: &str = "견줄 어휘 크기";
pub const SIZES_HINT: &str = "쉼표로 나눕니다. 262보다 커야 합니다.";
pub const SIZES_WRONG: &str = "263부터 20000까지의 수를 쉼표로 나누어 적어 주세요.";
pub const SWEEP_X: &str = "어휘 크기";
pub const SWEEP_Y: &str = "토큰 하나의 바이트";
pub const TRAINED_LINE: &str = "배운 글";
pub const HELD_OUT_LINE: &str = "떼어 둔 글";
pub const SIZE: &str = "어휘 크기";
pub const TRAINED_BYTES: &str = "배운 글, 바이트/토큰";
pub const HELD_OUT_BYTES: &str = "떼어 둔 글, 바이트/토큰";
pub const HELD_OUT_TOKENS: &str = "떼어 둔 글의 토큰";
pub const EMBEDDING: &str = "임베딩(너비 256)";
pub const SWEEP_TABLE: &str = "어휘 크기마다";
pub const SWEEP_SUMMARY: &str = "어휘 {first}개에서 {last}개로 커지는 동안 떼어 둔 글의 토큰 하나가 {low}바이트에서 {high}바이트로 길어지는 그래프";
pub const SWEEP_REST: &str = "배운 글 {trained}줄, 떼어 둔 글 {held_out}줄입니다. 두 선이 벌어지면 글에만 있는 우연을 외우고 있다는 뜻입니다.";
pub const TOO_LITTLE: &str = "떼어 둘 줄이 없습니다. 다섯 줄은 넣어 주세요.";
