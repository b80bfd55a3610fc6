//! 환경 진단의 말.

pub const TITLE: &str = "이 브라우저로 무엇을 할 수 있을까";
pub const LEAD: &str = "모델을 브라우저에서 돌리는 데 필요한 것을 하나씩 살펴봅니다. 여기서 알아낸 것은 어디에도 보내지 않습니다.";
pub const AGAIN: &str = "다시 살펴보기";
pub const LOOKING: &str = "살펴보는 중";
pub const DONE: &str = "{all}가지를 살펴보았습니다. 좋음 {good}, 아쉬움 {fair}, 없음 {bad}.";
pub const RESULTS: &str = "진단 결과";
pub const GOOD: &str = "좋음";
pub const FAIR: &str = "아쉬움";
pub const BAD: &str = "없음";

pub const SECURE: &str = "안전한 주소";
pub const SECURE_YES: &str = "이 페이지는 안전한 주소로 열렸습니다.";
pub const SECURE_NO: &str =
    "안전하지 않은 주소라서 WebGPU와 파일 저장을 쓸 수 없습니다. https:// 주소나 localhost로 여세요.";
pub const GPU: &str = "WebGPU";
pub const GPU_YES: &str = "{name}에서 모델을 돌릴 수 있습니다.";
pub const GPU_UNNAMED: &str = "이름을 알리지 않는 GPU";
pub const GPU_SOFTWARE: &str =
    "{name:은/는} 프로세서가 GPU를 흉내 낸 것이라 느립니다. 모델은 WASM SIMD로 돌리는 편이 빠릅니다.";
pub const GPU_NO_ADAPTER: &str = "브라우저는 WebGPU를 알지만 쓸 수 있는 GPU가 없습니다. 그래픽 드라이버와 브라우저의 하드웨어 가속 설정을 확인하세요. 없어도 모델은 WASM SIMD로 돌아갑니다.";
pub const GPU_NO: &str = "이 브라우저에는 WebGPU가 없습니다. 최신 Chrome이나 Edge에서 열면 쓸 수 있습니다. 없어도 모델은 WASM SIMD로 돌아갑니다.";
pub const BUFFER: &str = "GPU 버퍼";
pub const BUFFER_ENOUGH: &str = "한 번에 {bytes}까지 묶을 수 있습니다. 이 과정의 모델에는 넉넉합니다.";
pub const BUFFER_SMALL: &str = "한 번에 {bytes}까지만 묶을 수 있습니다. 큰 모델은 올라가지 않을 수 있습니다.";
pub const HALF: &str = "GPU 반정밀도";
pub const HALF_YES: &str = "shader-f16을 씁니다. 반정밀도 계산이 빠릅니다.";
pub const HALF_NO: &str = "shader-f16이 없습니다. 모델은 단정밀도로 계산합니다. 느려질 뿐 결과는 같습니다.";
pub const SIMD: &str = "WASM SIMD";
pub const SIMD_YES: &str = "128비트 벡터로 계산합니다. 이 실습도 그렇게 돌고 있습니다.";
pub const SPEED: &str = "프로세서 속도";
pub const SPEED_GOOD: &str = "행렬 곱에서 {speed} GFLOP/s입니다. 작은 모델은 막힘없이 글을 씁니다.";
pub const SPEED_SLOW: &str =
    "행렬 곱에서 {speed} GFLOP/s입니다. 절전 모드를 끄고 다른 탭을 닫으면 빨라질 수 있습니다.";
pub const CORES: &str = "프로세서 코어";
pub const CORES_SAID: &str = "{n}개입니다. 브라우저의 모델은 그 가운데 하나만 씁니다.";
pub const CORES_FEW: &str = "하나뿐입니다. 모델이 글을 쓰는 동안 페이지가 느려질 수 있습니다.";
pub const THREADS: &str = "WASM 스레드";
pub const THREADS_YES: &str = "메모리를 나누어 쓸 수 있습니다.";
pub const THREADS_NO: &str = "메모리를 나누어 쓸 수 없습니다(교차 출처 격리 없음). 이 과정의 모델은 스레드 하나로 돌아가므로 괜찮습니다.";
pub const STORAGE: &str = "저장 공간";
pub const STORAGE_ENOUGH: &str = "{quota} 가운데 {used}를 썼습니다. 내려받은 모델을 두기에 넉넉합니다.";
pub const STORAGE_SMALL: &str = "{quota} 가운데 {used}를 썼습니다. 모델을 둘 곳이 모자랍니다. 시크릿 창이라면 보통 창으로 열고, 디스크를 비우세요.";
pub const STORAGE_NO: &str = "저장 공간을 알 수 없습니다. 모델을 열 때마다 다시 내려받게 됩니다.";
