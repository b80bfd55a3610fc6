//! 양자화 실습의 말.

pub const TITLE: &str = "가중치를 몇 비트로 적을까";
pub const LEAD: &str = "가중치 4,096개를 여러 형식으로 적었다가 되읽으면서 얼마나 달라지는지 봅니다. q8_0, q4_0, q4_1은 GGUF 파일을 내보낼 때 쓰는 코드이고, NF4는 QLoRA의 형식입니다.";
pub const SOURCE: &str = "가중치";
pub const NORMAL: &str = "정규분포";
pub const OUTLIERS: &str = "튀는 값이 섞인 정규분포";
pub const OWN: &str = "직접 넣기";
pub const SHARE: &str = "튀는 값의 비율";
pub const STRENGTH: &str = "튀는 값의 크기";
pub const TIMES: &str = "{n}배";
pub const DRAW_AGAIN: &str = "다시 뽑기";
pub const NUMBERS: &str = "수";
pub const NUMBERS_HINT: &str = "빈칸이나 쉼표로 나눕니다. 모자란 자리는 되풀이해서 채웁니다.";
pub const NUMBERS_WRONG: &str = "수로 읽을 수 없는 것이 있습니다: {word}";
pub const NUMBERS_NONE: &str = "수를 하나는 넣어 주세요.";
pub const FORMAT: &str = "형식";
pub const BLOCK: &str = "블록";
pub const BLOCK_SHOWN: &str = "{all}개 가운데 {n}번째";
pub const BLOCK_TITLE: &str = "블록 하나";
pub const BLOCK_HINT: &str = "위의 점은 이 블록의 가중치, 아래 눈금은 이 블록이 적을 수 있는 값입니다. 가중치마다 가까운 눈금으로 옮겨 갑니다.";
pub const BLOCK_SUMMARY: &str = "블록 {n}의 가중치 {weights}개가 {levels}개의 값으로 옮겨 가는 그림. 가장 작은 값 {low}, 가장 큰 값 {high}.";
pub const HISTOGRAM_TITLE: &str = "값의 분포와 눈금";
pub const HISTOGRAM_HINT: &str = "가중치를 자기 블록에서 가장 큰 값으로 나눈 분포입니다. 세로선은 이 블록의 눈금입니다. 값이 몰린 곳에 눈금이 많을수록 적게 틀립니다.";
pub const HISTOGRAM_SUMMARY: &str =
    "블록의 가장 큰 값으로 나눈 가중치의 분포와 {format:이/가} 쓰는 눈금 {levels}개";
pub const TABLE: &str = "형식마다 틀린 정도";
pub const BITS: &str = "가중치 하나의 비트";
pub const RELATIVE: &str = "상대 오차";
pub const RMS: &str = "RMS 오차";
pub const LARGEST: &str = "가장 큰 오차";
pub const SIZE: &str = "1억 개의 크기";
pub const SAID: &str = "{format}: 가중치 하나에 {bits}비트, 상대 오차 {relative}%.";
pub const DOUBLE: &str = "같은 4.5비트라도 q4_0은 32개, NF4는 64개가 척도 하나를 나누어 씁니다. 정규분포에서는 둘의 오차가 비슷합니다. NF4는 척도까지 8비트로 적으면(이중 양자화) 4.127비트로 줄어듭니다.";
