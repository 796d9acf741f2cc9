"""The demo portal, each answer so many seconds late. slow_portal.py SECONDS PORT"""

import asyncio
import sys

import uvicorn

from demo.portal import application, build

LATE, PORT = float(sys.argv[1]), int(sys.argv[2])


def late(app):
    async def answer(scope, receive, send):
        if scope["type"] == "http":
            await asyncio.sleep(LATE)
        await app(scope, receive, send)

    return answer


if __name__ == "__main__":
    uvicorn.run(late(application(build())), host="127.0.0.1", port=PORT, log_level="error", lifespan="off")
