//! 선택 스캔 그림의 말.

pub const TITLE: &str = "무엇을 기억하고 무엇을 흘려보낼까";
pub const LEAD: &str = "Mamba의 채널 하나는 수 하나를 기억합니다. 토큰마다 Δ를 정하는데, Δ가 크면 지난 기억을 잊고 지금 것을 크게 적고, 0에 가까우면 지금 것을 흘려보냅니다.";
pub const FORMULA: &str = "h_t = a_t · h_{t−1} + b_t · x_t,   a_t = e^{−Δ_t · A},   b_t = Δ_t";
pub const PRESETS: &str = "Δ를";
pub const EVEN: &str = "고르게 (RNN처럼)";
pub const CHOSEN: &str = "골라서 (Mamba처럼)";
pub const FORGET: &str = "잊는 빠르기 A";
pub const STEP: &str = "읽은 토큰";
pub const STEP_SHOWN: &str = "{all}개 가운데 {n}개";
pub const BACK: &str = "이전";
pub const FORWARD: &str = "다음";
pub const TOKEN: &str = "토큰";
pub const INPUT: &str = "x";
pub const DELTA: &str = "Δ";
pub const DELTA_OF: &str = "‘{token}’의 Δ";
pub const KEEP: &str = "a";
pub const WRITE: &str = "b";
pub const STATE: &str = "h";
pub const REST: &str = "지금 남은 몫";
pub const TABLE: &str = "토큰마다의 Δ와 기억";
pub const SAID: &str =
    "‘{token}’까지 읽고 기억은 {state}입니다. 가장 많이 남은 것은 ‘{most}’({share}%)입니다.";
pub const NOTHING: &str = "기억에 남은 것이 없습니다.";
pub const CHART_X: &str = "토큰";
pub const CHART_Y: &str = "기억 h";
pub const CHART_SUMMARY: &str = "토큰을 읽어 가며 기억이 {first}에서 {last}로 바뀌는 그래프";
pub const LESSON: &str = "‘고르게’에서는 앞의 토큰이 똑같은 비율로 희미해집니다. ‘골라서’에서는 군말의 Δ가 0에 가까워 이름과 음식이 끝까지 남습니다. Mamba에서는 Δ, B, C를 토큰이 스스로 정합니다.";

/// 토큰과 그 값, 골라서 정한 Δ.
pub const TOKENS: [(&str, f64, f64); 10] = [
    ("민수는", 1.0, 0.9),
    ("음", 0.4, 0.02),
    ("그러니까", 0.5, 0.02),
    ("어제", 0.6, 0.1),
    ("저녁에", 0.6, 0.1),
    ("그", 0.3, 0.02),
    ("뭐더라", 0.4, 0.02),
    ("비빔밥을", 1.0, 0.7),
    ("막", 0.3, 0.02),
    ("먹었다", 0.8, 0.2),
];
