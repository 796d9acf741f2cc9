"""Decompress response bodies block by block, within limits; refuse truncated ones."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from gonggo.crawl.wire import Meter
from gonggo.errors import TerminalError, TransientError

# What requests accept, whatever other decoders happen to be installed.
ACCEPTED = "gzip, deflate"
_BLOCK_BYTES = 64 * 1024
_MAX_LAYERS = 2
# Ordinary files have one; an endless series of empty ones would keep the machine busy.
_MAX_MEMBERS = 1000
_GZIP = b"\x1f\x8b"
_HEADER_BYTES = 2
# Real encodings that are not accepted. Any other name is a mistake of the server, and the body is not compressed.
_UNSUPPORTED = {"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"}


def decompressed(blocks: Iterable[bytes], encodings: str, meter: Meter) -> Iterator[bytes]:
    """Yield a body in pieces, by the Content-Encoding header that came with it.

    Raises:
        TransientError: It is damaged or truncated.
        TerminalError: It is larger than the limit, or has an encoding that was not requested.
    """
    names = [name for name in (part.strip().lower() for part in encodings.split(",")) if name]
    strange = next((name for name in names if name in _UNSUPPORTED), None)
    if strange:
        raise TerminalError(f"{meter.label}: compressed as {strange}, which was not requested")
    layers = [layer for layer in map(_decoder, reversed(names)) if layer]
    if len(layers) > _MAX_LAYERS:
        raise TerminalError(f"{meter.label}: compressed {len(layers)} times")
    for layer in layers:
        blocks = _check_sizes(layer(blocks, meter), meter)
    return _check_sizes(blocks, meter)


def _decoder(name: str) -> Callable[[Iterable[bytes], Meter], Iterator[bytes]] | None:
    return _gunzip if name in ("gzip", "x-gzip") else _inflate if name in ("deflate", "x-deflate") else None


def _check_sizes(blocks: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        meter.check_size(size)
        yield block


def _gunzip(blocks: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the content of one gzip member after the other; what follows the last is left, as browsers do."""
    member, members, data = None, 0, b""
    for block in blocks:
        data += block
        while len(data) >= len(_GZIP):
            if member is None:
                if members and not data.startswith(_GZIP):
                    return
                member = zlib.decompressobj(31)
            yield from _decompress_blocks(member, data, meter)
            data = member.unused_data
            if not member.eof:
                break
            member, members = None, members + 1
            if members > _MAX_MEMBERS:
                raise TerminalError(f"{meter.label}: compressed in more than {_MAX_MEMBERS} parts")
    if member or (data and not members):
        raise _truncated(meter)


def _inflate(blocks: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the content of a deflate stream, which some servers send without the header that it should have."""
    decompressor, data = None, b""
    for block in blocks:
        data += block
        if len(data) < _HEADER_BYTES and not decompressor:
            continue
        decompressor = decompressor or zlib.decompressobj(15 if _has_header(data) else -15)
        yield from _decompress_blocks(decompressor, data, meter)
        data = b""
        if decompressor.eof:
            return
    if decompressor or data:
        raise _truncated(meter)


def _has_header(start: bytes) -> bool:
    """Return whether bytes begin a zlib stream (RFC 1950): the method is deflate, the first two a multiple of 31."""
    return start[0] & 0x0F == 8 and int.from_bytes(start[:_HEADER_BYTES], "big") % 31 == 0


def _decompress_blocks(decompressor: zlib._Decompress, data: bytes, meter: Meter) -> Iterator[bytes]:
    """Yield what the next bytes of a stream unpack to, in steps of which none fills the memory."""
    more = True
    while more and not decompressor.eof:
        meter.remaining()
        try:
            block = decompressor.decompress(data, _BLOCK_BYTES)
        except zlib.error as error:
            raise TransientError(f"{meter.label}: its compressed data are damaged ({error})") from None
        data = decompressor.unconsumed_tail
        more = bool(data) or len(block) == _BLOCK_BYTES
        if block:
            yield block


def _truncated(meter: Meter) -> TransientError:
    return TransientError(f"{meter.label}: its compressed data end too early")
