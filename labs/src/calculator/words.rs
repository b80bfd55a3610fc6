//! 모델 계산기의 말.

pub const TITLE: &str = "모델 계산기";
pub const LEAD: &str = "아키텍처와 크기를 바꾸며 매개변수, 연산량, 메모리가 어떻게 달라지는지 계산합니다. GPT-2와 Llama는 학습 작업이 예상할 때 쓰는 함수를 그대로 씁니다.";
pub const ARCHITECTURE: &str = "아키텍처";
pub const START_FROM: &str = "여기서 시작";
pub const SMALL: &str = "과정에서 학습하는 크기";
pub const TIED: &str = "임베딩과 함께 씀";
pub const TIED_SWITCH: &str = "머리와 임베딩이 같은 행렬 쓰기";

pub const LAYERS: &str = "층 L";
pub const HEADS: &str = "헤드 h";
pub const HEAD_SIZE: &str = "헤드 하나의 크기 k";
pub const KEY_VALUE_HEADS: &str = "키·값 헤드 h";
pub const FEED_FORWARD: &str = "피드포워드 너비 f";
pub const WIDTH: &str = "너비 d";
pub const VOCABULARY: &str = "어휘 V";
pub const CONTEXT: &str = "문맥 길이 T";
pub const STATE: &str = "채널의 상태 N";
pub const EXPAND: &str = "넓히는 배수 (e = 배수 × d)";
pub const CONVOLUTION: &str = "합성곱 길이 c";
pub const QUERY_RANK: &str = "쿼리 계수 r_q";
pub const KEY_VALUE_RANK: &str = "키·값 계수 r_kv";
pub const ROPE_SIZE: &str = "헤드의 회전 크기 k_r";
pub const EXPERTS: &str = "전문가 E";
pub const CHOSEN: &str = "토큰마다 고르는 전문가";
pub const EXPERT_SIZE: &str = "전문가 너비 f_e";
pub const DENSE_LAYERS: &str = "전문가가 없는 층 L_d";

pub const PARAMETERS: &str = "매개변수";
pub const ACTIVE: &str = "토큰 하나에 쓰이는 매개변수";
pub const FLOPS: &str = "토큰 하나를 학습하는 연산";
pub const HIDDEN: &str = "너비 d";
pub const FACTS_SUMMARY: &str = "매개변수 {parameters}개, 학습 메모리 {memory}.";

pub const PARTS: &str = "매개변수가 있는 곳";
pub const PART: &str = "부분";
pub const FORMULA: &str = "식";
pub const SHARE: &str = "비율";
pub const EMBEDDING: &str = "임베딩";
pub const POSITIONS: &str = "위치 임베딩";
pub const HEAD: &str = "머리(어휘로 되돌림)";
pub const ATTENTION: &str = "어텐션";
pub const FEED_FORWARD_PART: &str = "피드포워드";
pub const NORMS: &str = "정규화";
pub const NORMS_AND_BIASES: &str = "정규화와 편향";
pub const BIASES: &str = "편향";
pub const GATES: &str = "게이트 셋의 행렬";
pub const MAMBA_IN: &str = "들어가는 투영";
pub const MAMBA_CONVOLUTION: &str = "짧은 합성곱";
pub const MAMBA_CHOICE: &str = "Δ, B, C를 고르는 투영";
pub const MAMBA_STEP: &str = "Δ의 투영";
pub const MAMBA_STATE: &str = "A와 D";
pub const MAMBA_OUT: &str = "나오는 투영";
pub const RWKV_MIX: &str = "시간 섞기의 r, k, v, o";
pub const RWKV_SMALL: &str = "w, a, v, g의 낮은 계수 행렬";
pub const RWKV_CHANNEL: &str = "채널 섞기";
pub const RWKV_VECTORS: &str = "벡터와 정규화";
pub const MLA_QUERIES: &str = "쿼리(낮은 계수)";
pub const MLA_KEYS: &str = "키와 값(낮은 계수)";
pub const MLA_OUT: &str = "어텐션 출력";
pub const DENSE: &str = "전문가 없는 피드포워드";
pub const EXPERTS_PART: &str = "전문가들";
pub const ROUTER: &str = "고르는 행렬";

pub const TRAINING: &str = "학습에 드는 메모리";
pub const ROWS: &str = "한 번에 읽는 줄";
pub const ROWS_SHOWN: &str = "{rows}줄 × {context}토큰";
pub const TRAINING_HINT: &str =
    "가중치와 기울기는 4바이트씩, AdamW의 모멘트는 8바이트씩입니다. {activations}";
pub const ACTIVATIONS_EXACT: &str = "활성값은 학습 작업의 예상과 같은 식입니다.";
pub const ACTIVATIONS_ABOUT: &str = "이 아키텍처의 활성값은 어림입니다.";
pub const WEIGHTS: &str = "가중치";
pub const GRADIENTS: &str = "기울기";
pub const MOMENTS: &str = "모멘트";
pub const ACTIVATIONS: &str = "활성값";
pub const TOTAL: &str = "합계";

pub const INFERENCE: &str = "글을 쓸 때의 메모리";
pub const CACHE: &str = "문맥 하나의 기억";
pub const INFERENCE_HINT_CACHE: &str =
    "토큰마다 {numbers}개의 수를 기억합니다. 글이 길어질수록 캐시가 커집니다. 반정밀도(2바이트)로 셉니다.";
pub const INFERENCE_HINT_STATE: &str =
    "글이 아무리 길어도 {numbers}개의 수만 기억합니다. 반정밀도(2바이트)로 셉니다.";
pub const INFERENCE_X: &str = "기억하는 토큰(천)";
pub const INFERENCE_Y: &str = "기억하는 데 드는 메모리(MB)";
pub const THIS: &str = "이 모델";
pub const FULL: &str = "같은 크기의 GPT-2식 어텐션";
pub const INFERENCE_SUMMARY: &str =
    "토큰 {tokens}개를 기억하는 데 이 모델은 {bytes}, 헤드마다 키와 값을 두는 어텐션은 {full}를 씁니다.";
