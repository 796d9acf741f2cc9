"""Bodies of governments, whose official names are known: provinces, cities, counties, districts and ministries."""

from __future__ import annotations

from collections.abc import Iterator

from gonggo.extract.lexicons import Region, organisations, regions


def government_names() -> list[dict[str, str]]:
    """Return one row for each name of a body, with its official name as of today.

    A name that two bodies have, such as 중구 or 광주시, is the name of neither; what is official is then the name with
    its province before it. A body that merged with others, and has another name since, is a body of its own.
    """
    names_by_body = {body: set(_names(body)) for body in _bodies()}
    owners: dict[str, set[str]] = {}
    for body, names in names_by_body.items():
        for name in names:
            owners.setdefault(name, set()).add(body.short)
    rows: list[dict[str, str]] = []
    for body, names in names_by_body.items():
        is_unique = not body.parent or len(owners[body.name_ko]) == 1
        official = body.name_ko if is_unique else f"{_sido(body.parent).name_ko} {body.name_ko}"
        only_its_own = {name for name in names if owners[name] == {body.short}} | {official}
        rows += ({"official": official, "name": name} for name in sorted(only_its_own))
    for ministry, shorts in organisations().ministries.items():
        rows += ({"official": ministry, "name": name} for name in (ministry, *shorts))
    return rows


def _bodies() -> Iterator[Region]:
    """Yield the present form of each region; one that went over to another 시도 under its name is one region."""
    last = {region.short: region for region in sorted(regions(), key=lambda region: region.valid_to is None)}
    for body in last.values():
        if not any(body.name_ko == last[successor].name_ko for successor in body.successor):
            yield body


def _sido(short: str) -> Region:
    return next(body for body in _bodies() if body.short == short)


def _names(body: Region) -> Iterator[str]:
    """Yield the names of a region, of all its times, and of its office (경남도청)."""
    for region in regions():
        has_moved = body.short in region.successor and region.name_ko == body.name_ko
        if region.short != body.short and not has_moved:
            continue
        short_form = () if region.parent else (f"{region.short}{region.name_ko[-1]}",)
        for name in (region.name_ko, *region.aliases, *short_form):
            yield name
            if name[-1] in "시도군구":
                yield f"{name}청"
        if region.parent:
            sido = _sido(region.parent)
            for front in (sido.name_ko, sido.short, f"{sido.short}{sido.name_ko[-1]}"):
                yield f"{front} {region.name_ko}"
        else:
            yield region.short
