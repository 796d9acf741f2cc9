"""Bodies that came packed: unpacked in pieces, within limits, and refused where their end is missing."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from gonggo.crawl.wire import Meter
from gonggo.errors import TerminalError, TransientError

# What is asked for; nothing that this machine may happen to have installed changes it.
ACCEPTED = "gzip, deflate"
_STEP = 64 * 1024
_MOST_LAYERS = 2
# Ordinary files have one; endless empty ones keep a machine busy.
_MOST_MEMBERS = 1000
_GZIP = b"\x1f\x8b"
_HEADER = 2
# Real packings that were not asked for. Any other name is a mistake of the server's, and nothing is packed.
_NOT_ASKED_FOR = {"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"}


def unpacked(pieces: Iterable[bytes], encodings: str, meter: Meter) -> Iterator[bytes]:
    """Yield a body in pieces, by the Content-Encoding header that came with it.

    Raises:
        TransientError: it is damaged, or ends before its end. TerminalError: it is larger than may be, or packed in
            a way that was not asked for.
    """
    names = [name for name in (part.strip().lower() for part in encodings.split(",")) if name]
    strange = next((name for name in names if name in _NOT_ASKED_FOR), None)
    if strange:
        raise TerminalError(f"{meter.about}: packed as {strange}, which was not asked for")
    layers = [layer for layer in map(_layer, reversed(names)) if layer]
    if len(layers) > _MOST_LAYERS:
        raise TerminalError(f"{meter.about}: packed {len(layers)} times over")
    for layer in layers:
        pieces = _limited(layer(pieces, meter), meter)
    return _limited(pieces, meter)


def _layer(name: str) -> Callable[[Iterable[bytes], Meter], Iterator[bytes]] | None:
    return _gunzipped if name in ("gzip", "x-gzip") else _inflated if name in ("deflate", "x-deflate") else None


def _limited(pieces: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        meter.demand_room(size)
        yield piece


def _gunzipped(pieces: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the content of one gzip member after the other; what follows the last is left, as browsers do."""
    member, members, data = None, 0, b""
    for piece in pieces:
        data += piece
        while len(data) >= len(_GZIP):
            if member is None:
                if members and not data.startswith(_GZIP):
                    return
                member = zlib.decompressobj(31)
            yield from _steps(member, data, meter)
            data = member.unused_data
            if not member.eof:
                break
            member, members = None, members + 1
            if members > _MOST_MEMBERS:
                raise TerminalError(f"{meter.about}: packed in more than {_MOST_MEMBERS} parts")
    if member or (data and not members):
        raise _cut(meter)


def _inflated(pieces: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the content of a deflate stream, which some servers send without the header that it should have."""
    stream, data = None, b""
    for piece in pieces:
        data += piece
        if len(data) < _HEADER and not stream:
            continue
        stream = stream or zlib.decompressobj(15 if _has_header(data) else -15)
        yield from _steps(stream, data, meter)
        data = b""
        if stream.eof:
            return
    if stream or data:
        raise _cut(meter)


def _has_header(start: bytes) -> bool:
    """Whether these bytes begin a zlib stream (RFC 1950): its method is deflate, its two bytes a multiple of 31."""
    return start[0] & 0x0F == 8 and int.from_bytes(start[:_HEADER], "big") % 31 == 0


def _steps(stream: zlib._Decompress, data: bytes, meter: Meter) -> Iterator[bytes]:
    """Yield what the next bytes of a stream unpack to, in steps of which none fills the memory."""
    more = True
    while more and not stream.eof:
        meter.remaining()
        try:
            made = stream.decompress(data, _STEP)
        except zlib.error as error:
            raise TransientError(f"{meter.about}: its packing is damaged ({error})") from None
        data = stream.unconsumed_tail
        more = bool(data) or len(made) == _STEP
        if made:
            yield made


def _cut(meter: Meter) -> TransientError:
    return TransientError(f"{meter.about}: its packing ends before its end")
