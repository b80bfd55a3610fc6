"""Writes metrics/scores.json: BLEU and chrF by sacreBLEU, ROUGE by rouge_score with tokenizers for Korean, F1 by
scikit-learn. Run it anywhere: `pip install sacrebleu==2.6.0 rouge-score==0.1.2 scikit-learn==1.9.1`, then
`python make_metrics_golden.py`.
"""

import json
import pathlib
import unicodedata

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF
from sklearn.metrics import accuracy_score, f1_score

PAIRS = [
    ("할머니는 따뜻한 밥을 지었습니다.", "할머니는 따뜻한 밥을 지었습니다."),
    ("할머니가 따뜻한 밥을 지으셨다.", "할머니는 따뜻한 밥을 지었습니다."),
    ("학교에 갔다", "학교에서 돌아왔다"),
    ("밥", "저녁 밥을 먹는다"),
    ("비가 와서 소풍을 가지 못했어요. 그래서 집에서 놀았어요.", "비가 오는 바람에 소풍을 못 갔고, 집에서 놀았어요."),
    ("전혀 다른 말", "무관한 글귀"),
    ("", "비어 있지 않다"),
    ("서울 서울 서울 서울", "서울은 서울이다"),
    ("BERT는 2018년에 나왔다.", "BERT는 2018년 10월에 나왔다."),
]


def jamo(text):
    """Final consonants stay apart from initial ones, as Unicode's decomposition has them."""
    return unicodedata.normalize("NFD", text)


def tokens(text, unit):
    if unit == "eojeol":
        return text.split()
    text = jamo(text) if unit == "jamo" else text
    return [letter for letter in text if not letter.isspace()]


class Tokenizer:
    def __init__(self, unit):
        self.unit = unit

    def tokenize(self, text):
        return tokens(text, self.unit)


def bleu(pairs, unit):
    metric = BLEU(tokenize="none", effective_order=True)
    joined = lambda text: " ".join(tokens(text, unit))
    score = metric.corpus_score([joined(c) for c, _ in pairs], [[joined(r) for _, r in pairs]])
    return {"score": score.score, "precisions": score.precisions, "brevity_penalty": score.bp}


def chrf(pairs, unit):
    prepare = jamo if unit == "jamo" else lambda text: text
    metric = CHRF(char_order=6, word_order=0, beta=2)
    return metric.corpus_score([prepare(c) for c, _ in pairs], [[prepare(r) for _, r in pairs]]).score


def rouge(candidate, reference, unit):
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Tokenizer(unit))
    scores = scorer.score(reference, candidate)
    return {name: [score.precision, score.recall, score.fmeasure] for name, score in scores.items()}


def classification(matrix):
    really = [row for row, counts in enumerate(matrix) for count in counts for _ in range(count)]
    predicted = [column for counts in matrix for column, count in enumerate(counts) for _ in range(count)]
    f1 = lambda average: f1_score(really, predicted, average=average, zero_division=0)
    return {
        "matrix": matrix,
        "accuracy": accuracy_score(really, predicted),
        "macro": f1("macro"),
        "micro": f1("micro"),
        "weighted": f1("weighted"),
    }


def main():
    groups = [[pair] for pair in PAIRS] + [PAIRS]
    texts = [
        {
            "pairs": group,
            "unit": unit,
            "bleu": bleu(group, unit),
            "chrf": None if unit == "eojeol" else chrf(group, unit),
            "rouge": rouge(*group[0], unit) if len(group) == 1 else None,
        }
        for group in groups
        for unit in ("eojeol", "character", "jamo")
    ]
    matrices = [
        [[50, 3], [7, 40]],
        [[90, 0], [10, 0]],
        [[8, 1, 1], [2, 5, 3], [0, 0, 10]],
        [[5, 0, 1], [2, 7, 0], [0, 0, 0]],
        [[4, 1, 0, 0], [0, 3, 2, 0], [1, 0, 9, 0], [0, 0, 0, 0]],
    ]
    golden = {"texts": texts, "matrices": [classification(matrix) for matrix in matrices]}
    folder = pathlib.Path(__file__).parent / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / "scores.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
