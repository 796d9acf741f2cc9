"""Explain why the certificate of a server is not trusted, and the next step for whoever looks after the sources."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import NamedTuple

from gonggo.errors import CertificateError

_REPORT_TO_SITE = "tell the site; nothing is fetched from it until then"
_PIN = "put the issuer's certificate into a file and name it in the site's YAML file (`politeness: {ca_file: …}`)"
_LEGACY = "write `politeness: {tls: legacy}` into the site's YAML file"


class _Fault(NamedTuple):
    """What a fault means, and the next step."""

    meaning: str
    step: str


_FAULTS = {
    "expired": _Fault("its certificate, or one that vouches for it, has expired", _REPORT_TO_SITE),
    "not_yet_valid": _Fault("its certificate is not valid yet", f"check this machine's clock, or {_REPORT_TO_SITE}"),
    "wrong_host": _Fault(
        "its certificate is for another host", f"correct the host in its YAML file, or {_REPORT_TO_SITE}"
    ),
    "self_signed": _Fault(
        "its certificate is self-signed", f"{_PIN}, if the site itself publishes it; else {_REPORT_TO_SITE}"
    ),
    "unknown_issuer": _Fault(
        "no chain of certificates, intermediate ones included, leads from its own to an authority that is trusted here",
        f"{_PIN}, or {_REPORT_TO_SITE}",
    ),
    "incomplete_chain": _Fault(
        "the server leaves out the intermediate certificate, which could not be fetched from the issuer either",
        f"wait for the next run, or {_PIN}, or {_REPORT_TO_SITE}",
    ),
    "weak": _Fault("its certificate has a key or a signature too weak for today", f"{_LEGACY}, or {_REPORT_TO_SITE}"),
    "old_protocol": _Fault(
        "the server speaks only TLS 1.0 or 1.1, or SSL, which anyone on the way can break", _REPORT_TO_SITE
    ),
    "old_ciphers": _Fault(
        "the server accepts only ciphers or handshakes of old TLS", f"{_LEGACY}, or {_REPORT_TO_SITE}"
    ),
    "untrusted": _Fault("its certificate cannot be trusted", _REPORT_TO_SITE),
}
# The numbers of OpenSSL (X509_V_ERR_…).
_NO_ISSUER = (2, 20, 21)
_BY_CODE = {
    **dict.fromkeys(_NO_ISSUER, "incomplete_chain"),
    **dict.fromkeys((62, 63, 64), "wrong_host"),
    **dict.fromkeys((66, 67, 68), "weak"),
    **{9: "not_yet_valid", 10: "expired", 18: "self_signed", 19: "unknown_issuer"},
}
# The reasons that OpenSSL gives for a handshake that failed before a certificate could be checked.
_BY_REASON = {
    "UNSUPPORTED_PROTOCOL": "old_protocol",
    "TLSV1_ALERT_PROTOCOL_VERSION": "old_protocol",
    "DH_KEY_TOO_SMALL": "old_ciphers",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "old_ciphers",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "old_ciphers",
}


def certificate_error(address: str, fault: str, detail: str = "") -> CertificateError:
    """Return the error of a fault, whose message says what it means and the next step."""
    meaning, step = _FAULTS[fault]
    return CertificateError(f"{address}: {meaning}{f' (SSL: {detail})' if detail else ''}: {step}", fault)


def explain(address: str, error: BaseException) -> CertificateError | None:
    """Return the certificate error behind an error of the HTTP libraries; None when it has another cause."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return certificate_error(address, _BY_CODE.get(cause.verify_code, "untrusted"), cause.verify_message)
        if isinstance(cause, ssl.SSLError) and cause.reason in _BY_REASON:
            return certificate_error(address, _BY_REASON[cause.reason], cause.reason)
    return None


def is_issuer_missing(error: BaseException) -> bool:
    """Return whether verification failed because the issuer of a certificate was neither sent nor known."""
    return any(
        isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in _NO_ISSUER for cause in causes(error)
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all errors that caused it or that it wraps, each once."""
    seen, pending = set[int](), [error]
    while pending:
        cause = pending.pop()
        if id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            related = (*cause.args, cause.__cause__, cause.__context__, getattr(cause, "reason", None))
            pending += [each for each in related if isinstance(each, BaseException)]
