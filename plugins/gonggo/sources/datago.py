"""Services of data.go.kr: one envelope, XML or JSON, in all the shapes it comes in; errors have status 200."""

from __future__ import annotations

from typing import Any

from lxml import etree

from gonggo.errors import BlockedError, ChangedError, TerminalError, TransientError
from gonggo.sources.adapter import Page
from gonggo.sources.json_list import JsonList, at, whole

_OK = {"0", "00", "000", "INFO-000"}
_NONE = {"03", "3", "INFO-200"}
# What the gateway says, and whether asking again later may help.
_LATER = {"01", "02", "04", "05", "22", "99"}
_BUSY = ("LIMITED_NUMBER_OF_SERVICE_REQUESTS", "SERVICETIME_OUT", "HTTP_ERROR", "APPLICATION_ERROR")


class Datago(JsonList):
    """A list of a data.go.kr service. Paths of the YAML count from an item."""

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        text = page.text("utf-8").strip()
        data = from_xml(text, page.url) if text.startswith("<") else page.json()
        rows, total = self._unwrap(data, page.url)
        if any("{day" in value for value in self.rules.params.values()):
            return rows, total, False
        size = self.rules.page_size or 10
        done = total is not None and number * size >= total
        return rows, total, done or len(rows) < size

    def _unwrap(self, data: Any, url: str) -> tuple[list[Any], int | None]:
        """The items and the total of an envelope in any of its shapes.

        Errors:
            TerminalError, TransientError: the service refused, with its own words and the next step.
        """
        gateway = _find(data, "cmmMsgHeader")
        if gateway:
            words = f"{gateway.get('errMsg') or ''} {gateway.get('returnAuthMsg') or ''}".strip()
            self._refuse(str(gateway.get("returnReasonCode") or ""), words, url)
        flat = data.get("results", data) if isinstance(data, dict) else None
        if flat and "data" in flat:
            return _items({"items": flat["data"]}), whole(flat.get("totalCount"))
        response = data.get("response", data) if isinstance(data, dict) else data
        if isinstance(response, list):
            # MSIT's JSON: a list of one header and one body.
            response = {key: value for part in response if isinstance(part, dict) for key, value in part.items()}
        header = at(response, "header") or _find(data, "ResponseError") or {}
        header = header.get("header", header) if isinstance(header, dict) else {}
        code = str(header.get("resultCode", "00"))
        if code not in _OK | _NONE:
            self._refuse(code, str(header.get("resultMsg") or ""), url)
        body = at(response, "body")
        if not isinstance(body, dict):
            if code in _NONE:
                return [], 0
            raise ChangedError(f"{url}: expected response.body, got {str(data)[:80]!r}")
        return _items(body), whole(body.get("totalCount"))

    def _refuse(self, code: str, words: str, url: str) -> None:
        said = f"{self.site.id}: the service refused ({code or 'no code'}: {words or 'no message'})"
        if code in _LATER or any(busy in words for busy in _BUSY):
            raise TransientError(f"{said}; it may answer later")
        if "KEY" in words or code in ("20", "30", "31", "32"):
            raise TerminalError(f"{said}. Check {self.site.key_env}; apply for the service at {self.site.key_url}.")
        raise BlockedError(said) if code == "21" else TerminalError(said)


def _items(body: dict[str, Any]) -> list[Any]:
    """``items`` as {item: […]}, {item: {…}}, […], [{item: …}] or ""; or repeated elements of another name."""
    items = body.get("items")
    if isinstance(items, dict):
        items = items.get("item", [])
    if items in (None, ""):
        items = next((v for k, v in body.items() if k.endswith("Item")), [])
    rows = items if isinstance(items, list) else [items]
    return [row.get("item", row) if isinstance(row, dict) and len(row) == 1 else row for row in rows if row]


def from_xml(text: str, url: str) -> Any:
    """An XML answer as the dictionaries that its JSON would be; ``<col name="x">`` too. Entities are not expanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise ChangedError(f"{url}: expected XML, got {text[:80]!r} ({error})") from error
    return {_tag(root): _plain(root)}


def _plain(node: Any) -> Any:
    children = [child for child in node if isinstance(child.tag, str)]
    if not children:
        return "".join(node.itertext()).strip()
    out: dict[str, Any] = {}
    for child in children:
        name = str(child.get("name")) if child.tag == "col" else _tag(child)
        value = _plain(child)
        if name in out:
            out[name] = [*out[name], value] if isinstance(out[name], list) else [out[name], value]
        else:
            out[name] = value
    return out


def _tag(node: Any) -> str:
    return str(etree.QName(node).localname)


def _find(data: Any, name: str) -> dict[str, Any] | None:
    """The first object under a name, however deep."""
    if isinstance(data, dict):
        if isinstance(data.get(name), dict):
            return dict(data[name])
        return next((found for value in data.values() if (found := _find(value, name))), None)
    return None
