"""Coverage-guided fuzzing of `receive`: a real desk, and an oracle that says what no message may do (MAIL-2..5).

A process of its own, as libFuzzer wants it: python tests/hard/fuzz_receive.py FOLDER [libFuzzer's options]. FOLDER
gets the corpus, what was found, and `tally.json`. Every run starts from the same desk, so that a finding repeats:
python tests/hard/fuzz_receive.py FOLDER FOLDER/crash-...
"""

import sys
from pathlib import Path
from random import Random
from typing import Final

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
GUIDED: Final = (
    *("carecli.mail.incoming", "carecli.mail.reference", "carecli.desk.mail.inbox", "carecli.desk.mail.sorting"),
    *("carecli.desk.mail.understanding", "carecli.domain.answering", "carecli.domain.inbox"),
    *("carecli.domain.matching", "carecli.domain.trust"),
)
"""What the fuzzer is to find its way through."""

LONGEST: Final = 12_288
SHAPED: Final = 0.4
"""The share of changes that know what mail looks like; the rest is libFuzzer's own."""


def main() -> None:
    """Make the desk and the corpus, and fuzz until libFuzzer ends it."""
    folder, options = Path(sys.argv[1]), sys.argv[2:]
    with atheris.instrument_imports(include=list(GUIDED), enable_loader_override=False):
        # Instrumented, unlike what is imported below.
        import carecli.desk.mail.sorting
        import carecli.desk.mail.understanding  # noqa: F401
    from hard.fuzz_desk import Fuzzed, swallowed
    from hard.fuzz_seeds import dictionary, secrets, seeds, shaped

    corpus, words = folder / "corpus", folder / "mail.dict"
    corpus.mkdir(parents=True, exist_ok=True)
    fuzzed = Fuzzed(folder / "tally.json")
    swallowed(fuzzed)
    known = [word.encode() for word in secrets(fuzzed.scene)]
    for place, seed in enumerate(seeds(fuzzed.scene)):
        (corpus / f"seed-{place:03}").write_bytes(seed)
    words.write_text(dictionary(fuzzed.scene))

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < SHAPED:
            return shaped(data, random, known)[:most]
        changed: bytes = atheris.Mutate(data, most)
        return changed

    if not any(Path(option).is_file() for option in options):
        options = [f"-dict={words}", f"-artifact_prefix={folder}/", *options, str(corpus)]
    given = [sys.argv[0], f"-max_len={LONGEST}", "-timeout=20", "-print_final_stats=1", *options]
    atheris.Setup(given, fuzzed.run, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
