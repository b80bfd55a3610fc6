//! Every word that these labs say.

pub const COPY: &str = "복사";
pub const COPIED: &str = "글을 복사했습니다.";

pub struct Job {
    pub title: &'static str,
    pub lead: &'static str,
    pub start: &'static str,
    pub failed: &'static str,
    pub choose: &'static str,
    pub none: &'static str,
    pub upload: &'static str,
    pub needs: &'static str,
    pub memory: &'static str,
    pub started: &'static str,
    pub open: &'static str,
    pub done: &'static str,
    pub input_failed: &'static str,
    pub time_used: &'static str,
    pub model_name: &'static str,
    pub time_used_up: &'static str,
}

pub const JOB: Job = Job {
    title: "작업 시작: {kind}",
    lead: "이 주의 설정이 채워져 있습니다. 재료를 고르고 시작하세요. 탭을 닫아도 작업은 계속됩니다.",
    start: "시작",
    failed: "작업을 시작하지 못했습니다.",
    choose: "고르기",
    none: "쓸 수 있는 것이 없습니다. 앞 단계를 먼저 마치세요.",
    upload: "글 올리기",
    needs: "재료: {name}",
    memory: "예상 메모리 {memory}",
    started: "{n}번 작업을 시작했습니다.",
    open: "작업 보기",
    done: "나온 것",
    input_failed: "내 자료를 불러오지 못했습니다.",
    model_name: "내 모델",
    time_used: "지난 7일 동안 작업 시간 {allowed} 가운데 {used} 썼습니다.",
    time_used_up: "지난 7일 동안 쓸 수 있는 작업 시간 {allowed:을/를} 다 썼습니다({used}). 며칠 뒤에 다시 시작하거나 강사에게 시간을 더 달라고 해 주세요.",
};

pub struct Materials {
    pub corpus_title: &'static str,
    pub corpus_lead: &'static str,
    pub corpus_none: &'static str,
    pub comparison_title: &'static str,
    pub comparison_lead: &'static str,
    pub comparison_copy: &'static str,
    pub comparison_open: &'static str,
}

pub const MATERIALS: Materials = Materials {
    corpus_title: "내 말뭉치의 보고서",
    corpus_lead: "다듬기를 마친 말뭉치입니다. 열면 규칙마다 남은 글과 빠진 글을 볼 수 있습니다.",
    corpus_none: "아직 말뭉치가 없습니다. 위에서 다듬기를 마치면 여기에 나타납니다.",
    comparison_title: "토크나이저 비교",
    comparison_lead: "아래 글을 복사해 놀이터의 글상자에 붙이고, 양쪽에 토크나이저를 하나씩 여세요.",
    comparison_copy: "글 복사",
    comparison_open: "놀이터 열기",
};

pub struct Models {
    pub first_title: &'static str,
    pub first_lead: &'static str,
    pub first_none: &'static str,
    pub write: &'static str,
    pub prompts: &'static str,
    pub share_title: &'static str,
    pub share_lead: &'static str,
    pub share_none: &'static str,
    pub published: &'static str,
    pub publish: &'static str,
    pub see: &'static str,
    pub mine: &'static str,
    pub public: &'static str,
}

pub const MODELS: Models = Models {
    first_title: "첫 글쓰기",
    first_lead: "모델을 하나 열면 이 기기가 글을 이어 씁니다. 설치할 것은 없습니다.",
    first_none: "아직 열 수 있는 모델이 없습니다. 강사가 모델을 공개하거나 내 모델을 내보내면 여기에 나타납니다.",
    write: "이어쓰기",
    prompts: "이렇게 시작해 보세요",
    share_title: "공개하기",
    share_lead: "내보낸 모델을 열어 이름과 설명을 적으면 누구나 자기 기기에서 써 볼 수 있습니다.",
    share_none: "내보낸 모델이 아직 없습니다. 내보내기를 마치면 여기에 나타납니다.",
    published: "공개 중",
    publish: "설명 쓰고 공개",
    see: "공개 페이지",
    mine: "내 모델",
    public: "공개된 모델",
};

pub struct Workers {
    pub title: &'static str,
    pub lead: &'static str,
    pub none: &'static str,
    pub worker: &'static str,
    pub number: &'static str,
    pub processor: &'static str,
    pub cores: &'static str,
    pub memory: &'static str,
    pub gpu: &'static str,
    pub no_gpu: &'static str,
    pub driver: &'static str,
    pub no_driver: &'static str,
    pub cuda: &'static str,
    pub no_cuda: &'static str,
    pub speed: &'static str,
    pub gigaflops: &'static str,
    pub not_measured: &'static str,
}

pub const WORKERS: Workers = Workers {
    title: "워커 진단",
    lead: "지금 작업을 받는 워커에 무엇이 있는지, 학습을 얼마나 빨리 하는지 보여 줍니다.",
    none: "지금 작업을 받는 워커가 없습니다. 강사에게 알려 주세요. 브라우저에서 하는 실습은 그대로 할 수 있습니다.",
    worker: "워커",
    number: "워커 {n}",
    processor: "코어",
    cores: "{n}개",
    memory: "메모리",
    gpu: "GPU",
    no_gpu: "없음(CPU로 학습)",
    driver: "드라이버",
    no_driver: "없음",
    cuda: "쓸 수 있음",
    no_cuda: "쓸 수 없음",
    speed: "학습 속도",
    gigaflops: "초당 {n} GFLOP",
    not_measured: "재지 않음",
};

pub struct Lineage {
    pub title: &'static str,
    pub lead: &'static str,
    pub none: &'static str,
    pub choose: &'static str,
    pub evaluation: &'static str,
    pub deleted: &'static str,
    pub others: &'static str,
    pub made_by: &'static str,
    pub uploaded: &'static str,
    pub seed: &'static str,
    pub licence: &'static str,
    pub licence_missing: &'static str,
    pub step: &'static str,
}

pub const LINEAGE: Lineage = Lineage {
    title: "내 모델의 계보",
    lead: "고른 모델에서 원본까지, 무엇으로 만들었는지 거슬러 올라갑니다.",
    none: "아직 모델이 없습니다. 학습을 마치면 여기에 나타납니다.",
    choose: "모델",
    evaluation: "평가용",
    deleted: "지워짐",
    others: "다른 사람의 자료",
    made_by: "{n}번 작업",
    uploaded: "올린 글",
    seed: "시드 {n}",
    licence: "이용 조건: {licence}",
    licence_missing: "이용 조건이 비어 있습니다",
    step: "{n}단계 위",
};

pub struct OpenModel {
    pub label: &'static str,
    pub choose: &'static str,
    pub open: &'static str,
    pub none: &'static str,
    pub see: &'static str,
    pub mine: &'static str,
    pub public: &'static str,
}

pub const OPEN_MODEL: OpenModel = OpenModel {
    label: "모델",
    choose: "고르기",
    open: "모델 열기",
    none: "아직 열 수 있는 모델이 없습니다. 5주에서 학습해 내보내거나, 강사가 모델을 공개하면 여기에서 고를 수 있습니다.",
    see: "공개된 모델 보기",
    mine: "{name}(내 모델)",
    public: "{name}(공개된 모델)",
};

pub struct Variations {
    pub title: &'static str,
    pub lead: &'static str,
    pub prompt: &'static str,
    pub temperature: &'static str,
    pub temperature_hint: &'static str,
    pub tokens: &'static str,
    pub seed: &'static str,
    pub write: &'static str,
    pub stop: &'static str,
    pub add: &'static str,
    pub remove: &'static str,
    pub waiting: &'static str,
    pub writing: &'static str,
    pub done: &'static str,
    pub failed: &'static str,
}

pub const VARIATIONS: Variations = Variations {
    title: "프롬프트 바꾸어 보기",
    lead: "한 모델에게 여러 첫머리를 같은 시드로 이어 쓰게 하고, 나온 글을 나란히 견주어 봅니다.",
    prompt: "{n}번 첫머리",
    temperature: "온도",
    temperature_hint: "0이면 언제나 가장 그럴듯한 토큰을 고릅니다.",
    tokens: "쓸 토큰 수",
    seed: "시드",
    write: "모두 이어 쓰기",
    stop: "멈춤",
    add: "첫머리 더하기",
    remove: "빼기",
    waiting: "차례를 기다립니다.",
    writing: "쓰는 중입니다.",
    done: "{n}개를 모두 썼습니다.",
    failed: "쓰지 못했습니다. 빈 첫머리가 없는지, 모델이 열렸는지 확인하고 다시 해 보세요.",
};
