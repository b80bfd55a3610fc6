//! 어댑터 실습의 말.

pub const TITLE: &str = "어댑터는 무엇을 얼마나 바꿀까";
pub const LEAD: &str = "모델의 가중치는 그대로 두고 작은 것만 학습합니다. 방법과 크기를 바꾸며 학습하는 수가 얼마나 되는지, 가중치의 변화 ΔW가 어떤 모양이 되는지 봅니다.";
pub const METHOD: &str = "방법";
pub const RANK: &str = "계수(rank) r";
pub const COEFFICIENTS: &str = "행렬마다 계수 p";
pub const WIDTH: &str = "모델 너비 d";
pub const LAYERS: &str = "층 수";
pub const TARGETS: &str = "붙이는 곳";
pub const ATTENTION_TWO: &str = "q와 v";
pub const ATTENTION_ALL: &str = "어텐션 넷 모두";
pub const ALL_LINEAR: &str = "모든 행렬";
pub const TRAINED: &str = "학습하는 수";
pub const SHARE: &str = "모델에서 차지하는 비율";
pub const BYTES: &str = "어댑터 파일(반정밀도)";
pub const MODEL: &str = "모델의 블록";
pub const SAID: &str = "{method:은/는} {n}개를 학습합니다. 블록 가중치의 {share}%입니다.";
pub const PICTURES: &str = "ΔW의 모양";
pub const PICTURES_HINT: &str = "너비 64인 행렬에 무작위로 고른 수를 넣어 그렸습니다. 주황은 더하는 곳, 청록은 빼는 곳입니다. 실제로 학습한 값은 아니지만, 어떤 변화를 만들 수 있는지는 방법이 정합니다.";
pub const PICTURE_SUMMARY: &str = "{method}의 ΔW. 계수(rank) {rank}, 바뀌는 자리 {touched}%.";
pub const PICTURE_FACTS: &str = "rank {rank} · 바뀌는 자리 {touched}%";
pub const AGAIN: &str = "다시 뽑기";
pub const LORA: &str =
    "LoRA는 얇은 행렬 둘의 곱이라 모든 자리를 조금씩 바꾸지만, 변화의 계수는 r을 넘지 못합니다.";
pub const DORA: &str = "DoRA는 행마다 길이와 방향을 나눕니다. 방향은 LoRA처럼 바꾸고 길이를 따로 학습하므로 ΔW의 계수가 r보다 커집니다. PEFT에서는 LoraConfig(use_dora=True)입니다.";
pub const WAVEFT: &str = "WaveFT는 하르 웨이블릿의 계수를 몇 개만 학습합니다. 계수 하나가 2×2 칸 하나를 바꾸므로 성기지만 계수(rank)는 높습니다. 논문에서 좋았던 것은 그림 모델(SDXL)이고, 글에서는 LoRA가 앞섰습니다.";
