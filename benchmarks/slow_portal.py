"""Serve the demo portal with a delay before each answer.

usage: slow_portal.py SECONDS PORT
"""

import asyncio
import sys

import uvicorn

from demo.portal import application, build

DELAY_SECONDS, PORT = float(sys.argv[1]), int(sys.argv[2])


def delayed(app):
    """Return an ASGI application that waits before each request."""

    async def answer(scope, receive, send):
        if scope["type"] == "http":
            await asyncio.sleep(DELAY_SECONDS)
        await app(scope, receive, send)

    return answer


if __name__ == "__main__":
    uvicorn.run(delayed(application(build())), host="127.0.0.1", port=PORT, log_level="error", lifespan="off")
