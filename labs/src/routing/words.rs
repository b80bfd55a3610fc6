//! 전문가 고르기 그림의 말.

pub const TITLE: &str = "토큰을 전문가에게 나누기";
pub const LEAD: &str = "전문가 혼합(MoE)은 토큰마다 점수가 높은 전문가 몇을 골라 보냅니다. 그냥 두면 몇몇에게 몰립니다. DeepSeek-V3처럼 한가한 전문가의 편향을 올려 주면 고르게 나뉘는지 봅니다.";
pub const FORMULA: &str = "고르기: s + b가 큰 {chosen}명      섞기: s만 써서, 고른 것끼리 합이 1이 되게      b_i ← b_i + γ · sign(평균 − 받은 수)";
pub const EXPERTS: &str = "전문가";
pub const CHOSEN: &str = "토큰마다 고르는 수";
pub const SKEW: &str = "인기의 차이";
pub const RATE: &str = "편향을 고치는 크기 γ";
pub const BALANCE: &str = "편향으로 고르게 하기";
pub const ONE: &str = "한 번 보내기";
pub const MANY: &str = "50번 보내기";
pub const AGAIN: &str = "처음부터";
pub const LOAD: &str = "전문가가 받은 토큰";
pub const EXPERT: &str = "전문가 {n}";
pub const EXPERT_SHOWN: &str = "{load}개 (b = {bias})";
pub const TOKENS: &str = "토큰이 간 곳";
pub const TOKENS_HINT: &str = "줄은 전문가, 칸은 토큰입니다. 진할수록 그 전문가의 답을 많이 섞습니다.";
pub const TOKENS_SUMMARY: &str = "토큰 {tokens}개를 전문가 {experts}명에게 나눈 그림. 가장 바쁜 전문가는 {busy}번으로 {load}개를 받았습니다.";
pub const SAID: &str =
    "{steps}번 보냈습니다. 가장 바쁜 전문가는 평균의 {ratio}배를 받았고, {idle}명은 하나도 받지 못했습니다.";
pub const CHART_X: &str = "보낸 횟수";
pub const CHART_Y: &str = "가장 바쁜 전문가의 몫 ÷ 평균";
pub const CHART_SUMMARY: &str =
    "{steps}번 보내는 동안 가장 바쁜 전문가의 몫이 평균의 {first}배에서 {last}배로 바뀌는 그래프";
pub const LESSON: &str = "편향은 고를 때만 쓰고 섞는 비율에는 쓰지 않으므로, 손실을 하나 더 넣을 때처럼 모델이 배우는 것을 흔들지 않습니다. 전문가가 몰리면 그 GPU를 모두 기다려야 합니다.";
