"""Services of data.go.kr: an envelope of XML or JSON with many variants, whose errors have status 200."""

from __future__ import annotations

from typing import Any

from gonggo.errors import BlockedError, ChangedError, TerminalError
from gonggo.read.loose import inner_markup, local_name, parse_xml
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import Site
from gonggo.sources.json_list import JsonList, to_count, value_at
from gonggo.sources.refusals import explain, refusal, refusal_in

_SUCCESS_CODES = {
    "",
    "0",
    "00",
    "000",
    "0000",
    "200",
    "INFO-000",
    "INFO-0",
    "OK",
    "SUCCESS",
    "NORMAL_CODE",
    "NORMAL_SERVICE",
}
_NO_DATA_CODES = {"03", "3", "INFO-200", "INFO-2", "NODATA_ERROR"}
# The names of result codes and messages in the headers of services.
_LONGEST_CODE = 20
_CODE_NAMES = ("resultCode", "returnReasonCode", "code", "CODE", "errCode", "errorCode")
_MESSAGE_NAMES = ("resultMsg", "returnAuthMsg", "errMsg", "msg", "message", "MESSAGE", "errorMessage", "resultMessage")


class Datago(JsonList):
    """A list of a service of data.go.kr. Paths in the YAML are relative to an item.

    A list of the last week (``{week_from}``) begins with its oldest rows: all its pages are read, whatever is known.
    """

    def __init__(self, site: Site, api_key: str = "") -> None:
        super().__init__(site, api_key)
        self.searches = any("{week_from}" in value for value in self.list_rules.params.values())

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        text = page.text("utf-8").strip()
        if not text.startswith("<"):
            data = page.json(self.site)
        else:
            try:
                data = from_xml(text, page.url)
            except ChangedError as error:
                raise explain(page.url, text, error, self.site) from error
        rows, total = self._unwrap(data, page, number)
        if any("{day" in value for value in self.list_rules.params.values()):
            return rows, total, False
        size = self.list_rules.page_size or 10
        is_last = total is not None and number * size >= total
        return rows, total, is_last or len(rows) < size

    def _unwrap(self, data: Any, page: Page, number: int) -> tuple[list[Any], int | None]:
        """Return the items of an envelope and the number of all items.

        Raises:
            TerminalError, TransientError: The service refused; the message has its words and the next step.
            ChangedError: There is no envelope.
        """
        gateway = _find_object(data, "cmmMsgHeader")
        if gateway:
            message = f"{gateway.get('errMsg') or ''} {gateway.get('returnAuthMsg') or ''}".strip()
            self._refuse(str(gateway.get("returnReasonCode") or ""), message)
        flat = data.get("results", data) if isinstance(data, dict) else None
        if flat and "data" in flat:
            return _items({"items": flat["data"]}), to_count(flat.get("totalCount"))
        if flat and (result := _result(flat)) and result[0] not in _SUCCESS_CODES | _NO_DATA_CODES:
            self._refuse(*result)
        response = data.get("response", data) if isinstance(data, dict) else data
        if isinstance(response, list):
            # Services of MSIT answer with a list of a header and a body.
            response = {key: value for part in response if isinstance(part, dict) for key, value in part.items()}
        header = value_at(response, "header") or _find_object(data, "ResponseError") or {}
        header = header.get("header", header) if isinstance(header, dict) else {}
        code, message = _result(header) or _result(response) or ("00", "")
        if code not in _SUCCESS_CODES | _NO_DATA_CODES:
            self._refuse(code, message)
        body = value_at(response, "body")
        if not isinstance(body, dict):
            # After the last page some services have no body.
            emptied = _is_empty_value(data, "response") or _is_empty_value(response, "body")
            if code in _NO_DATA_CODES or (number > 1 and emptied):
                return [], 0
            error = ChangedError(f"{page.url}: expected response.body, got {str(data)[:80]!r}")
            raise explain(page.url, page.text("utf-8"), error, self.site)
        return _items(body), to_count(body.get("totalCount"))

    def _refuse(self, code: str, message: str) -> None:
        if refusal_error := refusal_in(self.site, message, code):
            raise refusal_error
        full_message = f"{self.site.id}: the service refused ({code or 'no code'}: {message or 'no message'})"
        if "KEY" in message.upper() and code != "21":
            raise refusal(self.site, "key", f"{code or 'no code'}: {message}")
        raise BlockedError(full_message) if code == "21" else TerminalError(full_message)


def _is_empty_value(data: Any, name: str) -> bool:
    return isinstance(data, dict) and name in data and data[name] in (None, "", [], {})


def _result(header: Any) -> tuple[str, str] | None:
    """Return the result code and the message of a header, None if it has no code."""
    if not isinstance(header, dict):
        return None
    code = next((str(header[name] if header[name] is not None else "") for name in _CODE_NAMES if name in header), None)
    message = " ".join(str(header[name]) for name in _MESSAGE_NAMES if header.get(name))
    return None if code is None or len(code) > _LONGEST_CODE else (code.strip().upper(), message)


def _items(body: dict[str, Any]) -> list[Any]:
    """Return the items of a body.

    ``items`` may be {item: […]}, {item: {…}}, […], [{item: …}] or ""; some services name it otherwise.
    """
    items = body.get("items")
    if isinstance(items, dict):
        items = items.get(
            "item", [items] if items and not any(isinstance(v, (dict, list)) for v in items.values()) else []
        )
    if items in (None, ""):
        items = next((v for k, v in body.items() if k.endswith("Item")), [])
    rows = items if isinstance(items, list) else [items]
    return [row.get("item", row) if isinstance(row, dict) and len(row) == 1 else row for row in rows if row]


def from_xml(text: str, url: str) -> Any:
    """Return an answer in XML as the dictionaries of the same answer in JSON; ``<col name="x">`` becomes the key x.

    Raises:
        ChangedError: It is not XML.
    """
    try:
        root = parse_xml(text)
    except ValueError as error:
        raise ChangedError(f"{url}: expected XML, got {text[:80]!r} ({error})") from error
    return {local_name(root): _element_value(root)}


def _element_value(node: Any) -> Any:
    children = [child for child in node if isinstance(child.tag, str)]
    if not children:
        return "".join(node.itertext()).strip()
    if (markup := inner_markup(node)) is not None:
        return markup
    values: dict[str, Any] = {}
    for child in children:
        name = str(child.get("name")) if child.tag == "col" else local_name(child)
        value = _element_value(child)
        if name in values:
            values[name] = [*values[name], value] if isinstance(values[name], list) else [values[name], value]
        else:
            values[name] = value
    return values


def _find_object(data: Any, name: str) -> dict[str, Any] | None:
    """Return the first object with a name, at any depth."""
    if isinstance(data, dict):
        if isinstance(data.get(name), dict):
            return dict(data[name])
        return next((match for value in data.values() if (match := _find_object(value, name))), None)
    return None
