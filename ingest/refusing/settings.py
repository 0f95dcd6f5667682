"""What a sentence is like as a whole: does it define a scale, suppose, deny, oblige, instruct, or tell a finding?

Every mark is a class of cues in the lexicon; one pass over the tokens finds them all. Reads the sentence only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.refusing.conditions import Condition, conditions
from ingest.refusing.masks import BASE_YEAR
from kb.numbers.records import Line, Quantity
from kb.records.document import Span
from kb.records.ports import FigureWordReader
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at

_CUES = lexicon().phrases(
    "cue_scale", "cue_formula", "cue_advice", "cue_obligation", "cue_finding", "cue_average", "cue_timed",
    "cue_changed", "cue_supposed", "cue_denied", "cue_example", "cue_target", "cue_addressed", "cue_not_supposed",
    "cue_law", "cue_must", "cue_hours", "cue_offer", "cue_offer_opening", "order_target",
)  # fmt: skip
_GIVES = words_of("example_result")
_STUDY_TOLD = lexicon().phrases("study_told")
_OPEN = lexicon().phrases("open_supposition")
_SCALE, _EXEMPT, _GOES = words_of("cue_scale_word"), words_of("scale_exempt"), words_of("cue_scale_go")
_INSTANCES = words_of("instance_noun")
_ADJECTIVES, _NOUNS, _LINKS = (words_of(f"cue_benchmark_{one}") for one in ("adj", "noun", "link"))
_SECOND, _NO_SECOND = words_of("second_person"), words_of("not_second_person")
_AFTER_YOU, _RESULTS = words_of("you_verb_plain"), words_of("present_result")
_CONSEQUENCES = lexicon().phrases("consequence")
_STUDIES = words_of("study_study_nouns")
_IF = frozenset(["if", "si", "whenever"])
_BEFORE_IF = frozenset(["so", "thus", "then", "entonces", "así", "and", "but", "y", "pero", "now"])
_EQUATION = re.compile(r"[÷×]\s?\d|\d\s?[*]\s?\d|\)\s?[/x*]\s?\d|\d\s=\s|[A-Za-záéíóúñ]{3,20}\s=\s[\d(]")
# "Invented example: a broadband provider …": the rest of its paragraph is invented too.
_INVENTED = re.compile(
    r"^\W{0,4}(?:(?:an? |our |another )?(?:invented|made-up|fictional|fictitious|imaginary|hypothetical|worked) "
    r"(?:example|case)|(?:un |otro )?(?:ejemplo|caso) (?:inventado|ficticio|imaginario|hipotético))\b",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"\b\d{1,6} (?:out of|of|de cada|de) (?:every |the |los |las |tus |your )?\d{1,6}\b")
_OPENING_SIGNS = frozenset("-–—•*“\"'«¿¡(")


@dataclass(frozen=True, slots=True)
class Around:
    """The text in which a sentence stands, from which character on, and who reads numbers there, if anybody."""

    text: str
    start: int
    reader: FigureWordReader | None

    def span(self, line: Line, found: Quantity) -> Span:
        """Where a quantity of the sentence stands in the text."""
        first, stop = found.whole
        return Span(self.start + line.tokens[first].start, self.start + line.tokens[stop - 1].end)


class Setting:
    """The marks of a sentence, each looked for when a rule first asks."""

    def __init__(self, line: Line, shares: Sequence[int] = (), around: Around | None = None) -> None:
        self._line = line
        self._tokens = line.tokens
        self.shares = shares
        """Where its shares stand ("71 %", "4 in 5")."""
        self.around = around

    @cached_property
    def _found(self) -> dict[str, list[tuple[int, int]]]:
        """The places of every class of cues in the sentence."""
        places: dict[str, list[tuple[int, int]]] = {}
        for first, stop, entry in _CUES.found(self._tokens):
            places.setdefault(entry.cls, []).append((first, stop))
        return places

    @property
    def cues(self) -> Iterable[str]:
        """The classes of cues that stand in the sentence."""
        return self._found

    def _has(self, cls: str) -> bool:
        return cls in self._found

    @cached_property
    def _opening(self) -> int:
        """The first token that is no sign and no number of a list ("Tip 3: never")."""
        place = 0
        while place < min(len(self._tokens), 3) and self._tokens[place].text in _OPENING_SIGNS:
            place += 1
        for step in (1, 2):
            numbered = place + step < len(self._tokens) and self._tokens[place + step].text in ".):"
            if numbered and self._tokens[place + step - 1].kind == "n":
                return place + step + 1
        return place

    @cached_property
    def scale(self) -> bool:
        """Whether it defines or explains a scale."""
        return self._has("cue_scale") or any(self._is_scale_word(place) for place in range(len(self._tokens)))

    def _is_scale_word(self, place: int) -> bool:
        tokens = self._tokens
        word, after = tokens[place].lower, lower_at(tokens, place + 1)
        if word in _GOES:
            led = after in ("de", "del", "desde", "entre")
            number = place + 2 + (lower_at(tokens, place + 2) in ("el", "-"))
            return led and number < len(tokens) and tokens[number].kind == "n" and not self._percent_near(number)
        if word not in _SCALE or after in _EXEMPT:
            return False
        return word.startswith("escala") or after in ("of", "from", "where", "that", "to", "with", "") or (
            tokens[place + 1].kind == "p" and place + 2 >= len(tokens)
        )  # fmt: skip

    def _percent_near(self, place: int) -> bool:
        return lower_at(self._tokens, place + 1) in ("%", "por")

    @cached_property
    def formula(self) -> bool:
        """Whether it tells how something is calculated."""
        return self.equation or self._has("cue_formula")

    @cached_property
    def equation(self) -> bool:
        """Whether it holds an equation."""
        return _EQUATION.search(BASE_YEAR.sub("", self._line.text)) is not None

    @cached_property
    def invented(self) -> bool:
        """Whether it opens an example that says of itself that it is invented."""
        return _INVENTED.search(self._line.text) is not None

    @cached_property
    def concludes(self) -> bool:
        """Whether it goes on from the sentence before: "This means 25% of callers were happy"."""
        return _CONSEQUENCES.at(self._tokens, self._opening) is not None

    @cached_property
    def conditions(self) -> list[Condition]:
        """What its clauses do with figures: set targets, suppose, deny, oblige, offer."""
        return conditions(self._line, self._found, self._opening, told=self.reported)

    @cached_property
    def supposed(self) -> tuple[int, int] | None:
        """The tokens that a supposition governs: all of an example, or an if-clause up to its comma."""
        tokens = self._tokens
        if self._has("cue_not_supposed"):
            return None
        if self._has("cue_supposed") or self._opens_instance or self._tells_story or self._gives_instance:
            return 0, len(tokens)
        start = next((place for place, token in enumerate(tokens) if self._is_if(place, token.lower)), None)
        if start is None:
            return None
        comma = next((place for place in range(start, len(tokens)) if tokens[place].text == ","), None)
        text = self._line.text
        if comma is None or _PART_OF.search(text, tokens[start].end, tokens[comma].start) is not None:
            return start, len(tokens)  # "If 80 of 100 cases are solved, the rate is 80%"
        return start, comma

    def _is_if(self, place: int, word: str) -> bool:
        """Whether an if-clause starts at this token: at the head of the sentence or behind a sign."""
        tokens = self._tokens
        conditional = word in _IF or (word == "when" and lower_at(tokens, place + 1) == "you")
        if not conditional or lower_at(tokens, place + 1) == "bien":
            return False
        before = place - 1
        while before >= 0 and (tokens[before].lower in _BEFORE_IF or (place < 3 and tokens[before].kind == "p")):
            before -= 1
        return before < 0 or (word in _IF and tokens[before].text in ",;:(")

    @cached_property
    def _opens_instance(self) -> bool:
        """ "Take a firm with 200 agents", "Pensemos en un banco", "por ejemplo: 60 % promotores", "Say that 30 %"."""
        tokens = self._tokens
        for place in range(min(3, len(tokens))):
            found = _OPEN.at(tokens, place)
            led = place == 0 or tokens[place - 1].kind != "w"
            if found is not None and led:
                after = place + len(found.words)
                named = {lower_at(tokens, after + step) for step in (1, 2, 3)}
                if lower_at(tokens, after) in ("a", "an", "un", "una") and named & _INSTANCES:
                    return not ({"like", "such", "called", "llamado", "llamada", "como"} & named)
        if lower_at(tokens, self._opening) == "say":
            after = self._opening + 1 + (lower_at(tokens, self._opening + 1) == "that")
            return after < len(tokens) and (tokens[after].kind == "n" or tokens[after].lower in ("you", "we", "a"))
        percent = next((place for place, token in enumerate(tokens) if token.text == "%"), None)
        if self._found.get("cue_example", [(9, 9)])[0][0] <= self._opening and any(
            one.lower in _GIVES for one in tokens
        ):
            return True  # "For instance, 30 lost customers out of 600 gives churn of 5%"
        told = percent is not None and lower_at(tokens, percent + 1)[:7] in (
            "promoto",
            "promote",
            "detract",
            "passive",
        )
        return told and self._has("cue_example")

    @cached_property
    def _tells_story(self) -> bool:
        """ "You polled 100 people and 40 of them picked a 4", "Recibiste 150 respuestas": a story about you."""
        tokens, place = self._tokens, self._opening
        word = lower_at(tokens, place)
        spanish = word in _SECOND or (word.endswith(("aste", "iste")) and word not in _NO_SECOND)
        english = word == "you" and lower_at(tokens, place + 1) not in _AFTER_YOU
        counts = zip(tokens[place:], tokens[place + 1 :], strict=False)
        plain = [one for one, after in counts if _is_plain(one) and after.text not in ("%", "por", "percent")]
        return (spanish or english) and bool(plain)

    @cached_property
    def _gives_instance(self) -> bool:
        """ "A group with 50 answers and 20 complaints has a rate of 40%", "A 90% score from 5 replies is not".

        An indefinite subject with a number in it and a verb that says what then is, in the present and of no time.
        """
        tokens, place = self._tokens, self._opening
        if lower_at(tokens, place) not in ("a", "an", "un", "una", "any", "cualquier"):
            return False
        head = next((at for at in range(place + 1, len(tokens)) if tokens[at].lower in _RESULTS), None)
        if head is None or head > place + 14:
            return False
        subject = tokens[place + 1 : head]
        numbers = sum(1 for one in subject if _is_plain(one))
        nouns = {one.lower for one in subject}
        after_with = any(one in nouns for one in ("with", "con", "from"))
        instance = bool(nouns & _INSTANCES) and numbers >= 1 and after_with
        rated = numbers >= 2 and after_with and bool(nouns & _NOUNS)
        told = self._has("cue_average") or bool(nouns & _STUDIES)
        return (instance or rated) and not told and "," not in nouns

    @cached_property
    def benchmark(self) -> bool:
        """Whether it says which scores are good ones: "A healthy retention rate is between 70% and 80%"."""
        tokens, place = self._tokens, self._opening
        if lower_at(tokens, place) in ("a", "an", "un", "una", "any", "cualquier"):
            place += 1
        good = lower_at(tokens, place) in _ADJECTIVES
        near = range(place, min(place + (5 if good else 1), len(tokens)))
        noun = next((at for at in near if tokens[at].lower in _NOUNS), None)
        if noun is None:
            return False
        after = [lower_at(tokens, noun + step) for step in range(1, 6)]
        if good:
            return bool(_LINKS.intersection(after[:3]))
        judged = {"considered", "world", "clase", "excelente", "excellent", "good"}
        return after[0] in ("of", "de") and bool(_LINKS.intersection(after)) and any(
            token.lower in judged for token in tokens
        )  # fmt: skip

    @cached_property
    def finding(self) -> bool:
        """Whether it speaks of what was found or measured, or gives a percentage."""
        return "%" in self._line.text or self.reported

    @cached_property
    def reported(self) -> bool:
        """Whether words of it speak of what was found or measured."""
        return self._has("cue_finding")

    @cached_property
    def surveys(self) -> bool:
        """Whether it tells how a study was made and nothing that it found: "We spoke to 4,500 owners in 28 cities"."""
        return _STUDY_TOLD.at(self._tokens, self._opening) is not None and not self.shares

    @cached_property
    def average(self) -> bool:
        """Whether it speaks of averages or rates."""
        return self._has("cue_average")

    @cached_property
    def timed(self) -> bool:
        """Whether it speaks of how long something takes."""
        return self._has("cue_timed")

    @cached_property
    def addressed(self) -> bool:
        """Whether it tells the reader a story about "you"."""
        return self._has("cue_addressed")


def _is_plain(token: Token) -> bool:
    """Whether a token is a number as somebody would make one up: up to four digits and no mark."""
    return token.kind == "n" and token.text.isdigit() and len(token.text) < 5
