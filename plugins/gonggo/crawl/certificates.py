"""What is wrong with the certificate of a server, and what to do about it, for whoever looks after sources."""

from __future__ import annotations

import ssl

# The numbers of OpenSSL (X509_V_ERR_…).
_NOT_YET, _EXPIRED, _SELF_SIGNED, _SELF_SIGNED_ABOVE = 9, 10, 18, 19
_NO_ISSUER = (2, 20, 21)
_OTHER_HOST = (62, 64)
_WEAK = (66, 67, 68)
_TELL = "tell the site; nothing is fetched from it until then"
_BUNDLE = "put the certificate that is missing into a bundle and name the file in REQUESTS_CA_BUNDLE"


def certificate_fault(error: BaseException) -> str | None:
    """Return what a certificate lacks and the next step, of an error that one is the cause of; else None."""
    fault = _cause(error)
    if fault is None:
        return None
    return f"{_said(fault.verify_code)} (SSL: {fault.verify_message}): {_step(fault.verify_code)}"


def _said(code: int) -> str:
    if code in _NO_ISSUER:
        return "the server sends its certificate without the intermediate one that vouches for it"
    if code in _OTHER_HOST:
        return "its certificate is for another host"
    if code in _WEAK:
        return "its certificate is as weak as those of years ago"
    known = {
        _EXPIRED: "its certificate has expired",
        _NOT_YET: "its certificate is not valid yet",
        _SELF_SIGNED: "its certificate is signed by itself alone",
        _SELF_SIGNED_ABOVE: "its certificate is vouched for by nobody that is known here",
    }
    return known.get(code, "its certificate cannot be trusted")


def _step(code: int) -> str:
    if code in (*_NO_ISSUER, _SELF_SIGNED_ABOVE):
        return f"{_BUNDLE}, or {_TELL}"
    if code in _WEAK:
        return f"write `politeness: {{tls: legacy}}` into its YAML file, or {_TELL}"
    if code in _OTHER_HOST:
        return f"correct the host in its YAML file, or {_TELL}"
    if code == _NOT_YET:
        return f"look whether this machine's clock is right, or {_TELL}"
    return _TELL


def _cause(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The failed verification that an error of the HTTP libraries was made of."""
    seen, waiting = set[int](), [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ssl.SSLCertVerificationError):
            return one
        if id(one) not in seen:
            seen.add(id(one))
            inner = (*one.args, one.__cause__, one.__context__, getattr(one, "reason", None))
            waiting += [cause for cause in inner if isinstance(cause, BaseException)]
    return None
