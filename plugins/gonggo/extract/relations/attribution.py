"""Which programme a figure or a body belongs to: the one its words name, else the one that the text is speaking of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from gonggo.extract.record_types import (
    Amount,
    Evidence,
    ExtractionRecord,
    Ground,
    Metric,
    Organisation,
    Programme,
    Quantity,
    TextEvidence,
)
from gonggo.extract.relations.context import Context, Mention

_Figure = TypeVar("_Figure", Amount, Quantity, Metric)
# Words that point back to the programme that the text is speaking of.
_BACK = re.compile(r"(?:^|\s)(?:이|해당|본|동|이번|이들|두)\s?(?:사업|프로젝트|센터|과제|대회|협약|시설|플랫폼|제도)")
# In a call, what follows the name of a track at the head of a line or cell belongs to it, so far down.
_REACH = 700
# In what speaks of more than programmes, a figure is tied only so near to a name.
_NEAR = 1
_SHORTEST_BODY, _MOST_MENTIONS = 2, 12
_GOVERNMENT = re.compile(r"(?:시|도|군|구|특별자치도|광역시|특별시|부|처|청)$")


class _Owner(NamedTuple):
    """A programme, and the words that name it where a fact is tied to it."""

    name: str
    evidence: TextEvidence | None


def attribute_to_programmes(record: ExtractionRecord, context: Context) -> None:
    """Give each amount, quantity and metric of ``record`` its programme, and each organisation all that it acts in.

    A fact belongs to the programme named last before it in its sentence, else to one that the sentence names after it,
    else to the one that the text is speaking of: the one named last; and its umbrella once the list ends in which it
    stands. In a call it belongs to the track whose name heads the lines above it, else to the call. A state of things
    (``indicator``) belongs to none.
    """
    topics = _Topics(record, context)
    record.amounts = [_tied(amount, topics) for amount in record.amounts]
    record.quantities = [_tied(count, topics) for count in record.quantities]
    record.metrics = [metric if metric.side == "indicator" else _tied(metric, topics) for metric in record.metrics]
    record.organisations = [_acting(body, topics) for body in record.organisations]


def _tied(figure: _Figure, topics: _Topics) -> _Figure:
    owner = topics.owner(figure.evidence)
    if owner is None:
        return figure
    grounds = list(figure.grounds or ())
    if owner.evidence:
        grounds.append(Ground("programme", owner.evidence))
    return replace(figure, programme=owner.name, grounds=tuple(grounds) or None)


def _acting(body: Organisation, topics: _Topics) -> Organisation:
    """Return a body with the programmes that it acts in; a government that the text is about acts in all."""
    owners = topics.owners(body)
    grounds = tuple(Ground("programmes", owner.evidence) for owner in owners if owner.evidence)
    return replace(body, programmes=tuple(owner.name for owner in owners), grounds=grounds or None)


class _Topics:
    """Of which programme the text speaks, place by place."""

    def __init__(self, record: ExtractionRecord, context: Context) -> None:
        self.context = context
        self.text = context.doc.text
        self.programmes = record.programmes
        self.is_call = context.kind == "announcement"
        self.parents = {programme.name: programme.parent for programme in record.programmes}
        self.mentions = context.mentions
        self.starts = [mention.start for mention in self.mentions]
        self.bodies = record.organisations
        # What parts paragraphs: empty lines, where there are any.
        self.paragraph = "\n\n" if "\n\n" in self.text else "\n"

    @cached_property
    def main(self) -> Programme | None:
        """The programme that the text is about: an umbrella, else the one named most of those in its lead."""
        if not self.programmes:
            return None
        parents = Counter(parent for parent in self.parents.values() if parent)
        if parents:
            name = parents.most_common(1)[0][0]
            return next((programme for programme in self.programmes if programme.name == name), self.programmes[0])
        return self.programmes[0]

    @cached_property
    def leads(self) -> str | None:
        """The name of the government that the text is about: the host of which it speaks most."""
        hosts = [body for body in self.bodies if body.role == "host" and _GOVERNMENT.search(body.name)]
        ranked = [(self._count(body), -number, body.name) for number, body in enumerate(hosts)]
        return max(ranked)[2] if ranked else None

    def _count(self, body: Organisation) -> int:
        return sum(self.text.count(name) for name in (body.name, *body.aliases))

    def owner(self, evidence: Evidence | None) -> _Owner | None:
        """Return the programme that a fact belongs to by where its words stand."""
        if not self.programmes:
            return None
        at = evidence.start if isinstance(evidence, TextEvidence) else None
        if self.is_call:
            first = self.programmes[0]
            return self._track(at) or _Owner(first.name, None)
        if at is None:
            return _Owner(self.programmes[0].name, None) if len(self.programmes) == 1 else None
        inside = self._inside(at)
        if len({mention.name for mention in inside}) > 1 and inside[0].start > at:
            return None  # it is theirs together
        return self._in_sentence(at) or self._spoken_of(at)

    def owners(self, body: Organisation) -> list[_Owner]:
        """Return the programmes that a body acts in."""
        if not self.programmes:
            return []
        if self.is_call:
            return [_Owner(self.programmes[0].name, None)]
        if body.name == self.leads and self.context.kind in ("article", "press_release"):
            return [_Owner(programme.name, None) for programme in self.programmes]
        owners: dict[str, _Owner] = {}
        for number, at in enumerate(self._places(body)):
            near = self._in_sentence(at) or (self._spoken_of(at) if number == 0 else None)
            if near:
                owners.setdefault(near.name, near)
        return list(owners.values())

    def _places(self, body: Organisation) -> list[int]:
        """Where a body is named."""
        names = [name for name in (body.name, *body.aliases) if len(name) >= _SHORTEST_BODY]
        pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))) if names else None
        places = [match.start() for match in pattern.finditer(self.text)] if pattern else []
        if isinstance(body.evidence, TextEvidence) and body.evidence.start not in places:
            places.insert(0, body.evidence.start)
        return places[:_MOST_MENTIONS]

    def _track(self, at: int | None) -> _Owner | None:
        if at is None:
            return None
        for mention in reversed(self.mentions[bisect_left(self.starts, at - _REACH) : bisect_right(self.starts, at)]):
            block = self.context.doc.layout.at(mention.start)
            if block and not re.search(r"[가-힣A-Za-z]{2}", self.text[block.start : mention.start]):
                return self._named(mention)
        return None

    def _named(self, mention: Mention) -> _Owner:
        return _Owner(mention.name, self.context.doc.span(mention.start, mention.end).evidence())

    def _inside(self, at: int) -> list[Mention]:
        """Return the programmes that the sentence at a place names."""
        sentence = self.context.sentences.at(at)
        return self.mentions[bisect_left(self.starts, sentence.start) : bisect_left(self.starts, sentence.end)]

    def _in_sentence(self, at: int) -> _Owner | None:
        """Return the programme named last before a fact in its sentence, else the first named after it."""
        inside = self._inside(at)
        before = [mention for mention in inside if mention.start <= at]
        if before:
            return self._named(before[-1])
        return self._named(inside[0]) if len({mention.name for mention in inside}) == 1 else None

    def _spoken_of(self, at: int) -> _Owner | None:
        """Return the programme that the text is speaking of at a place."""
        number = bisect_right(self.starts, at) - 1
        if number < 0:
            return self._of_lead(at)
        last = self.mentions[number]
        sentences = self.context.sentences
        apart = sentences.index(at) - sentences.index(last.start)
        back = bool(_BACK.search(sentences.at(at).text))
        if self.context.is_survey or self.context.kind == "opinion":
            return self._named(last) if apart <= _NEAR or (back and apart <= 2 * _NEAR) else None
        parent = self.parents.get(last.name)
        listed = self.context.is_listed(sentences.at(last.start))
        if parent and self.paragraph in self.text[last.end : at] and (listed or not back):
            return next(
                (self._named(other) for other in reversed(self.mentions[:number]) if other.name == parent),
                _Owner(parent, None),
            )
        is_apart = self.paragraph in self.text[last.end : at] and self.main is not None and last.name != self.main.name
        return None if is_apart and not back else self._named(last)

    def _of_lead(self, at: int) -> _Owner | None:
        """Return the programme of a headline that names none."""
        if self.context.is_survey or self.context.kind == "opinion" or self.main is None:
            return None
        first = next((mention for mention in self.mentions if mention.name == self.main.name), None)
        return self._named(first) if first else _Owner(self.main.name, None)
